/**
 * Several orders of the contracts in one request: at most five to place and ten to cancel, an answer or a code per item, in order.
 */
import type { Json } from '../http/json.ts';
import { type Parameters, text } from '../http/request.ts';
import type { Call, CallContext } from './call.ts';
import { create, remove } from './orderCalls.ts';
import { failed, ok, type Reply } from './reply.ts';

const placeMax = 5;
const cancelMax = 10;

function placeAll({ venue, parameters }: CallContext): Reply {
  const items = listOf(text(parameters, 'batchOrders'));
  if (items === null || items.length === 0) return failed(-1130, 'batchOrders is not valid.');
  if (items.length > placeMax)
    return failed(-4082, `Number of batch orders must be at most ${placeMax}.`);
  return ok(items.map((item) => create(venue, 'linear', item as Parameters).body));
}

function cancelAll({ venue, parameters }: CallContext): Reply {
  const symbol = text(parameters, 'symbol');
  const ids = namesOf(parameters, 'orderIdList').map((orderId) => ({ symbol, orderId }));
  const links = namesOf(parameters, 'origClientOrderIdList').map((link) => ({
    symbol,
    origClientOrderId: link,
  }));
  const items: readonly Parameters[] = ids.length > 0 ? ids : links;
  if (items.length === 0 || items.length > cancelMax)
    return failed(-1130, `a list of 1..${cancelMax} ids must be sent`);
  return ok(items.map((item) => remove(venue, 'linear', item).body));
}

/** ccxt writes the names in small letters. */
function namesOf(parameters: Parameters, name: string): readonly string[] {
  const list = listOf(text(parameters, name) || text(parameters, name.toLowerCase()));
  return (list ?? []).map(String);
}

function listOf(json: string): readonly Json[] | null {
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) ? (value as Json[]) : null;
  } catch {
    return null;
  }
}

const path = '/fapi/v1/batchOrders';

export const batchCalls: readonly Call[] = [
  { method: 'POST', permission: 'trade', path, weight: 5, orders: placeMax, answer: placeAll },
  { method: 'DELETE', permission: 'trade', path, weight: 1, answer: cancelAll },
];

/**
 * Orders of a unified account, by our client id (`orderLinkId`).
 *
 * ccxt's fetchOrderWithClientOrderId sends a parameter that Bybit does not know, and returns some other order; here the
 * right parameter is sent and every row is compared. Absent means: both lists answered, and neither has it.
 */
import { instrumentId, readClientOrderId } from '../../../domain/ids.ts';
import type { Instrument } from '../../../domain/instrument.ts';
import type { OrderRecord } from '../../../domain/order.ts';
import type { LookUpOutcome, VenueOrder } from '../../../rebalance/ports/venue.ts';
import {
  amount,
  MalformedAnswer,
  number,
  optionalText,
  type Row,
  text,
  timeMs,
} from '../answer.ts';
import { callImplicit } from '../ccxtClient.ts';
import { isNoChange } from '../faults.ts';
import type { Session } from '../session.ts';
import { marketOf, symbolOf } from '../unified/market.ts';
import { SETTLE_COINS } from './account.ts';
import { readRows, resultOf } from './rows.ts';

const STATES: Readonly<Record<string, VenueOrder['state']>> = {
  Created: 'working',
  New: 'working',
  PartiallyFilled: 'working',
  Untriggered: 'working',
  Triggered: 'working',
  Active: 'working',
  Filled: 'filled',
  Cancelled: 'cancelled',
  PartiallyFilledCanceled: 'cancelled',
  Deactivated: 'cancelled',
  Rejected: 'rejected',
};

export const categoryOf = (instrument: Instrument): 'linear' | 'spot' =>
  instrument.kind === 'perpetual' ? 'linear' : 'spot';

/** @throws OperatingError where either list does not answer. */
export async function lookUpOrder(
  session: Session,
  record: OrderRecord,
  instrument: Instrument,
): Promise<LookUpOutcome> {
  await session.connect();
  const params = {
    category: categoryOf(instrument),
    symbol: marketOf(session, instrument.symbol).id,
    orderLinkId: record.clientOrderId,
  };
  const what = `order ${record.clientOrderId}`;
  for (const method of ['privateGetV5OrderRealtime', 'privateGetV5OrderHistory']) {
    const found = await readRows(session, { what, method, params });
    const own = found.find((order) => order['orderLinkId'] === record.clientOrderId);
    if (own !== undefined) {
      return { kind: 'found', order: venueOrder(session, own, instrument.symbol) };
    }
    if (found.length > 0) {
      return { kind: 'unknown', reason: `${what}: the venue answered with another order` };
    }
  }
  return { kind: 'absent' };
}

/** Everything that rests in linear and spot markets, ours and foreign. */
export async function readOpenOrders(session: Session): Promise<readonly VenueOrder[]> {
  await session.connect();
  const requests = [
    ...SETTLE_COINS.map((settleCoin) => ({ category: 'linear', settleCoin })),
    { category: 'spot' },
  ];
  const lists = await Promise.all(
    requests.map(async (request) => {
      const found = await readRows(session, {
        what: 'open orders',
        method: 'privateGetV5OrderRealtime',
        params: { ...request, openOnly: 0, limit: 50 },
      });
      const kind = request.category === 'spot' ? 'spot' : 'perpetual';
      return found.map((order) => {
        const id = text(order, 'symbol', 'open orders');
        return venueOrder(session, order, symbolOf(session, id, kind) ?? id);
      });
    }),
  );
  return lists.flat().filter(({ state }) => state === 'working');
}

/** Cancels everything that rests. Every list is tried before the first failure is thrown. */
export async function cancelAllOrders(session: Session): Promise<number> {
  await session.connect();
  const requests = [
    ...SETTLE_COINS.map((settleCoin) => ({ category: 'linear', settleCoin })),
    { category: 'spot' },
  ];
  const results = await Promise.allSettled(
    requests.map((request) =>
      session.protect('cancelling all orders', () => cancelList(session, request)),
    ),
  );
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return results.reduce((sum, each) => sum + (each.status === 'fulfilled' ? each.value : 0), 0);
}

async function cancelList(
  session: Session,
  request: Readonly<Record<string, unknown>>,
): Promise<number> {
  const what = 'cancelling all orders';
  try {
    const answer = await callImplicit(session.client, 'privatePostV5OrderCancelAll', request);
    const list = resultOf(answer, what)['list'];
    if (!Array.isArray(list)) throw new MalformedAnswer(`${what} must answer a list`);
    return list.length;
  } catch (error) {
    if (isNoChange(error, session.faults.codes)) return 0;
    throw error;
  }
}

function venueOrder(session: Session, order: Row, symbol: string): VenueOrder {
  const what = `order of ${symbol}`;
  const status = text(order, 'orderStatus', what);
  const state = STATES[status];
  if (state === undefined) throw new MalformedAnswer(`${what}: unknown orderStatus, was ${status}`);
  const clientId = optionalText(order, 'orderLinkId');
  // The venue counts a foreign spot market buy in quote coins; what was filled is always in base coins.
  const isQuote = order['marketUnit'] === 'quoteCoin' && number(order, 'cumExecQty', what) > 0;
  return {
    clientOrderId: clientId === null ? null : readClientOrderId(clientId),
    venueOrderId: text(order, 'orderId', what),
    instrument: instrumentId(session.id, symbol),
    state,
    quantityBase: amount(order, isQuote ? 'cumExecQty' : 'qty', what),
    filledBase: amount(order, 'cumExecQty', what),
    createdAtMs: timeMs(order, 'createdTime', what),
  };
}

/**
 * How Bybit answers a request: maintenance, route, time and signature, right of the key, rate, and then the call itself.
 */
import type { Answered, Desk } from '../http/dialect.ts';
import { pageOf } from '../http/dialect.ts';
import { type Exchange, lagOf } from '../http/exchange.ts';
import type { TransportFault } from '../http/faults.ts';
import type { Parameters, Request } from '../http/request.ts';
import { inMaintenance, shownMs } from '../http/world.ts';
import type { Call } from './call.ts';
import { findCall } from './calls.ts';
import { createRateWindow, type RateWindow } from './rateWindow.ts';
import { failed, type Reply } from './reply.ts';
import { signatureFault } from './signature.ts';

const openInMaintenance: readonly string[] = ['/v5/system/status', '/v5/market/time'];
const tooMany = failed(10006, 'Too many visits. Exceeded the API Rate Limit.');

export function createBybitDesk(): Desk {
  const rates = createRateWindow();
  return {
    answer: (exchange, request, fault) => {
      const { world, venue } = exchange;
      if (inMaintenance(world, venue.live.nowMs) && !openInMaintenance.includes(request.path))
        return pageOf(503, 'System maintenance');
      const call = findCall(request.method, request.path);
      if (call === undefined) return dressed(exchange, failed(10017, 'Route not found.'), 404);
      const reply = replyTo(exchange, request, call, rates, fault);
      return {
        ...dressed(
          exchange,
          reply,
          200,
          rates.headers(request.path, shownMs(world, venue.live.nowMs)),
        ),
        hasChanged: call.method === 'POST' && reply.retCode === 0,
      };
    },
    turnAway: (exchange, { kind, retryAfterMs }) =>
      kind === 'ban'
        ? pageOf(403, 'access too frequent, please try your request later')
        : dressed(exchange, tooMany, 200, {
            'X-Bapi-Limit-Reset-Timestamp': String(
              shownMs(exchange.world, exchange.venue.live.nowMs) + retryAfterMs,
            ),
          }),
  };
}

function replyTo(
  exchange: Exchange,
  request: Request,
  call: Call,
  rates: RateWindow,
  fault: TransportFault | undefined,
): Reply {
  const parameters = parametersOf(request);
  const refusal = rightsFault(exchange, request, call);
  if (refusal !== null) return refusal;
  if (!rates.pass(request.path)) return tooMany;
  const injected =
    fault?.kind === 'rejected' ? failed(fault.retCode ?? 110007, fault.retMsg) : null;
  if (fault?.kind === 'rejected' && !fault.accepted && injected !== null) return injected;
  const reply = call.answer({
    venue: exchange.venue,
    world: exchange.world,
    parameters,
    lagMs: lagOf(exchange, fault),
    repeatRows: fault?.kind === 'duplicateFills',
  });
  return injected ?? reply;
}

function rightsFault(exchange: Exchange, request: Request, call: Call): Reply | null {
  if (call.permission === 'public') return null;
  const { world, venue, timing } = exchange;
  const signed = {
    key: request.header('x-bapi-api-key'),
    timestamp: request.header('x-bapi-timestamp'),
    sign: request.header('x-bapi-sign'),
    recvWindow: request.header('x-bapi-recv-window'),
    payload: request.method === 'GET' ? request.query : request.body,
  };
  const unsigned = signatureFault(signed, exchange.credentials, {
    nowMs: shownMs(world, venue.live.nowMs),
    windowMsMax: timing.receiveWindowMsMax,
  });
  if (unsigned !== null) return unsigned;
  return world.permissions.includes(call.permission)
    ? null
    : failed(10005, 'Permission denied, please check your API key permissions.');
}

function dressed(
  exchange: Exchange,
  reply: Reply,
  status: number,
  more: Readonly<Record<string, string>> = {},
): Answered {
  const serverMs = shownMs(exchange.world, exchange.venue.live.nowMs);
  return {
    status,
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      Timenow: String(serverMs),
      ...more,
    },
    body: JSON.stringify({ ...reply, time: serverMs }),
    hasChanged: false,
  };
}

function parametersOf(request: Request): Parameters {
  if (request.method === 'GET') return Object.fromEntries(new URLSearchParams(request.query));
  try {
    const value: unknown = JSON.parse(request.body);
    return typeof value === 'object' && value !== null ? (value as Parameters) : {};
  } catch {
    return {};
  }
}

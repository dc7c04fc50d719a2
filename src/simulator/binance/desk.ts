/**
 * How Binance answers a request: host, maintenance, route, key and time and signature, right of the key, weight, and then the call.
 *
 * A host serves its own paths only: `fapi` those of the contracts, every other one those of spot and savings.
 */
import { type Answered, type Desk, pageOf } from '../http/dialect.ts';
import { type Exchange, lagOf } from '../http/exchange.ts';
import type { TransportFault } from '../http/faults.ts';
import type { Parameters, Request } from '../http/request.ts';
import { inMaintenance, shownMs } from '../http/world.ts';
import type { Call } from './call.ts';
import { findCall } from './calls.ts';
import { failed, type Reply } from './reply.ts';
import { signatureFault } from './signature.ts';
import { createWeights, type Family } from './weights.ts';

const openInMaintenance: readonly string[] = [
  '/sapi/v1/system/status',
  '/api/v3/time',
  '/fapi/v1/time',
];

export function createBinanceDesk(): Desk {
  const weights = createWeights();
  return {
    answer: (exchange, request, fault) => {
      const { path } = request;
      const family = familyOf(path);
      if (!isServed(request.originalHost, family)) return pageOf(404, 'Not Found');
      if (inMaintenance(exchange.world, exchange.venue.live.nowMs))
        if (!openInMaintenance.includes(path))
          return dressed(failed(-1008, 'Server is currently overloaded with other requests.'));
      const call = findCall(request.method, path);
      if (call === undefined) return pageOf(404, 'Not Found');
      const full = weights.pass(family, call);
      if (full !== null) return turnedAway(exchange, 429, full.retryAfterS);
      const reply = replyTo(exchange, request, call, fault);
      return {
        ...dressed(reply, weights.headers(family, call)),
        hasChanged: call.method !== 'GET' && reply.status === 200,
      };
    },
    turnAway: (exchange, { kind, retryAfterMs }) =>
      turnedAway(exchange, kind === 'ban' ? 418 : 429, Math.ceil(retryAfterMs / 1000)),
  };
}

function familyOf(path: string): Family {
  return path.startsWith('/fapi/') || path.startsWith('/futures/') ? 'futures' : 'spot';
}

/** Without the header a person asks by hand: every path is served. */
function isServed(host: string | undefined, family: Family): boolean {
  return host === undefined || host.includes('fapi') === (family === 'futures');
}

function replyTo(
  exchange: Exchange,
  request: Request,
  call: Call,
  fault: TransportFault | undefined,
): Reply {
  const parameters = parametersOf(request);
  const refusal = rightsFault(exchange, request, call, parameters);
  if (refusal !== null) return refusal;
  const injected = fault?.kind === 'rejected' ? injectedReply(fault, call) : null;
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

function injectedReply(
  fault: Extract<TransportFault, { kind: 'rejected' }>,
  { path }: Call,
): Reply {
  return failed(fault.retCode ?? (path.startsWith('/fapi/') ? -2019 : -2010), fault.retMsg);
}

function rightsFault(
  exchange: Exchange,
  request: Request,
  call: Call,
  parameters: Parameters,
): Reply | null {
  if (call.permission === 'public') return null;
  const { world, venue, timing, credentials } = exchange;
  const unsigned = signatureFault(request, parameters, credentials, {
    nowMs: shownMs(world, venue.live.nowMs),
    windowMsMax: timing.receiveWindowMsMax,
  });
  if (unsigned !== null) return unsigned;
  return world.permissions.includes(call.permission)
    ? null
    : failed(-2015, 'Invalid API-key, IP, or permissions for action.');
}

function dressed(reply: Reply, more: Readonly<Record<string, string>> = {}): Answered {
  return {
    status: reply.status,
    headers: { 'Content-Type': 'application/json;charset=UTF-8', ...more },
    body: JSON.stringify(reply.body),
    hasChanged: false,
  };
}

function turnedAway(exchange: Exchange, status: 418 | 429, retryAfterS: number): Answered {
  const nowMs = shownMs(exchange.world, exchange.venue.live.nowMs);
  const msg =
    status === 418
      ? `Way too many requests; IP banned until ${nowMs + 1000 * retryAfterS}.`
      : 'Too many requests; please slow down.';
  return dressed({ status, body: { code: -1003, msg } }, { 'Retry-After': String(retryAfterS) });
}

function parametersOf({ query, body }: Request): Parameters {
  return Object.fromEntries([...new URLSearchParams(query), ...new URLSearchParams(body)]);
}

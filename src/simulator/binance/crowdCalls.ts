/**
 * What the crowd holds: open interest and its history, the share of accounts that are long, the insurance pool, the line to be
 * deleveraged.
 */
import { longShareAt, openInterestAt } from '../core/crowd.ts';
import { toGrid } from '../core/decimals.ts';
import { quoteNow } from '../core/quotes.ts';
import type { Venue } from '../core/venue.ts';
import type { Row } from '../http/json.ts';
import { integer, text } from '../http/request.ts';
import { insuranceAt } from '../http/world.ts';
import type { SimulatedInstrument } from '../market/market.ts';
import { type Call, type CallContext, named } from './call.ts';
import { failed, ok, type Reply, unknownSymbol } from './reply.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const periods: Readonly<Record<string, number>> = {
  '5m': 5 * minuteMs,
  '15m': 15 * minuteMs,
  '30m': 30 * minuteMs,
  '1h': hourMs,
  '2h': 2 * hourMs,
  '4h': 4 * hourMs,
  '6h': 6 * hourMs,
  '12h': 12 * hourMs,
  '1d': 24 * hourMs,
};

function openInterest(context: CallContext): Reply {
  const { venue } = context;
  const instrument = named(context, 'linear');
  if (instrument === undefined) return unknownSymbol;
  const held = openInterestAt(venue, instrument, venue.live.nowMs);
  return ok({
    symbol: instrument.symbol,
    openInterest: toGrid(held, instrument.quantityStep, 'nearest'),
    time: venue.live.nowMs,
  });
}

type Told = (venue: Venue, instrument: SimulatedInstrument, stampMs: number) => Row;

/** Oldest first, at most five hundred. */
function history(row: Told): (context: CallContext) => Reply {
  return (context) => {
    const { venue, parameters } = context;
    const instrument = named(context, 'linear');
    if (instrument === undefined) return unknownSymbol;
    const periodMs = periods[text(parameters, 'period')];
    if (periodMs === undefined)
      return failed(-1130, "Data sent for parameter 'period' is not valid.");
    const limit = Math.min(integer(parameters, 'limit') ?? 30, 500);
    const { nowMs } = venue.live;
    const latest = Math.min(integer(parameters, 'endTime') ?? nowMs, nowMs);
    const earliest = Math.max(integer(parameters, 'startTime') ?? 0, venue.market.startMs);
    const newest = Math.floor(latest / periodMs) * periodMs;
    const stamps = Array.from({ length: limit }, (_, i) => newest - (limit - 1 - i) * periodMs);
    return ok(
      stamps.filter((stamp) => stamp >= earliest).map((stamp) => row(venue, instrument, stamp)),
    );
  };
}

const openInterestHistory = history((venue, instrument, stampMs) => {
  const held = openInterestAt(venue, instrument, stampMs);
  const mark = quoteNow(venue, instrument)?.mark ?? 0;
  return {
    symbol: instrument.symbol,
    sumOpenInterest: toGrid(held, instrument.quantityStep, 'nearest'),
    sumOpenInterestValue: (held * mark).toFixed(4),
    timestamp: stampMs,
  };
});

const accountRatio = history((venue, instrument, stampMs) => {
  const longs = longShareAt(venue, instrument, stampMs);
  return {
    symbol: instrument.symbol,
    longAccount: longs.toFixed(4),
    shortAccount: (1 - longs).toFixed(4),
    longShortRatio: (longs / (1 - longs)).toFixed(4),
    timestamp: stampMs,
  };
});

function insurance({ venue, world }: CallContext): Reply {
  const { nowMs } = venue.live;
  const assets = Object.entries(insuranceAt(world, nowMs)).map(
    ([asset, held]): Row => ({ asset, marginBalance: held.toFixed(8), updateTime: nowMs }),
  );
  return ok([{ symbols: [], assets }]);
}

function adlQuantile({ venue, parameters }: CallContext): Reply {
  const asked = text(parameters, 'symbol');
  const rows = Object.entries(venue.live.positions)
    .filter(([symbol, p]) => Number(p.quantity) !== 0 && (asked === '' || symbol === asked))
    .map(([symbol]): Row => ({ symbol, adlQuantile: { LONG: 1, SHORT: 1, BOTH: 1 } }));
  return ok(rows);
}

const open = { method: 'GET', permission: 'public', weight: 1 } as const;

export const crowdCalls: readonly Call[] = [
  { ...open, path: '/fapi/v1/openInterest', answer: openInterest },
  { ...open, path: '/futures/data/openInterestHist', answer: openInterestHistory },
  { ...open, path: '/futures/data/globalLongShortAccountRatio', answer: accountRatio },
  { ...open, path: '/fapi/v1/insuranceBalance', answer: insurance },
  { ...open, path: '/fapi/v1/adlQuantile', permission: 'read', weight: 5, answer: adlQuantile },
];

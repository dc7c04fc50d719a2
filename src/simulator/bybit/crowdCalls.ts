/**
 * What the crowd holds: open interest, the share of accounts that are long, the insurance pool, and who is in line to be deleveraged.
 */
import { longShareAt, openInterestAt } from '../core/crowd.ts';
import { toGrid } from '../core/decimals.ts';
import { findInstrument, instrumentsNow } from '../core/quotes.ts';
import type { Venue } from '../core/venue.ts';
import type { Row } from '../http/json.ts';
import { integer, text } from '../http/request.ts';
import { insuranceAt } from '../http/world.ts';
import type { SimulatedInstrument } from '../market/market.ts';
import { type Call, type CallContext, categoryOf } from './call.ts';
import { failed, ok, type Reply } from './reply.ts';

const hourMs = 3_600_000;
const minuteMs = 60_000;
const periods: Readonly<Record<string, number>> = {
  '5min': 5 * minuteMs,
  '15min': 15 * minuteMs,
  '30min': 30 * minuteMs,
  '1h': hourMs,
  '4h': 4 * hourMs,
  '1d': 24 * hourMs,
};

/** Stamps of a request, newest first, within its window. */
function stampsOf(
  { venue, parameters }: CallContext,
  periodMs: number,
  most: number,
): readonly number[] {
  const limit = Math.min(integer(parameters, 'limit') ?? 50, most);
  const latest = Math.min(integer(parameters, 'endTime') ?? venue.live.nowMs, venue.live.nowMs);
  const earliest = Math.max(integer(parameters, 'startTime') ?? 0, venue.market.startMs);
  const first = Math.floor(latest / periodMs) * periodMs;
  return Array.from({ length: limit }, (_, i) => first - i * periodMs).filter(
    (stamp) => stamp >= earliest,
  );
}

type Told = (venue: Venue, instrument: SimulatedInstrument, stampMs: number) => Row;

function history(periodName: string, most: number, row: Told): (context: CallContext) => Reply {
  return (context) => {
    const { venue, parameters } = context;
    const symbol = text(parameters, 'symbol');
    const instrument = findInstrument(venue, 'linear', symbol);
    if (instrument === undefined || categoryOf(parameters) !== 'linear')
      return failed(10001, `Not supported symbols: ${symbol}`);
    const periodMs = periods[text(parameters, periodName)];
    if (periodMs === undefined)
      return failed(10001, `${periodName} invalid: ${text(parameters, periodName)}`);
    const stamps = instrument.fundingIntervalMs > 0 ? stampsOf(context, periodMs, most) : [];
    const list = stamps.map((stamp) => row(venue, instrument, stamp));
    return ok({ category: 'linear', symbol, list, nextPageCursor: '' });
  };
}

const openInterest = history('intervalTime', 200, (venue, instrument, stampMs) => ({
  openInterest: toGrid(
    openInterestAt(venue, instrument, stampMs),
    instrument.quantityStep,
    'nearest',
  ),
  timestamp: String(stampMs),
}));

const accountRatio = history('period', 500, (venue, instrument, stampMs) => {
  const longs = longShareAt(venue, instrument, stampMs);
  return {
    symbol: instrument.symbol,
    buyRatio: longs.toFixed(4),
    sellRatio: (1 - longs).toFixed(4),
    timestamp: String(stampMs),
  };
});

function insurance({ venue, world, parameters }: CallContext): Reply {
  const asked = text(parameters, 'coin');
  const pools = Object.entries(insuranceAt(world, venue.live.nowMs));
  const list = pools
    .filter(([coin]) => asked === '' || coin === asked)
    .map(([coin, held]): Row => {
      const balance = held.toFixed(2);
      return { coin, symbols: '', balance, value: balance };
    });
  return ok({ updatedTime: String(venue.live.nowMs), list });
}

/** Deleveraging begins where the pool fell by 30 % from its peak of eight hours. */
function adlAlert({ venue, world, parameters }: CallContext): Reply {
  const { nowMs } = venue.live;
  const asked = text(parameters, 'symbol');
  const now = insuranceAt(world, nowMs)['USDT'] ?? 0;
  const peak = Math.max(
    ...Array.from({ length: 9 }, (_, hour) => {
      return insuranceAt(world, nowMs - hour * hourMs)['USDT'] ?? 0;
    }),
  );
  const list = instrumentsNow(venue)
    .filter((i) => i.category === 'linear' && (asked === '' || i.symbol === asked))
    .map(
      (i): Row => ({
        coin: i.quoteCoin,
        symbol: i.symbol,
        balance: now.toFixed(2),
        maxBalance: peak.toFixed(2),
        insurancePnlRatio: (now / peak - 1).toFixed(4),
        pnlRatio: '0',
        adlTriggerThreshold: '0',
        adlStopRatio: '-0.25',
      }),
    );
  return ok({ updatedTime: String(nowMs), list });
}

const open = { method: 'GET', permission: 'public' } as const;

export const crowdCalls: readonly Call[] = [
  { ...open, path: '/v5/market/open-interest', answer: openInterest },
  { ...open, path: '/v5/market/account-ratio', answer: accountRatio },
  { ...open, path: '/v5/market/insurance', answer: insurance },
  { ...open, path: '/v5/market/adlAlert', answer: adlAlert },
];

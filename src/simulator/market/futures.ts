/**
 * Dated futures on top of a market: quarterly contracts of a few coins, priced off the index of their perpetual.
 *
 * F = S * (1 + b * T), T in years to delivery; b = 0.02 + 0.5 * the annualised mean of the last nine funding settlements,
 * within -0.2 and 0.4: longs who pay the perpetual dear pay the future dear too. Delivery is on the last Friday of March,
 * June, September and December at 08:00 UTC, as on the large exchanges; a contract is listed half a year before.
 */
import type { Candle, Market, SimulatedInstrument } from './market.ts';

const dayMs = 86_400_000;
const yearMs = 365 * dayMs;
const listedMs = 190 * dayMs;
const settlements = 9;
/** An endless market has contracts for that long. */
const horizonMs = 20 * yearMs;
/** A future turns over that part of its perpetual. */
const activityShare = 0.05;

/** The market with futures of the coins that have a perpetual against USDT. */
export function withFutures(market: Market, coins: readonly string[]): Market {
  const endMs = market.endMs ?? market.startMs + horizonMs;
  const futures = new Map<string, { future: SimulatedInstrument; underlying: string }>();
  for (const coin of coins) {
    const perpetual = market.instruments.find(
      (i) => i.category === 'linear' && i.symbol === `${coin}USDT`,
    );
    if (perpetual === undefined) continue;
    for (const deliveryMs of quarterEnds(market.startMs, endMs + listedMs)) {
      const future = futureOf(perpetual, deliveryMs);
      futures.set(future.symbol, { future, underlying: perpetual.symbol });
    }
  }

  function basisFactor(underlying: string, deliveryMs: number, atMs: number): number {
    return 1 + (basisAnnual(market, underlying, atMs) * Math.max(0, deliveryMs - atMs)) / yearMs;
  }

  return {
    ...market,
    instruments: [...market.instruments, ...[...futures.values()].map(({ future }) => future)],
    notes: [...market.notes, 'dated futures are priced off the index and the recent funding'],
    candles(category, symbol, kind, fromMs, toMs) {
      const found = category === 'linear' ? futures.get(symbol) : undefined;
      if (found === undefined) return market.candles(category, symbol, kind, fromMs, toMs);
      const { future, underlying } = found;
      const { launchMs, deliveryMs = 0 } = future;
      const within = [Math.max(fromMs, launchMs), Math.min(toMs, deliveryMs)] as const;
      const index = market.candles('linear', underlying, 'index', ...within);
      if (kind === 'index') return index;
      const traded = market.candles('linear', underlying, 'last', ...within);
      const volumes = new Map(traded.map((candle) => [candle.openMs, candle.volumeBase]));
      return index.map((candle) => {
        const volume = kind === 'last' ? (volumes.get(candle.openMs) ?? 0) * activityShare : 0;
        return scaled(candle, basisFactor(underlying, deliveryMs, candle.openMs), volume);
      });
    },
    quote(category, symbol, atMs) {
      const found = category === 'linear' ? futures.get(symbol) : undefined;
      if (found === undefined) return market.quote(category, symbol, atMs);
      const { future, underlying } = found;
      const { launchMs, deliveryMs = 0 } = future;
      const quote = market.quote('linear', underlying, atMs);
      if (quote === undefined || atMs < launchMs || atMs > deliveryMs) return undefined;
      const price = quote.index * basisFactor(underlying, deliveryMs, atMs);
      return {
        last: price,
        mark: price,
        index: quote.index,
        spreadBps: 3 * quote.spreadBps,
        depthUsd: activityShare * quote.depthUsd,
      };
    },
    fundingRate: (symbol, settlementMs) =>
      futures.has(symbol) ? undefined : market.fundingRate(symbol, settlementMs),
  };
}

function futureOf(perpetual: SimulatedInstrument, deliveryMs: number): SimulatedInstrument {
  return {
    ...perpetual,
    symbol: `${perpetual.symbol}-${dateCode(deliveryMs)}`,
    fundingIntervalMs: 0,
    fundingRateCap: 0,
    launchMs: Math.max(perpetual.launchMs, deliveryMs - listedMs),
    deliveryMs,
  };
}

/** Mean basis a year that the recent funding suggests. */
function basisAnnual(market: Market, underlying: string, atMs: number): number {
  const interval =
    market.instruments.find((i) => i.category === 'linear' && i.symbol === underlying)
      ?.fundingIntervalMs ?? 0;
  let sum = 0;
  let count = 0;
  const last = interval > 0 ? Math.floor(atMs / interval) * interval : 0;
  for (let back = 0; back < settlements && interval > 0; back += 1) {
    const rate = market.fundingRate(underlying, last - back * interval);
    if (rate === undefined) continue;
    sum += rate;
    count += 1;
  }
  const fundingAnnual = count === 0 ? 0 : (sum / count) * (yearMs / interval);
  return Math.max(-0.2, Math.min(0.4, 0.02 + 0.5 * fundingAnnual));
}

function scaled(candle: Candle, factor: number, volumeBase: number): Candle {
  return {
    openMs: candle.openMs,
    open: candle.open * factor,
    high: candle.high * factor,
    low: candle.low * factor,
    close: candle.close * factor,
    volumeBase,
  };
}

/** Last Fridays of the quarters, 08:00 UTC, after one time and not after another. */
export function quarterEnds(fromMs: number, toMs: number): readonly number[] {
  const found: number[] = [];
  const firstYear = new Date(fromMs).getUTCFullYear();
  for (let quarter = 0; ; quarter += 1) {
    const monthEnd = Date.UTC(firstYear, 3 * quarter + 3, 0, 8);
    const afterFriday = (new Date(monthEnd).getUTCDay() + 2) % 7;
    const deliveryMs = monthEnd - afterFriday * dayMs;
    if (deliveryMs > toMs) return found;
    if (deliveryMs > fromMs) found.push(deliveryMs);
  }
}

const months = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');

/** 26JUN26, as the venue writes it. */
export function dateCode(atMs: number): string {
  const date = new Date(atMs);
  const day = date.getUTCDate();
  const year = String(date.getUTCFullYear()).slice(-2);
  return `${day}${months[date.getUTCMonth()] ?? ''}${year}`;
}

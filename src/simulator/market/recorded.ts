/**
 * A market out of recorded series: real hourly candles and funding, a deterministic path within the hour.
 *
 * Within an hour prices go open, extreme, extreme, close in straight lines, low first when the perpetual closed higher.
 * What was not recorded is derived or assumed, and each case is stated in `notes`: marks, funding, stablecoin pairs,
 * spread and depth, yields.
 */

import { FUNDING_INTERVAL_MS, fundingFromPremiums } from './funding.ts';
import { HOUR_MS, priceWithin, shapeBySign } from './hour.ts';
import { flexibleSaving } from './instruments.ts';
import { liquidityOf } from './liquidity.ts';
import type { Candle, Category, Market } from './market.ts';
import type { RecordedSeries, RecordedSymbol } from './recordedSeries.ts';
import { createRecordedTracks, type RecordedTrack } from './recordedTracks.ts';
import { hundredth, parseStep, roundToStep } from './step.ts';

/** Fewer real hours than this before a settlement, and its rate is unknown rather than derived. */
const PREMIUM_HOURS_MIN = 4;

export type RecordedMarketOptions = {
  readonly series: RecordedSeries;
  /** Simple yearly yields of flexible saving by coin (USDC: 0.03); a coin that is not named has no product. */
  readonly assumedEarnApr: Readonly<Record<string, number>>;
  /** Further assumptions of the caller, put before the market's own. */
  readonly notes?: readonly string[];
};

/** @throws RangeError for a symbol or an earn coin that the simulated venue does not know, or a series without USDT. */
export function createRecordedMarket(options: RecordedMarketOptions): Market {
  const { series, assumedEarnApr } = options;
  const { fromMs: startMs, toMs: endMs } = series;
  const hours = Math.floor((endMs - startMs) / HOUR_MS);
  const { tracks, usdtUsd, notes } = createRecordedTracks(series, hours);
  const funding = new Map(
    series.symbols.map((symbol) => [symbol.symbol, settlementsOf(symbol, startMs, endMs, tracks)]),
  );
  const earnProducts = Object.keys(assumedEarnApr).map((coin) => {
    const product = flexibleSaving(coin);
    if (product === undefined) throw new RangeError(`earn coin must be USDT or USDC, was ${coin}`);
    return product;
  });
  const trades = (atMs: number) => atMs >= startMs && atMs < endMs;
  const hourAt = (atMs: number) => Math.floor((atMs - startMs) / HOUR_MS);

  function indexPrice(track: RecordedTrack, atMs: number): number | undefined {
    const candle = track.slots.index[hourAt(atMs)];
    const leader = track.leader[hourAt(atMs)];
    return candle && priceWithin(candle, shapeBySign(leader ?? candle), atMs);
  }

  function usdtAt(atMs: number): number | undefined {
    const hour = hourAt(atMs);
    const [from, to] = [usdtUsd[hour], usdtUsd[hour + 1]];
    if (from === undefined || to === undefined) return undefined;
    return from + (to - from) * ((atMs - startMs) / HOUR_MS - hour);
  }

  return {
    instruments: [...tracks.values()].map((track) => track.instrument),
    earnProducts,
    coins: [
      ...series.symbols.map((symbol) => symbol.baseCoin),
      ...series.stables.map((stable) => stable.coin),
    ],
    startMs,
    endMs,
    notes: [
      ...(options.notes ?? []),
      ...notes,
      ...[...funding.values()].map((settlements) => settlements.note),
      ...earnProducts.map(
        ({ coin }) => `${coin}: a yield of ${assumedEarnApr[coin]} a year is assumed, not recorded`,
      ),
      'the path within each hour, spread and depth are derived from the hourly candle, not recorded',
    ],
    candles(category, symbol, kind, fromMs, toMs) {
      const slots = find(tracks, category, symbol)?.slots[kind] ?? [];
      const first = Math.max(0, Math.ceil((fromMs - startMs) / HOUR_MS));
      const end = Math.max(first, hourAt(Math.min(toMs, endMs)));
      return slots.slice(first, end).filter((candle) => candle !== undefined);
    },
    quote(category, symbol, atMs) {
      const track = find(tracks, category, symbol);
      if (track === undefined || !trades(atMs)) return undefined;
      const hour = hourAt(atMs);
      const last = track.slots.last[hour];
      const mark = track.slots.mark[hour];
      const index = track.slots.index[hour];
      if (last === undefined || mark === undefined || index === undefined) return undefined;
      const shape = shapeBySign(track.leader[hour] ?? last);
      const { tickSize } = track.instrument;
      const tick = parseStep(tickSize);
      const fine = (candle: Candle) =>
        roundToStep(priceWithin(candle, shape, atMs), hundredth(tick));
      return {
        last: roundToStep(priceWithin(last, shape, atMs), tick),
        mark: fine(mark),
        index: fine(index),
        ...liquidityOf(last, Number(tickSize)),
      };
    },
    fundingRate(symbol, settlementMs) {
      return funding.get(symbol)?.rates.get(settlementMs);
    },
    usdIndex(coin, atMs) {
      if (!trades(atMs)) return undefined;
      const usdt = usdtAt(atMs);
      if (coin === 'USDT') return usdt;
      const track = find(tracks, 'linear', `${coin}USDT`) ?? find(tracks, 'spot', `${coin}USDT`);
      const price = track && indexPrice(track, atMs);
      return price === undefined || usdt === undefined ? undefined : price * usdt;
    },
    earnAprAt(productId, atMs) {
      const product = earnProducts.find((candidate) => candidate.productId === productId);
      return product && trades(atMs) ? assumedEarnApr[product.coin] : undefined;
    },
  };
}

type Tracks = ReadonlyMap<string, RecordedTrack>;

function find(tracks: Tracks, category: Category, symbol: string): RecordedTrack | undefined {
  return tracks.get(`${category} ${symbol}`);
}

/** Recorded rates by stamp, and derived ones where none was recorded and enough premiums are known. */
function settlementsOf(symbol: RecordedSymbol, startMs: number, endMs: number, tracks: Tracks) {
  const recorded = new Map(symbol.funding.map(({ timestampMs, rate }) => [timestampMs, rate]));
  const rates = new Map<number, number>();
  const track = find(tracks, 'linear', symbol.symbol);
  const cap = track?.instrument.fundingRateCap ?? 0;
  let derived = 0;
  const firstMs = Math.ceil(startMs / FUNDING_INTERVAL_MS) * FUNDING_INTERVAL_MS;
  for (let stampMs = firstMs; stampMs <= endMs; stampMs += FUNDING_INTERVAL_MS) {
    const rate = recorded.get(stampMs);
    const premiums = track ? premiumsBefore(track, (stampMs - startMs) / HOUR_MS) : [];
    if (rate !== undefined) rates.set(stampMs, rate);
    else if (premiums.length >= PREMIUM_HOURS_MIN) {
      rates.set(stampMs, fundingFromPremiums(premiums, cap));
      derived += 1;
    }
  }
  const note =
    `${symbol.symbol}: ${rates.size - derived} funding settlements recorded (${symbol.fundingSource}), ${derived} ` +
    `derived from the mean hourly premium of perpetual to spot over eight hours, capped at ${cap}`;
  return { rates, note };
}

/** Closing premiums of the eight hours before an hour, those with both prices recorded. */
function premiumsBefore(track: RecordedTrack, hour: number): readonly number[] {
  const premiums: number[] = [];
  for (let slot = Math.max(0, hour - 8); slot < hour; slot += 1) {
    const last = track.slots.last[slot];
    const spot = track.trueIndex[slot];
    if (last !== undefined && spot !== undefined) premiums.push(last.close / spot.close - 1);
  }
  return premiums;
}

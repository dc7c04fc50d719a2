/**
 * The seeded market: perpetuals and spot of a few coins, stablecoins with moving pegs, two saving products, endless.
 *
 * A pure function of (seed, time): whoever asks, in whatever order and after whatever restart, sees the same prices.
 * The model is in `world.ts` (from hour to hour) and `generatedHour.ts` (within it).
 */

import { FUNDING_INTERVAL_MS, fundingFromPremiums } from './funding.ts';
import { createGeneratedTracks, type Track } from './generatedTracks.ts';
import { HOUR_MS, hourOpenMs, priceWithin } from './hour.ts';
import { flexibleSaving } from './instruments.ts';
import { liquidityOf } from './liquidity.ts';
import type { Candle, Category, Market } from './market.ts';
import { ASSETS, EARN_APR_MEDIAN, STABLES } from './parameters.ts';
import { normal, streamKey } from './random.ts';
import { hundredth, parseStep, roundToStep } from './step.ts';
import { createWorld } from './world.ts';

const DAY_MS = 86_400_000;
const EPOCH_MS = Date.UTC(2025, 0, 1);
const DEFAULT_ASSETS: readonly string[] = ['BTC', 'ETH', 'SOL', 'XRP', 'DOGE'];

export type GeneratedMarketOptions = {
  /** Any integer up to 2^53. */
  readonly seed: number;
  /** The market's first hour, rounded down to a UTC day; 2025-01-01 by default. */
  readonly epochMs?: number;
  /** Base coins besides the stablecoins; prices of one do not depend on which others are there. */
  readonly assets?: readonly string[];
};

/** @throws RangeError when an asset has no parameters. */
export function createGeneratedMarket(options: GeneratedMarketOptions): Market {
  const startMs = Math.floor((options.epochMs ?? EPOCH_MS) / DAY_MS) * DAY_MS;
  const assets = (options.assets ?? DEFAULT_ASSETS).map(findParameters);
  const world = createWorld(options.seed, assets, STABLES);
  const tracks = createGeneratedTracks(options.seed, startMs, world, assets);
  const earnProducts = STABLES.flatMap(({ coin }) => flexibleSaving(coin) ?? []);
  const hourAt = (atMs: number) => Math.floor((atMs - startMs) / HOUR_MS);
  const find = (category: Category, symbol: string) => tracks.get(`${category} ${symbol}`);

  function usdtUsd(atMs: number): number {
    const hour = hourAt(atMs);
    const share = (atMs - startMs) / HOUR_MS - hour;
    return Math.exp((1 - share) * world.pegLog(0, hour) + share * world.pegLog(0, hour + 1));
  }

  function candleAt(track: Track, kind: 'last' | 'mark' | 'index', hour: number) {
    return track.candle(kind, hour, startMs + hour * HOUR_MS);
  }

  return {
    instruments: [...tracks.values()].map((track) => track.instrument),
    earnProducts,
    coins: [...assets, ...STABLES].map(({ coin }) => coin),
    startMs,
    endMs: null,
    notes: [
      `prices are generated from seed ${options.seed}: no forecast and no history of any market`,
      'funding is derived from the generated premium; yields of saving products are generated',
      'spread and depth are derived from the range and the volume of the hour',
    ],
    candles(category, symbol, kind, fromMs, toMs) {
      const track = find(category, symbol);
      if (track === undefined) return [];
      const first = Math.max(0, Math.ceil((fromMs - startMs) / HOUR_MS));
      const count = Math.max(0, hourAt(toMs) - first);
      return Array.from({ length: count }, (_, i) => candleAt(track, kind, first + i));
    },
    quote(category, symbol, atMs) {
      const track = find(category, symbol);
      if (track === undefined || !(atMs >= startMs)) return undefined;
      const hour = hourAt(atMs);
      const shape = track.shape(hour);
      const last = candleAt(track, 'last', hour);
      const { tickSize } = track.instrument;
      const tick = parseStep(tickSize);
      const fine = (candle: Candle) =>
        roundToStep(priceWithin(candle, shape, atMs), hundredth(tick));
      return {
        last: roundToStep(priceWithin(last, shape, atMs), tick),
        mark: fine(candleAt(track, 'mark', hour)),
        index: fine(candleAt(track, 'index', hour)),
        ...liquidityOf(last, Number(tickSize)),
      };
    },
    fundingRate(symbol, settlementMs) {
      const track = find('linear', symbol);
      const hour = hourAt(settlementMs);
      if (track === undefined || settlementMs % FUNDING_INTERVAL_MS !== 0 || hour < 8) {
        return undefined;
      }
      const premiums = Array.from({ length: 8 }, (_, i) => track.premium(hour - i));
      return fundingFromPremiums(premiums, track.instrument.fundingRateCap);
    },
    usdIndex(coin, atMs) {
      if (!(atMs >= startMs)) return undefined;
      if (coin === 'USDT') return usdtUsd(atMs);
      const track = find('spot', `${coin}USDT`);
      if (track === undefined) return undefined;
      const hour = hourAt(atMs);
      const price = priceWithin(candleAt(track, 'index', hour), track.shape(hour), atMs);
      return price * usdtUsd(atMs);
    },
    earnAprAt(productId, atMs) {
      const product = earnProducts.find((candidate) => candidate.productId === productId);
      if (product === undefined || !(atMs >= startMs)) return undefined;
      return generatedApr(options.seed, product.coin, hourOpenMs(atMs) - startMs);
    },
  };
}

function findParameters(coin: string) {
  const found = ASSETS.find((candidate) => candidate.coin === coin);
  if (found === undefined) {
    const known = ASSETS.map((candidate) => candidate.coin).join(', ');
    throw new RangeError(`asset must be one of ${known}, was ${coin}`);
  }
  return found;
}

/** Log-normal around the coin's median, one draw a day joined by straight lines, hourly steps. */
function generatedApr(seed: number, coin: string, sinceMs: number): number {
  const stream = streamKey(seed, `earn ${coin}`);
  const day = Math.floor(sinceMs / DAY_MS);
  const share = sinceMs / DAY_MS - day;
  const level = (1 - share) * normal(stream, day, 0) + share * normal(stream, day + 1, 0);
  const apr = (EARN_APR_MEDIAN[coin] ?? 0) * Math.exp(0.3 * level);
  return Math.round(apr * 1e6) / 1e6;
}

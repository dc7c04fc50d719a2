/**
 * Spread and depth of a quote from the candle of its hour, because neither source has a book.
 *
 * Spread = max(one tick, 0.3 bp + hourly range / 100), at most 200 bp: a calm hour of BTC (50 bp) shows 0.8 bp, the
 * worst hours (3000 bp) 30 bp. Depth within 10 bps is the volume whose square-root impact is 10 bps when the hour's
 * volume moves the price by the hour's range (Donier and Bonart 2015): volume * (10 / range)^2, kept between 0.02 % and 5 % of it.
 */

import type { Candle } from './market.ts';

const SPREAD_FLOOR_BPS = 0.3;
const SPREAD_PER_RANGE = 0.01;
const SPREAD_MAX_BPS = 200;
const DEPTH_BPS = 10;
const DEPTH_SHARE_MIN = 0.0002;
const DEPTH_SHARE_MAX = 0.05;

export type Liquidity = { readonly spreadBps: number; readonly depthUsd: number };

/** @param tickSize the price step in quote coin. */
export function liquidityOf(candle: Candle, tickSize: number): Liquidity {
  const rangeBps = ((candle.high - candle.low) / candle.open) * 1e4;
  const tickBps = (tickSize / candle.open) * 1e4;
  const wide = SPREAD_FLOOR_BPS + SPREAD_PER_RANGE * rangeBps;
  const share = rangeBps > 0 ? (DEPTH_BPS / rangeBps) ** 2 : DEPTH_SHARE_MAX;
  return {
    spreadBps: Math.max(tickBps, Math.min(SPREAD_MAX_BPS, wide)),
    depthUsd:
      candle.volumeBase * candle.open * Math.max(DEPTH_SHARE_MIN, Math.min(DEPTH_SHARE_MAX, share)),
  };
}

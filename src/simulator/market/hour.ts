/**
 * The path inside an hour: a deterministic line at second granularity that keeps the candle's four prices.
 *
 * Open at second 0, the two extremes at two knots, close at second 3599. Which extreme comes first and when is decided
 * once an hour for all prices of a coin: were it each candle's own choice, spot and perpetual would drift apart by the
 * hour's range and back, a basis that nobody quoted.
 */

import type { Candle } from './market.ts';

export const HOUR_MS = 3_600_000;
const LAST_SECOND = 3599;

export type HourShape = {
  readonly lowFirst: boolean;
  /** Seconds of the two extremes, 0 < first < second < 3599. */
  readonly firstSecond: number;
  readonly secondSecond: number;
  /** Wiggle between the knots in [-1, 1] by second; the line is straight where it is absent. */
  readonly wiggle?: (second: number) => number;
};

/** The start of the hour that holds a time. */
export function hourOpenMs(atMs: number): number {
  return Math.floor(atMs / HOUR_MS) * HOUR_MS;
}

/** The shape of a recorded hour: low first when it closed higher, high first when it closed lower, at thirds. */
export function shapeBySign(candle: Candle): HourShape {
  return { lowFirst: candle.close >= candle.open, firstSecond: 1200, secondSecond: 2400 };
}

/** Price at a time inside the candle's hour; always within [low, high]. Milliseconds are floored to the second. */
export function priceWithin(candle: Candle, shape: HourShape, atMs: number): number {
  const second = Math.floor((atMs - candle.openMs) / 1000);
  const { lowFirst, firstSecond, secondSecond } = shape;
  const first = lowFirst ? candle.low : candle.high;
  const last = lowFirst ? candle.high : candle.low;
  let piece: Piece;
  if (second <= firstSecond) {
    piece = { fromSecond: 0, toSecond: firstSecond, from: candle.open, to: first };
  } else if (second <= secondSecond) {
    piece = { fromSecond: firstSecond, toSecond: secondSecond, from: first, to: last };
  } else {
    piece = { fromSecond: secondSecond, toSecond: LAST_SECOND, from: last, to: candle.close };
  }
  const share = (second - piece.fromSecond) / (piece.toSecond - piece.fromSecond);
  if (share === 1) return piece.to;
  const line = piece.from + share * (piece.to - piece.from);
  const room = (candle.high - candle.low) * share * (1 - share);
  const price = line + room * (shape.wiggle?.(second) ?? 0);
  return Math.min(candle.high, Math.max(candle.low, price));
}

type Piece = {
  readonly fromSecond: number;
  readonly toSecond: number;
  readonly from: number;
  readonly to: number;
};

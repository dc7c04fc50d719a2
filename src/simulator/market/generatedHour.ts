/**
 * One generated hour of a coin: its index, mark and last candles and the shape of the path through them.
 *
 * The index goes from state to state of the world; its extremes are drawn from the law of a Brownian bridge's maximum,
 * m = (d + sqrt(d^2 - 2 s^2 ln U)) / 2 above the open. Perpetual and mark are the index times one plus the premium,
 * which moves in a line from hour to hour; the mark's premium is its mean over three hours.
 */

import type { HourShape } from './hour.ts';
import type { Candle } from './market.ts';
import { normal, uniform } from './random.ts';

/** A candle without a time or a volume, not yet rounded. */
export type PriceLine = Pick<Candle, 'open' | 'high' | 'low' | 'close'>;

export type LogMove = { readonly openLog: number; readonly closeLog: number };

/** Extremes of the hour beyond open and close; `volatility` is that of the hour, a fraction. */
export function bridgeLine(
  move: LogMove,
  volatility: number,
  stream: number,
  hour: number,
): PriceLine {
  const { openLog, closeLog } = move;
  const distance = closeLog - openLog;
  const reach = (draw: number) =>
    Math.sqrt(distance ** 2 - 2 * volatility ** 2 * Math.log(uniform(stream, hour, draw)));
  return {
    open: Math.exp(openLog),
    high: Math.exp(openLog + (distance + reach(10)) / 2),
    low: Math.exp(openLog + (distance - reach(11)) / 2),
    close: Math.exp(closeLog),
  };
}

/** Multiplies a line by a factor that runs straight from `from` to `to` over the hour, extremes at their seconds. */
export function scaleLine(line: PriceLine, from: number, to: number, shape: HourShape): PriceLine {
  const factorAt = (second: number) => from + (to - from) * (second / 3599);
  const lowFactor = factorAt(shape.lowFirst ? shape.firstSecond : shape.secondSecond);
  const highFactor = factorAt(shape.lowFirst ? shape.secondSecond : shape.firstSecond);
  const open = line.open * from;
  const close = line.close * to;
  return {
    open,
    high: Math.max(open, close, line.high * highFactor),
    low: Math.min(open, close, line.low * lowFactor),
    close,
  };
}

/** Which extreme comes first, when, and the noise between: minutes joined by lines, and a little by the second. */
export function drawShape(move: LogMove, stream: number, hour: number): HourShape {
  const lowFirstProbability = move.closeLog >= move.openLog ? 0.75 : 0.25;
  const minuteNoise = (minute: number) => 2 * uniform(stream, hour, 100 + minute) - 1;
  return {
    lowFirst: uniform(stream, hour, 12) < lowFirstProbability,
    firstSecond: 300 + Math.floor(1400 * uniform(stream, hour, 13)),
    secondSecond: 1900 + Math.floor(1400 * uniform(stream, hour, 14)),
    wiggle(second) {
      const minute = Math.floor(second / 60);
      const share = (second % 60) / 60;
      const slow = (1 - share) * minuteNoise(minute) + share * minuteNoise(minute + 1);
      return 0.8 * slow + 0.2 * (2 * uniform(stream, hour, 1000 + second) - 1);
    },
  };
}

/** Hourly volume in USD: log-normal around the mean, more in hours that move (range / usual range), at most tenfold. */
export function drawVolumeUsd(
  meanUsd: number,
  rangeRatio: number,
  stream: number,
  hour: number,
  draw: number,
): number {
  const activity = Math.min(10, 0.4 + 0.6 * rangeRatio);
  return meanUsd * activity * Math.exp(0.35 * normal(stream, hour, draw) - 0.35 ** 2 / 2);
}

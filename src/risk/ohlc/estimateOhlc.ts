/** The OHLC estimators by name and the bars each needs. */
import { closeToCloseVariance } from './closeToClose.ts';
import { garmanKlassVariance } from './garmanKlass.ts';
import type { OhlcBars } from './ohlcBars.ts';
import { parkinsonVariance } from './parkinson.ts';
import { rogersSatchellVariance } from './rogersSatchell.ts';
import { yangZhangVariance } from './yangZhang.ts';

export const ohlcEstimators = [
  'close-to-close',
  'parkinson',
  'garman-klass',
  'rogers-satchell',
  'yang-zhang',
] as const;
export type OhlcEstimatorName = (typeof ohlcEstimators)[number];

export type OhlcEstimate =
  | {
      readonly kind: 'estimated';
      /** Of the logarithm of the price, per bar. */
      readonly variance: number;
      /** Bars, or steps between bars, that were averaged. */
      readonly effectiveBars: number;
    }
  | { readonly kind: 'insufficientHistory'; readonly reason: string };

export function estimateOhlc(bars: OhlcBars, name: OhlcEstimatorName): OhlcEstimate {
  const count = bars.close.length;
  const steps = name === 'close-to-close' || name === 'yang-zhang';
  const least = steps ? 3 : 1;
  if (count < least) {
    return { kind: 'insufficientHistory', reason: `needs ${least} bars, was ${count}` };
  }
  const variance = varianceOf(bars, name);
  return { kind: 'estimated', variance, effectiveBars: steps ? count - 1 : count };
}

function varianceOf(bars: OhlcBars, name: OhlcEstimatorName): number {
  switch (name) {
    case 'close-to-close':
      return closeToCloseVariance(bars);
    case 'parkinson':
      return parkinsonVariance(bars);
    case 'garman-klass':
      return garmanKlassVariance(bars);
    case 'rogers-satchell':
      return rogersSatchellVariance(bars);
    case 'yang-zhang':
      return yangZhangVariance(bars);
  }
}

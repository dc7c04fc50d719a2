/**
 * Weighted second moments of every pair of legs over the bars where both are present.
 *
 * With p = w / sum(w) over the pair's common bars:
 *   covariance_ij = sum p (x_i - m_i)(x_j - m_j) / (1 - sum p^2)   (m = 0 and no divisor for a zero mean)
 *   correlation_ij = the same over the square root of both variances on the common bars, so it lies in -1...1.
 * Equal weights give the sample covariance (ddof 1). Complete columns go through one blocked product.
 */
import { crossProducts } from './crossProducts.ts';
import { effectiveBars } from './halfLife.ts';
import type { ReturnColumns } from './returnColumns.ts';

export type MomentOptions = {
  /** (T,), oldest first, not negative; need not sum to one. */
  readonly weights: Float64Array;
  /** `weighted` takes the mean off and corrects the bias of doing so; `zero` does neither. */
  readonly mean: 'zero' | 'weighted';
};

/** All N×N row-major. A pair without enough common bars has NaN in all three, for the caller to settle. */
export type PairwiseMoments = {
  readonly covariance: Float64Array;
  readonly correlation: Float64Array;
  readonly commonBars: Float64Array;
  /** The smallest Kish effective number of bars over all legs' own columns. */
  readonly effectiveBars: number;
};

/** A variance below this share of the mean square is rounding of a constant series, not risk. */
const CONSTANT_SHARE = 1e-20;

export function pairwiseMoments(returns: ReturnColumns, options: MomentOptions): PairwiseMoments {
  const n = returns.legs;
  const result = {
    covariance: new Float64Array(n * n),
    correlation: new Float64Array(n * n),
    commonBars: new Float64Array(n * n),
    effectiveBars: Math.min(
      ...returns.columns.map((column) => effectiveBars(options.weights, column)),
    ),
  };
  const complete: number[] = [];
  for (let i = 0; i < n; i++) if (returns.present[i] === returns.bars) complete.push(i);
  completePairs(returns, options, complete, result);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const bothComplete =
        returns.present[i] === returns.bars && returns.present[j] === returns.bars;
      if (!bothComplete) gappyPair(returns, options, i, j, result);
    }
  }
  return result;
}

function completePairs(
  returns: ReturnColumns,
  { weights, mean }: MomentOptions,
  complete: readonly number[],
  out: PairwiseMoments,
): void {
  if (complete.length === 0) return;
  const n = returns.legs;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const squares = weights.reduce((sum, weight) => sum + weight * weight, 0);
  const divisor = mean === 'zero' ? total : total - squares / total;
  const roots = weights.map(Math.sqrt);
  const meanSquares: number[] = [];
  const scaled = complete.map((index) => {
    const column = returns.columns[index] as Float64Array;
    const centre = mean === 'zero' ? 0 : weightedMean(column, weights, total);
    meanSquares.push(centre * centre);
    return column.map((value, bar) => (value - centre) * (roots[bar] as number));
  });
  const products = crossProducts(scaled);
  const size = complete.length;
  const variance = complete.map((_, a) => {
    const value = (products[a * size + a] as number) / divisor;
    return value <= CONSTANT_SHARE * (meanSquares[a] as number) ? 0 : value;
  });
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < size; b++) {
      const product = (products[a * size + b] as number) / divisor;
      const scale = Math.sqrt((variance[a] as number) * (variance[b] as number));
      const at = (complete[a] as number) * n + (complete[b] as number);
      const enough = divisor > 0;
      out.covariance[at] = enough ? (scale === 0 ? 0 : product) : Number.NaN;
      out.correlation[at] = enough ? correlationOf(product, scale, a === b) : Number.NaN;
      out.commonBars[at] = returns.bars;
    }
  }
}

function gappyPair(
  returns: ReturnColumns,
  { weights, mean }: MomentOptions,
  i: number,
  j: number,
  out: PairwiseMoments,
): void {
  const n = returns.legs;
  const x = returns.columns[i] as Float64Array;
  const y = returns.columns[j] as Float64Array;
  let bars = 0;
  let total = 0;
  let squares = 0;
  let sumX = 0;
  let sumY = 0;
  for (let bar = 0; bar < x.length; bar++) {
    const xt = x[bar] as number;
    const yt = y[bar] as number;
    if (Number.isNaN(xt + yt)) continue;
    const weight = weights[bar] as number;
    bars++;
    total += weight;
    squares += weight * weight;
    sumX += weight * xt;
    sumY += weight * yt;
  }
  const meanX = mean === 'zero' ? 0 : sumX / total;
  const meanY = mean === 'zero' ? 0 : sumY / total;
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let bar = 0; bar < x.length; bar++) {
    const dx = (x[bar] as number) - meanX;
    const dy = (y[bar] as number) - meanY;
    const product = dx * dy;
    if (Number.isNaN(product)) continue;
    const weight = weights[bar] as number;
    xy += weight * product;
    xx += weight * dx * dx;
    yy += weight * dy * dy;
  }
  const divisor = mean === 'zero' ? total : total - squares / total;
  const enough = bars >= (mean === 'zero' ? 1 : 2) && divisor > 0;
  const constant =
    xx <= CONSTANT_SHARE * meanX * meanX * total || yy <= CONSTANT_SHARE * meanY * meanY * total;
  const covariance = enough ? (constant ? 0 : xy / divisor) : Number.NaN;
  const scale = constant ? 0 : Math.sqrt(xx * yy);
  const correlation = enough ? correlationOf(xy, scale, i === j) : Number.NaN;
  for (const at of [i * n + j, j * n + i]) {
    out.covariance[at] = covariance;
    out.correlation[at] = correlation;
    out.commonBars[at] = bars;
  }
}

function weightedMean(column: Float64Array, weights: Float64Array, total: number): number {
  let sum = 0;
  for (let bar = 0; bar < column.length; bar++) {
    sum += (weights[bar] as number) * (column[bar] as number);
  }
  return sum / total;
}

/** A leg that does not move correlates with nothing but itself. */
function correlationOf(product: number, scale: number, same: boolean): number {
  if (same) return 1;
  return scale === 0 ? 0 : Math.max(-1, Math.min(1, product / scale));
}

/**
 * `gerber`: sample variances with a correlation that counts joint large moves and ignores small ones.
 *
 *   g_ij = (UU + DD - UD - DU) / (T - NN): a move is up or down when |x| ≥ c s, s its sample deviation, else neutral;
 *   NN counts the bars in which both are neutral. c = 0.5.
 * Shapes: T×N in, N×N out. Missing bars pairwise; repaired and reported if not positive semi-definite.
 * Not the default: it throws the size of moves away, which is most of what a leveraged book fears.
 * Source: Gerber, Markowitz, Ernst, Miao, Javid and Sargen, The Gerber statistic (2022).
 */
import { crossProducts } from '../crossProducts.ts';
import { pairwiseMoments } from '../pairwiseMoments.ts';
import { repairCorrelation } from '../positiveSemiDefinite.ts';
import type { ReturnColumns } from '../returnColumns.ts';
import {
  type CovarianceEstimate,
  deviationsOf,
  fromCorrelation,
  fromPairwise,
  type NoEstimate,
} from './covarianceEstimate.ts';

const THRESHOLD_DEVIATIONS = 0.5;

export function gerberCovariance(returns: ReturnColumns): CovarianceEstimate | NoEstimate {
  const n = returns.legs;
  const weights = new Float64Array(returns.bars).fill(1);
  const sample = fromPairwise(pairwiseMoments(returns, { weights, mean: 'weighted' }), returns);
  if (sample.kind === 'insufficientHistory') return sample;
  const deviations = deviationsOf(sample.covariance);
  const moves = returns.columns.map((column, leg) => {
    const threshold = THRESHOLD_DEVIATIONS * (deviations[leg] as number);
    return column.map((value) => (Math.abs(value) >= threshold ? Math.sign(value) : 0));
  });
  const large = moves.map((column) => column.map(Math.abs));
  const agreed = crossProducts(moves);
  const both = crossProducts(large);
  const own = largeMoves(returns, large);
  const values = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const at = i * n + j;
      const either = own(i, j) + own(j, i) - (both[at] as number);
      values[at] = i === j ? 1 : either === 0 ? 0 : (agreed[at] as number) / either;
    }
  }
  const { correlation, repairs } = repairCorrelation({ n, values });
  return { ...sample, covariance: fromCorrelation(correlation, deviations), repairs };
}

/** Large moves of leg i over the bars where leg j is there too. */
function largeMoves(
  returns: ReturnColumns,
  large: readonly Float64Array[],
): (i: number, j: number) => number {
  if (returns.present.every((present) => present === returns.bars)) {
    const counts = large.map((column) => column.reduce((sum, value) => sum + value, 0));
    return (i) => counts[i] as number;
  }
  const here = returns.columns.map((column) =>
    column.map((value) => (Number.isNaN(value) ? 0 : 1)),
  );
  const counts = crossProducts(large, here);
  return (i, j) => counts[i * returns.legs + j] as number;
}

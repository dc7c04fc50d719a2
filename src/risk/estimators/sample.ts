/**
 * `sample`: the sample covariance, ddof 1.
 *
 *   S_ij = sum (x_it - m_i)(x_jt - m_j) / (T - 1), means and T over the pair's common bars
 * Shapes: T×N in, N×N out. Missing bars pairwise; repaired and reported if that is not positive semi-definite.
 * Not the default: it weighs a bar of three months ago like the last one.
 */
import { pairwiseMoments } from '../pairwiseMoments.ts';
import type { ReturnColumns } from '../returnColumns.ts';
import { type CovarianceEstimate, fromPairwise, type NoEstimate } from './covarianceEstimate.ts';

export function sampleCovariance(returns: ReturnColumns): CovarianceEstimate | NoEstimate {
  const weights = new Float64Array(returns.bars).fill(1);
  return fromPairwise(pairwiseMoments(returns, { weights, mean: 'weighted' }), returns);
}

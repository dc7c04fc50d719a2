/**
 * `ewma`: exponentially weighted covariance about a mean of zero.
 *
 *   S_ij = sum w_k x_ik x_jk / sum w_k, w_k = 2^(-k / halfLife), k rows back from the newest, missing or not
 * Sums run over the rows where both are present, so the weights are normalised over what is there.
 * Shapes: T×N in, N×N out; repaired and reported only if not positive semi-definite.
 * Not the default: one half-life cannot serve volatility (days) and correlation (months).
 * Source: RiskMetrics technical document (1996), with finite weights.
 */
import { halfLifeWeights } from '../halfLife.ts';
import { pairwiseMoments } from '../pairwiseMoments.ts';
import type { ReturnColumns } from '../returnColumns.ts';
import { type CovarianceEstimate, fromPairwise, type NoEstimate } from './covarianceEstimate.ts';

export function ewmaCovariance(
  returns: ReturnColumns,
  halfLifeBars: number,
): CovarianceEstimate | NoEstimate {
  const weights = halfLifeWeights(returns.bars, halfLifeBars);
  return fromPairwise(pairwiseMoments(returns, { weights, mean: 'zero' }), returns);
}

/**
 * `oas`: oracle approximating shrinkage of S = X'X / T, demeaned, towards mu I.
 *
 *   d = min(1, (a + mu²) / ((T + 1)(a - mu² / N))),  a = |S|² / N²
 * This is the common form without the paper's small 2/N terms, as scikit-learn computes it.
 * Shapes: T×N in, N×N out. Rows with a gap are dropped and counted.
 * Not the default: its target is that of `ledoit-wolf`, and it assumes Gaussian returns.
 * Source: Chen, Wiesel, Eldar and Hero, Shrinkage algorithms for MMSE covariance estimation (2010).
 */
import type { ReturnColumns } from '../returnColumns.ts';
import type { CovarianceEstimate, NoEstimate } from './covarianceEstimate.ts';
import { shrinkToScaledIdentity } from './scaledIdentity.ts';

export function oasCovariance(returns: ReturnColumns): CovarianceEstimate | NoEstimate {
  const n = returns.legs;
  return shrinkToScaledIdentity(returns, ({ complete, mu, sumOfSquares }) => {
    const mean = sumOfSquares / (n * n);
    const denominator = (complete.rows + 1) * (mean - (mu * mu) / n);
    return denominator <= 0 ? 1 : Math.min(1, (mean + mu * mu) / denominator);
  });
}

/**
 * `ledoit-wolf`: S = X'X / T, demeaned, shrunk towards mu I by the asymptotically best intensity.
 *
 *   d = min(b, a) / a,  a = |S - mu I|² / N,  b = (sum_t |x_t|^4 / T - |S|²) / (N T)
 * Shapes: T×N in, N×N out. Rows with a gap are dropped and counted.
 * Not the default: a target of equal variances is wrong for a book of loud perpetuals and quiet coins.
 * Source: Ledoit and Wolf, A well-conditioned estimator for large-dimensional covariance matrices (2004).
 */
import type { ReturnColumns } from '../returnColumns.ts';
import type { CovarianceEstimate, NoEstimate } from './covarianceEstimate.ts';
import { shrinkToScaledIdentity } from './scaledIdentity.ts';

export function ledoitWolfCovariance(returns: ReturnColumns): CovarianceEstimate | NoEstimate {
  const n = returns.legs;
  return shrinkToScaledIdentity(returns, ({ complete, mu, sumOfSquares }) => {
    const { columns, rows } = complete;
    let fourth = 0;
    for (let row = 0; row < rows; row++) {
      let square = 0;
      for (const column of columns) square += (column[row] as number) * (column[row] as number);
      fourth += square * square;
    }
    const distance = sumOfSquares / n - mu * mu;
    const noise = (fourth / rows - sumOfSquares) / (n * rows);
    return distance <= 0 ? 0 : Math.max(0, Math.min(noise, distance)) / distance;
  });
}

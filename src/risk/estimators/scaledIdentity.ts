/** Shrinkage of S = X'X / T towards mu I, mu the mean variance: shared by `ledoit-wolf` and `oas`. */
import { crossProducts } from '../crossProducts.ts';
import type { ReturnColumns } from '../returnColumns.ts';
import { type CompleteRows, completeRows } from './completeRows.ts';
import type { CovarianceEstimate, NoEstimate } from './covarianceEstimate.ts';

export type ScaledIdentityMoments = {
  readonly complete: CompleteRows;
  /** Mean variance. */
  readonly mu: number;
  /** Sum of the squared entries of S. */
  readonly sumOfSquares: number;
};

/** (1 - d) S + d mu I with d = intensity(moments), over complete, demeaned rows. */
export function shrinkToScaledIdentity(
  returns: ReturnColumns,
  intensity: (moments: ScaledIdentityMoments) => number,
): CovarianceEstimate | NoEstimate {
  const complete = completeRows(returns);
  if (complete.kind === 'insufficientHistory') return complete;
  const n = returns.legs;
  const values = crossProducts(complete.columns).map((value) => value / complete.rows);
  let trace = 0;
  for (let i = 0; i < n; i++) trace += values[i * n + i] as number;
  const mu = trace / n;
  const sumOfSquares = values.reduce((sum, value) => sum + value * value, 0);
  const shrinkage = intensity({ complete, mu, sumOfSquares });
  for (let at = 0; at < n * n; at++) values[at] = (1 - shrinkage) * (values[at] as number);
  for (let i = 0; i < n; i++) values[i * n + i] = (values[i * n + i] as number) + shrinkage * mu;
  return {
    kind: 'estimated',
    covariance: { n, values },
    shrinkage,
    effectiveBars: complete.rows,
    repairs: complete.repairs,
  };
}

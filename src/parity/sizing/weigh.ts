/** Weights of some rows of the covariance by the policy's objective, and the quadratic forms that sizing needs. */
import type { Policy } from '../../domain/policy.ts';
import type { RiskEstimate } from '../../risk/riskTypes.ts';
import { solveWeights } from '../weights.ts';

export type Weighing =
  | {
      readonly kind: 'weighed';
      /** Per row of the estimate; 0 for rows that were not asked for; sums to one. */
      readonly weights: readonly number[];
      readonly method: string;
      readonly iterations: number;
      readonly worstGap: number;
      readonly repairs: readonly string[];
    }
  | { readonly kind: 'notConverged'; readonly reason: string };

/**
 * @param rows rows of the estimate that take part.
 * @param budgets per row of the estimate; those of `rows` are normalised among themselves.
 */
export function weigh(
  policy: Policy,
  estimate: RiskEstimate,
  rows: readonly number[],
  budgets: readonly number[],
): Weighing {
  const covariance = rows.map((i) => rows.map((j) => estimate.covarianceAnnual[i]?.[j] ?? 0));
  const answer = solveWeights({
    covariance,
    objective: policy.objective.kind,
    tolerance: policy.objective.tolerance,
    ...(policy.objective.kind === 'risk-parity'
      ? { budgets: rows.map((row) => budgets[row] ?? 0) }
      : {}),
  });
  switch (answer.kind) {
    case 'converged': {
      const weights = estimate.legIndices.map(() => 0);
      for (const [at, row] of rows.entries()) weights[row] = answer.weights[at] ?? 0;
      const { method, iterations, worstGap } = answer;
      const repairs = answer.repairs.map((repair) => repair.code);
      return { kind: 'weighed', weights, method, iterations, worstGap, repairs };
    }
    case 'invalid': {
      const fault = answer.faults[0];
      return { kind: 'notConverged', reason: `${fault?.path}: ${fault?.message}` };
    }
    case 'notConverged':
    case 'infeasible':
      return { kind: 'notConverged', reason: answer.reason };
  }
}

/** Sigma x, per row of the estimate. */
export function timesCovariance(estimate: RiskEstimate, x: readonly number[]): readonly number[] {
  return estimate.covarianceAnnual.map((row) =>
    row.reduce((sum, each, column) => sum + each * (x[column] ?? 0), 0),
  );
}

/** x' Sigma y. */
export function covarianceForm(
  estimate: RiskEstimate,
  x: readonly number[],
  y: readonly number[],
): number {
  return timesCovariance(estimate, y).reduce((sum, each, row) => sum + each * (x[row] ?? 0), 0);
}

/** The largest k ≥ 0 at which the volatility of k·x + fixed is at most `limit`; 0 where even k = 0 exceeds it. */
export function scaleToVolatility(
  estimate: RiskEstimate,
  x: readonly number[],
  fixed: readonly number[],
  limit: number,
): number {
  const a = covarianceForm(estimate, x, x);
  const b = covarianceForm(estimate, x, fixed);
  const c = covarianceForm(estimate, fixed, fixed) - limit ** 2;
  if (!(a > 0) || c > 0) return 0;
  return (-b + Math.sqrt(b * b - a * c)) / a;
}

/** Weights of some rows of the covariance by the policy's objective, and the quadratic forms that sizing needs. */
import type { RiskEstimate } from '../../risk/riskTypes.ts';
import { solveWeights } from '../weights.ts';
import type { Book } from './book.ts';
import { objectiveProblem, type Rows } from './objectiveProblem.ts';

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

export function weigh(book: Book, estimate: RiskEstimate, at: Rows): Weighing {
  const { rows } = at;
  const posed = objectiveProblem(book, estimate, at);
  if (posed.kind === 'notConverged') return posed;
  const answer = solveWeights(posed.problem);
  switch (answer.kind) {
    case 'converged': {
      const weights = estimate.legIndices.map(() => 0);
      for (const [k, row] of rows.entries()) weights[row] = answer.weights[k] ?? 0;
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

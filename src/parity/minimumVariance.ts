/**
 * Minimum variance: min w'Sigma w, sum(w) = 1 within bounds (0…1 by default), by an exact active set.
 */
import type { SquareMatrix } from '../math/matrix.ts';
import { solveQuadratic } from './activeSet.ts';
import { isNearlyRiskless } from './portfolioRisk.ts';
import type { ObjectiveOutcome } from './weightsAnswer.ts';

/** Legs at their signs: covariance of the signed returns, bounds on magnitudes. */
export type BoundedLegs = {
  readonly covariance: SquareMatrix;
  readonly lower: readonly number[];
  readonly upper: readonly number[];
};

/** Weights whose optimality conditions hold to the tolerance, relative to the largest gradient. */
export function minimumVariance(legs: BoundedLegs, tolerance: number): ObjectiveOutcome {
  const linear = new Float64Array(legs.covariance.n);
  const { lower, upper } = legs;
  const solution = solveQuadratic({ matrix: legs.covariance, linear, lower, upper }, tolerance);
  const { residual, iterations } = solution;
  if (isNearlyRiskless(legs.covariance, solution.weights)) {
    const reason = 'the least risky mix must carry risk to share out, was one without any';
    return { kind: 'infeasible', reason, method: 'active-set', iterations };
  }
  if (!(residual <= tolerance)) {
    const reason = `the optimality conditions must hold to ${tolerance}, was ${residual}`;
    return { kind: 'notConverged', reason, method: 'active-set', iterations };
  }
  return { kind: 'solved', magnitudes: solution.weights, method: 'active-set', iterations };
}

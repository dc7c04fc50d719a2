/**
 * Hands the active legs to the objective that the problem names.
 */
import type { ActiveLegs } from './activeLegs.ts';
import { boundedRiskParity } from './boundedRiskParity.ts';
import { cvarParity } from './cvarParity.ts';
import { equalWeight } from './equalWeight.ts';
import { factorParity } from './factorParity.ts';
import { hierarchicalRiskParity } from './hierarchicalRiskParity.ts';
import { inverseVolatility } from './inverseVolatility.ts';
import { maximumDiversification } from './maximumDiversification.ts';
import { minimumVariance } from './minimumVariance.ts';
import { riskParity } from './riskParity.ts';
import type { ObjectiveOutcome } from './weightsAnswer.ts';
import type { CheckedProblem } from './weightsProblem.ts';

/** Below this volatility, a share of the undiversified one, a mix at the given signs counts as riskless. */
const risklessMix = 1e-7;

export function solveObjective(problem: CheckedProblem, legs: ActiveLegs): ObjectiveOutcome {
  switch (problem.objective) {
    case 'risk-parity':
      return legs.hasBounds ? parityWithinBounds(problem, legs) : parity(problem, legs);
    case 'inverse-volatility':
      return inverseVolatility(legs.covariance);
    case 'equal-weight':
      return equalWeight(legs.indices.length);
    case 'minimum-variance':
      return minimumVariance(legs, problem.tolerance);
    case 'maximum-diversification':
      return maximumDiversification(legs, problem.tolerance);
    case 'hierarchical-risk-parity':
      return hierarchicalRiskParity(legs.covariance, problem.linkage);
    case 'cvar-parity':
      return cvarParity(signedReturns(problem, legs), legs.budgets, problem);
    case 'factor-parity':
      return factorParity(legs.covariance, signedLoadings(problem, legs), problem);
  }
}

function parity(problem: CheckedProblem, legs: ActiveLegs): ObjectiveOutcome {
  const { n, values } = legs.covariance;
  const scale = Float64Array.from({ length: n }, (_, i) => Math.sqrt(values[i * n + i] as number));
  const { covariance, budgets } = legs;
  const start = problem.warmStart && warmStart(problem.warmStart, legs, scale);
  const solution = riskParity(
    { covariance, scale, budgets },
    problem.tolerance,
    start ?? undefined,
  );
  const { method, iterations, gap } = solution;
  if (solution.isConverged) {
    return { kind: 'solved', magnitudes: solution.state.z, method, iterations };
  }
  const worstGap = Number.isFinite(gap) ? { worstGap: gap } : {};
  const mix = 1 / solution.state.y.reduce((sum, y) => sum + y, 0);
  if (!(mix > risklessMix)) {
    const text = 'a mix of these legs at these signs must carry risk, was a volatility of';
    const reason = `${text} ${mix} of the undiversified one`;
    return { kind: 'infeasible', reason, method, iterations };
  }
  const reason = `risk shares must meet their budgets to ${problem.tolerance}, was ${gap}`;
  return { kind: 'notConverged', reason, method, iterations, ...worstGap };
}

/** y_i = |w_i| sigma_i of the earlier weights. */
function warmStart(weights: readonly number[], legs: ActiveLegs, scale: Float64Array) {
  const y = scale.map((sigma, k) => Math.abs(weights[legs.indices[k] as number] as number) * sigma);
  const length = Math.sqrt(y.reduce((sum, value) => sum + value * value, 0));
  return length > 0 ? y.map((value) => value / length) : null;
}

/** The unbounded answer where it lies within the bounds, else the bounded one. */
function parityWithinBounds(problem: CheckedProblem, legs: ActiveLegs): ObjectiveOutcome {
  const { n, values } = legs.covariance;
  const scale = Float64Array.from({ length: n }, (_, i) => Math.sqrt(values[i * n + i] as number));
  const free = riskParity({ ...legs, scale }, problem.tolerance);
  const total = free.state.z.reduce((sum, value) => sum + value, 0);
  const start = free.state.z.map((value) => value / total);
  const { lower, upper, covariance, budgets } = legs;
  const isInside = start.every(
    (value, i) => value >= (lower[i] as number) && value <= (upper[i] as number),
  );
  if (free.isConverged && isInside) {
    const { method, iterations } = free;
    return { kind: 'solved', magnitudes: start, method, iterations };
  }
  const bounds = { lower: Float64Array.from(lower), upper: Float64Array.from(upper) };
  return boundedRiskParity({ covariance, budgets, ...bounds }, start, problem.tolerance);
}

/** T×n returns of the active legs at their signs. */
function signedReturns({ returns, signs }: CheckedProblem, { indices }: ActiveLegs) {
  return (returns ?? []).map((row) =>
    indices.map((i) => (signs[i] as number) * (row[i] as number)),
  );
}

/** n×K loadings of the active legs at their signs. */
function signedLoadings({ loadings, signs }: CheckedProblem, { indices }: ActiveLegs) {
  return indices.map((i) => (loadings?.[i] ?? []).map((value) => (signs[i] as number) * value));
}

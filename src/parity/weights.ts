/**
 * Weights for a portfolio: checks the problem, solves it under the chosen objective, verifies the answer.
 *
 * Every objective sees the active legs (positive budget) at their signs, in correlation-safe scale; what it hands back
 * is turned into signed weights, and volatility, risk shares and gap are computed anew from those and the input.
 */
import type { SquareMatrix } from '../math/matrix.ts';
import { type ActiveLegs, activeLegs } from './activeLegs.ts';
import { checkProblem } from './checkProblem.ts';
import { portfolioRisk } from './portfolioRisk.ts';
import { repairCovariance } from './repairCovariance.ts';
import { solveObjective } from './solveObjective.ts';
import type { ObjectiveOutcome, WeightsAnswer, WeightsRepair } from './weightsAnswer.ts';
import type { CheckedProblem, WeightsProblem } from './weightsProblem.ts';

/**
 * Answers a weighting problem; anything at all may come in, nothing is thrown and no answer holds NaN.
 *
 * @param problem N legs in universe order; see `WeightsProblem`.
 * @returns `converged` with weights whose gap (or, for objectives without budgets and within bounds, whose optimality
 * conditions) met the tolerance; `notConverged` and `infeasible` with the reason; `invalid` with every fault.
 */
export function solveWeights(problem: WeightsProblem): WeightsAnswer {
  return solveUnchecked(problem);
}

/** `solveWeights` for a value of unknown shape, such as parsed JSON. */
export function solveUnchecked(raw: unknown): WeightsAnswer {
  const checked = checkProblem(raw);
  if (checked.kind === 'invalid') return checked;
  const { problem } = checked;
  const scaled = scaleOf(problem.covariance);
  const repaired = repairCovariance(scaled.covariance);
  if (repaired.kind === 'beyondRepair') {
    return { kind: 'infeasible', reason: repaired.reason, repairs: [] };
  }
  const { covariance, repairs } = repaired;
  const legs = activeLegs(problem, covariance);
  if (legs.kind === 'infeasible') return { ...legs, repairs };
  const outcome = solveObjective(problem, legs);
  if (outcome.kind !== 'solved') return { ...outcome, repairs };
  return verified(problem, { covariance, legs, outcome, repairs, unit: scaled.unit });
}

/** The covariance divided by unit², a power of four near its largest entry: exact, and safe from overflow. */
function scaleOf({ n, values }: SquareMatrix): { covariance: SquareMatrix; unit: number } {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest === 0) return { covariance: { n, values }, unit: 1 };
  const unit = 2 ** Math.floor(Math.log2(largest) / 2);
  return { covariance: { n, values: values.map((value) => value / unit / unit) }, unit };
}

type Solved = {
  readonly covariance: SquareMatrix;
  readonly legs: ActiveLegs;
  readonly outcome: Extract<ObjectiveOutcome, { kind: 'solved' }>;
  readonly repairs: readonly WeightsRepair[];
  readonly unit: number;
};

/** Weights of all legs from the magnitudes of the active ones, with their risk computed from scratch. */
function verified(problem: CheckedProblem, solved: Solved): WeightsAnswer {
  const { outcome, legs, repairs } = solved;
  const { method, iterations } = outcome;
  const weights = spread(problem, legs, outcome.magnitudes);
  const risk = weights && portfolioRisk(solved.covariance, weights);
  if (!weights || !risk) {
    const reason = 'the weights must carry risk to share out, was a mix without any';
    return { kind: 'infeasible', reason, method, iterations, repairs };
  }
  const own = outcome.riskShares;
  const riskShares = own ? embed(problem.n, legs, own) : risk.riskShares;
  const gaps = riskShares.map((share, i) => Math.abs(share - (problem.budgets[i] as number)));
  const worstGap = outcome.worstGap ?? Math.max(...gaps);
  const meetsBudgets = legs.hasBounds || problem.objective !== 'risk-parity';
  if (!meetsBudgets && !(worstGap <= problem.tolerance)) {
    const reason = `risk shares must meet their budgets to ${problem.tolerance}, was ${worstGap}`;
    return { kind: 'notConverged', reason, worstGap, method, iterations, repairs };
  }
  return {
    kind: 'converged',
    weights,
    riskShares,
    volatility: risk.volatility * solved.unit,
    worstGap,
    method,
    iterations,
    repairs,
    ...(outcome.factorShares && { factorShares: outcome.factorShares }),
    ...(outcome.expectedShortfall !== undefined && {
      expectedShortfall: outcome.expectedShortfall,
    }),
  };
}

/** Signed weights with sum of magnitudes one; null where the magnitudes are not numbers. */
function spread(
  problem: CheckedProblem,
  legs: ActiveLegs,
  magnitudes: ArrayLike<number>,
): number[] | null {
  const largest = Math.max(...Array.from(magnitudes, Math.abs));
  // Within bounds the magnitudes sum to one already, and a division could push one past its bound.
  const relative = Array.from(magnitudes, (value) => (legs.hasBounds ? value : value / largest));
  const total = relative.reduce((sum, value) => sum + value, 0);
  if (!Number.isFinite(total) || !relative.every((value) => value >= 0)) return null;
  const values = legs.hasBounds ? relative : relative.map((value) => value / total);
  return embed(problem.n, legs, values).map((value, i) =>
    value === 0 ? 0 : value * (problem.signs[i] as number),
  );
}

/** Values of the active legs in their places, 0 elsewhere. */
function embed(n: number, legs: ActiveLegs, values: ArrayLike<number>): number[] {
  const out = Array.from({ length: n }, () => 0);
  for (const [k, i] of legs.indices.entries()) out[i] = values[k] as number;
  return out;
}

/**
 * The legs that take part in a solve, seen at their signs; and the refusals that need no solver.
 */
import { type SquareMatrix, submatrix } from '../math/matrix.ts';
import type { CheckedProblem } from './weightsProblem.ts';

/** n active legs; every vector is in the order of `indices`. */
export type ActiveLegs = {
  readonly kind: 'active';
  /** Their places among the N legs of the problem. */
  readonly indices: readonly number[];
  /** n×n covariance of sign × return. */
  readonly covariance: SquareMatrix;
  /** Positive, sum one. */
  readonly budgets: Float64Array;
  /** Bounds on magnitudes. */
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  readonly hasBounds: boolean;
};

/** A leg with less than this share of the largest variance is beyond what the arithmetic can weigh. */
const risklessShare = 1e-200;
/** Sums of bounds this close to one leave exactly one choice. */
const sumRounding = 1e-12;

export function activeLegs(
  problem: CheckedProblem,
  covariance: SquareMatrix,
): ActiveLegs | { readonly kind: 'infeasible'; readonly reason: string } {
  const indices = problem.budgets.flatMap((budget, i) => (budget > 0 ? [i] : []));
  const isActive = new Set(indices);
  const refused = problem.lower.findIndex((low, i) => low > 0 && !isActive.has(i));
  if (refused >= 0) {
    const low = problem.lower[refused];
    return refuse(`leg ${refused} has no budget and must have a lower bound of 0, was ${low}`);
  }
  const lower = indices.map((i) => problem.lower[i] as number);
  const upper = indices.map((i) => problem.upper[i] as number);
  const least = sum(lower);
  const most = sum(upper);
  if (!(most >= 1 - sumRounding)) return refuse(`upper bounds must sum to at least 1, was ${most}`);
  if (!(least <= 1 + sumRounding))
    return refuse(`lower bounds must sum to at most 1, was ${least}`);
  const closed = upper.findIndex((high) => high <= 0);
  if (closed >= 0 && problem.objective === 'risk-parity') {
    const text = `leg ${indices[closed]} has a budget and must have room above 0`;
    return refuse(`${text}, was ${upper[closed]}`);
  }
  const riskless = indices.find((i) => !hasVariance(covariance, i));
  if (riskless !== undefined && needsVariance(problem)) {
    return refuse(
      `leg ${riskless} must have variance, was ${covariance.values[riskless * problem.n + riskless]}`,
    );
  }
  return {
    kind: 'active',
    indices,
    covariance: atSigns(problem, covariance, indices),
    budgets: Float64Array.from(indices, (i) => problem.budgets[i] as number),
    lower,
    upper,
    hasBounds: lower.some((low) => low > 0) || upper.some((high) => high < 1),
  };
}

function refuse(reason: string): { kind: 'infeasible'; reason: string } {
  return { kind: 'infeasible', reason };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** A leg without variance can take part only where no division by its volatility is made. */
function needsVariance({ objective }: CheckedProblem): boolean {
  return (
    objective !== 'equal-weight' && objective !== 'minimum-variance' && objective !== 'cvar-parity'
  );
}

function hasVariance({ n, values }: SquareMatrix, i: number): boolean {
  let largest = 0;
  for (let k = 0; k < n; k++) largest = Math.max(largest, values[k * n + k] as number);
  return (values[i * n + i] as number) > risklessShare * largest;
}

/** The block of the active legs with rows and columns of short legs negated; the matrix itself where it is all long. */
function atSigns(
  problem: CheckedProblem,
  covariance: SquareMatrix,
  indices: readonly number[],
): SquareMatrix {
  const isAll = indices.length === problem.n;
  const isLong = indices.every((i) => problem.signs[i] === 1);
  if (isAll && isLong) return covariance;
  const block = submatrix(covariance, indices);
  for (const [row, i] of indices.entries()) {
    for (const [column, j] of indices.entries()) {
      const sign = (problem.signs[i] as number) * (problem.signs[j] as number);
      const at = row * indices.length + column;
      block.values[at] = sign * (block.values[at] as number);
    }
  }
  return block;
}

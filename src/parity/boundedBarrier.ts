/**
 * min x'Ax / 2 - mu sum(b_i ln x_i) within lower ≤ x ≤ upper, for a given mu.
 *
 * Projected coordinate descent converges from anywhere; Newton on the legs between their bounds is tried beside it
 * and kept where it brings the conditions closer.
 */
import { factorCholesky, solveCholesky } from '../math/cholesky.ts';
import { multiply, rowDot, type SquareMatrix, submatrix } from '../math/matrix.ts';

/** Legs at their signs with positive budgets summing to one; bounds on magnitudes, upper > 0. */
export type BarrierProblem = {
  readonly covariance: SquareMatrix;
  readonly budgets: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
};

const roundsMax = 400;
const sweepsPerRound = 3;
const newtonStepsPerRound = 8;

/** Moves x to the minimum; returns the rounds taken. */
export function minimiseBarrier(problem: BarrierProblem, mu: number, x: Float64Array): number {
  let residual = Infinity;
  for (let round = 1; round <= roundsMax; round++) {
    for (let count = 0; count < sweepsPerRound; count++) projectedSweep(problem, mu, x);
    const floor = roundingOf(problem, mu, x);
    let next = barrierResidual(problem, mu, x);
    for (let count = 0; count < newtonStepsPerRound && next > floor; count++) {
      const step = newtonStepWithin(problem, mu, x);
      const reached = step === null ? Infinity : barrierResidual(problem, mu, step);
      if (step === null || !(reached < next)) break;
      x.set(step);
      next = reached;
    }
    // Rounding, not progress, is what remains once a round gains nothing near the minimum.
    if (next <= floor || (next < 1e4 * floor && next >= 0.5 * residual)) return round;
    residual = next;
  }
  return roundsMax;
}

/** What the residual can be told apart from: rounding of x_i (Ax)_i, and of mu. */
function roundingOf({ covariance }: BarrierProblem, mu: number, x: Float64Array): number {
  const { n, values } = covariance;
  let largest = 0;
  let sum = 0;
  for (const [i, value] of x.entries()) {
    const part = value * Math.sqrt(values[i * n + i] as number);
    largest = Math.max(largest, part);
    sum += part;
  }
  return Number.EPSILON * Math.max(4 * mu, largest * sum);
}

function projectedSweep(problem: BarrierProblem, mu: number, x: Float64Array): void {
  const { n, values } = problem.covariance;
  for (let i = 0; i < n; i++) {
    const variance = values[i * n + i] as number;
    const c = rowDot(values, i * n, x, n) - variance * (x[i] as number);
    const load = mu * (problem.budgets[i] as number);
    const root = Math.sqrt(c * c + 4 * variance * load);
    const best = c > 0 ? (2 * load) / (c + root) : (root - c) / (2 * variance);
    x[i] = Math.min(Math.max(best, problem.lower[i] as number), problem.upper[i] as number);
  }
}

/** x_i (Ax)_i - mu b_i of each leg that its bounds do not excuse, the largest magnitude; in units of variance. */
function barrierResidual(problem: BarrierProblem, mu: number, x: Float64Array): number {
  const product = new Float64Array(x.length);
  multiply(problem.covariance, x, product);
  let most = 0;
  for (const [i, value] of x.entries()) {
    const over = value * (product[i] as number) - mu * (problem.budgets[i] as number);
    if (over > 0 && value <= (problem.lower[i] as number)) continue;
    if (over < 0 && value >= (problem.upper[i] as number)) continue;
    most = Math.max(most, Math.abs(over));
  }
  return most;
}

/** The legs strictly between their bounds. */
export function freeLegs(problem: BarrierProblem, x: Float64Array): number[] {
  const free: number[] = [];
  for (const [i, value] of x.entries()) {
    if (value > (problem.lower[i] as number) && value < (problem.upper[i] as number)) free.push(i);
  }
  return free;
}

/** Solves (X A X + mu diag b) u = right on the free legs; null where that is not positive definite. */
export function solveLogarithmic(
  problem: BarrierProblem,
  mu: number,
  x: Float64Array,
  free: readonly number[],
  right: Float64Array,
): Float64Array | null {
  const factor = submatrix(problem.covariance, free);
  const size = free.length;
  for (const [a, i] of free.entries()) {
    for (const [b, j] of free.entries()) {
      const at = a * size + b;
      factor.values[at] = (x[i] as number) * (factor.values[at] as number) * (x[j] as number);
    }
    const diagonal = a * size + a;
    factor.values[diagonal] =
      (factor.values[diagonal] as number) + mu * (problem.budgets[i] as number);
  }
  if (!factorCholesky(factor)) return null;
  const solution = right.slice();
  solveCholesky(factor, solution);
  return solution;
}

function newtonStepWithin(
  problem: BarrierProblem,
  mu: number,
  x: Float64Array,
): Float64Array | null {
  const product = new Float64Array(x.length);
  multiply(problem.covariance, x, product);
  const free = freeLegs(problem, x);
  const right = Float64Array.from(
    free,
    (i) => mu * (problem.budgets[i] as number) - (x[i] as number) * (product[i] as number),
  );
  const step = solveLogarithmic(problem, mu, x, free, right);
  if (step === null) return null;
  const next = x.slice();
  for (const [k, i] of free.entries()) {
    const moved = (x[i] as number) * Math.max(1 + (step[k] as number), 0.05);
    next[i] = Math.min(Math.max(moved, problem.lower[i] as number), problem.upper[i] as number);
  }
  return next;
}

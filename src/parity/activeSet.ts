/**
 * Exact active-set method for min w'Qw / 2 - q'w, sum(w) = 1, lower ≤ w ≤ upper.
 *
 * Primal active set (Nocedal and Wright, Numerical Optimization, 2nd ed., algorithm 16.3), begun from the set that
 * a few steps of the primal-dual active-set method (Hintermüller, Ito and Kunisch 2002) settle on. Where Q is singular on
 * the free weights, proximal steps (Rockafellar 1976) make each problem strictly convex and lead to a minimum of Q.
 */
import { multiply } from '../math/matrix.ts';
import { freeOf, residualOf, worstBound } from './boundPrices.ts';
import { type QuadraticProblem, solveFree } from './equalitySolve.ts';

const dualStepsMax = 30;
const proximalStepsMax = 200;
const proximalShare = 1e-9;

export type QuadraticSolution = {
  readonly weights: Float64Array;
  /** The largest breach of the optimality conditions, relative to the largest gradient. */
  readonly residual: number;
  readonly iterations: number;
};

/** Solves the problem; bounds must leave room: sum(lower) ≤ 1 ≤ sum(upper). */
export function solveQuadratic(problem: QuadraticProblem, tolerance: number): QuadraticSolution {
  const start = feasibleStart(problem);
  const direct = activeSet(problem, dualGuess(problem, start) ?? start);
  if (direct !== null) {
    const weights = refine(problem, direct.weights);
    return { weights, residual: residualOf(problem, weights), iterations: direct.iterations };
  }
  return solveProximal(problem, start, tolerance);
}

/** A feasible point: the lower bounds, and the rest spread over the room that is left. */
function feasibleStart({ matrix, lower, upper }: QuadraticProblem): Float64Array {
  const low = Float64Array.from(lower);
  const spent = low.reduce((sum, value) => sum + value, 0);
  const room = low.reduce((sum, value, i) => sum + ((upper[i] as number) - value), 0);
  const share = room > 0 ? Math.min(1, (1 - spent) / room) : 0;
  for (let i = 0; i < matrix.n; i++) {
    low[i] = (low[i] as number) + share * ((upper[i] as number) - (low[i] as number));
  }
  return low;
}

/** Guesses all bounds at once until the guess repeats; null where it cycles or leaves the feasible set. */
function dualGuess(problem: QuadraticProblem, start: Float64Array): Float64Array | null {
  const { matrix, lower, upper } = problem;
  const gradient = new Float64Array(matrix.n);
  let w = start;
  let free = Array.from({ length: matrix.n }, (_, i) => i);
  for (let step = 0; step < dualStepsMax && free.length > 0; step++) {
    const solved = solveFree(problem, w, free);
    if (solved === null) return null;
    w = solved.weights;
    multiply(matrix, w, gradient);
    const next: number[] = [];
    const isFree = new Set(free);
    let changes = 0;
    for (let i = 0; i < matrix.n; i++) {
      const low = lower[i] as number;
      const high = upper[i] as number;
      const weight = w[i] as number;
      const price = (gradient[i] as number) - (problem.linear[i] as number) - solved.lambda;
      if (isFree.has(i) && (weight < low || weight > high)) {
        w[i] = weight < low ? low : high;
        changes += 1;
      } else if (isFree.has(i)) {
        next.push(i);
      } else if (low < high && (weight === low ? price < 0 : price > 0)) {
        next.push(i);
        changes += 1;
      }
    }
    if (changes === 0) return w;
    free = next;
  }
  return null;
}

/** From a feasible point, one bound joins or leaves at a time; null where a free block is singular. */
function activeSet(
  problem: QuadraticProblem,
  start: Float64Array,
): { weights: Float64Array; iterations: number } | null {
  const { matrix } = problem;
  const gradient = new Float64Array(matrix.n);
  const w = start.slice();
  let free = freeOf(problem, w);
  const stepsMax = 20 * matrix.n + 100;
  for (let step = 1; step <= stepsMax; step++) {
    if (free.length > 0) {
      const solved = solveFree(problem, w, free);
      if (solved === null) return null;
      const blocking = moveTowards(problem, w, solved.weights, free);
      if (blocking !== null) {
        free = free.filter((i) => i !== blocking);
        continue;
      }
    }
    multiply(matrix, w, gradient);
    const worst = worstBound(problem, w, gradient, free);
    if (worst === null) return { weights: w, iterations: step };
    free.push(worst);
  }
  return { weights: w, iterations: stepsMax };
}

/** Moves w to the goal, or as far as the first bound on the way, whose index comes back. */
function moveTowards(
  { lower, upper }: QuadraticProblem,
  w: Float64Array,
  goal: Float64Array,
  free: readonly number[],
): number | null {
  let length = 1;
  let blocking: number | null = null;
  for (const i of free) {
    const move = (goal[i] as number) - (w[i] as number);
    const bound = (move < 0 ? lower[i] : upper[i]) as number;
    const room = bound - (w[i] as number);
    if (Math.abs(move) > Math.abs(room) && Math.abs(room) < length * Math.abs(move)) {
      length = room / move;
      blocking = i;
    }
  }
  for (const i of free) {
    w[i] =
      blocking === null
        ? (goal[i] as number)
        : (w[i] as number) + length * ((goal[i] as number) - (w[i] as number));
  }
  if (blocking !== null) {
    w[blocking] = (
      (goal[blocking] as number) < (w[blocking] as number) ? lower[blocking] : upper[blocking]
    ) as number;
  }
  return blocking;
}

/** One step of iterative refinement on the free weights, kept where it stays within the bounds. */
function refine(problem: QuadraticProblem, w: Float64Array): Float64Array {
  const free = freeOf(problem, w);
  const next = free.length > 0 ? solveFree(problem, w, free)?.weights : undefined;
  const { lower, upper } = problem;
  const isInside = free.every((i) => {
    const weight = next?.[i] ?? Number.NaN;
    return weight >= (lower[i] as number) && weight <= (upper[i] as number);
  });
  return next && isInside && residualOf(problem, next) < residualOf(problem, w) ? next : w;
}

/** Proximal point: minimise the function plus a small distance to the last point, until the conditions hold. */
function solveProximal(
  problem: QuadraticProblem,
  start: Float64Array,
  tolerance: number,
): QuadraticSolution {
  const { n, values } = problem.matrix;
  const pull = Float64Array.from(
    { length: n },
    (_, i) => proximalShare * (values[i * n + i] as number),
  );
  const largest = Math.max(...pull);
  const matrix = { n, values: values.slice() };
  for (let i = 0; i < n; i++) {
    if (pull[i] === 0) pull[i] = largest;
    matrix.values[i * n + i] = (values[i * n + i] as number) + (pull[i] as number);
  }
  let w = start;
  let iterations = 0;
  let residual = Infinity;
  for (let step = 0; step < proximalStepsMax && !(residual <= 0.01 * tolerance); step++) {
    const linear = problem.linear.map((value, i) => value + (pull[i] as number) * (w[i] as number));
    const near = { ...problem, matrix, linear };
    const solved = activeSet(near, w);
    if (solved === null) break;
    w = solved.weights;
    iterations += solved.iterations;
    residual = residualOf(problem, w);
  }
  return { weights: w, residual, iterations };
}

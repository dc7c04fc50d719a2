/**
 * Optimality conditions of min w'Qw / 2 - q'w on sum(w) = 1 within bounds: free weights share one price, a weight at its
 * lower bound is dearer, one at its upper bound cheaper.
 */
import { multiplyCompensated } from '../math/compensated.ts';
import type { QuadraticProblem } from './equalitySolve.ts';

/** The largest breach over all weights, relative to the largest gradient. */
export function residualOf(problem: QuadraticProblem, w: Float64Array): number {
  const gradient = new Float64Array(problem.matrix.n);
  multiplyCompensated(problem.matrix, w, gradient);
  const free = freeOf(problem, w);
  const { values, scale } = breachesOf(problem, w, gradient, free);
  const worst = values.reduce((most, value) => Math.max(most, value), 0);
  return scale > 0 ? worst / scale : 0;
}

/** The bound whose release lowers the function fastest, or null at the optimum. */
export function worstBound(
  problem: QuadraticProblem,
  w: Float64Array,
  gradient: Float64Array,
  free: readonly number[],
): number | null {
  const breaches = breachesOf(problem, w, gradient, free);
  let worst: number | null = null;
  let most = 1e-13 * breaches.scale;
  for (const [i, breach] of breaches.values.entries()) {
    if (breach > most && !free.includes(i)) {
      most = breach;
      worst = i;
    }
  }
  return worst;
}

/** The weights strictly between their bounds. */
export function freeOf({ lower, upper }: QuadraticProblem, w: Float64Array): number[] {
  const free: number[] = [];
  for (const [i, weight] of w.entries()) {
    if (weight > (lower[i] as number) && weight < (upper[i] as number)) free.push(i);
  }
  return free;
}

/** How far each weight is from its optimality condition, given the price that the free weights set. */
function breachesOf(
  { linear, lower, upper }: QuadraticProblem,
  w: Float64Array,
  gradient: Float64Array,
  free: readonly number[],
): { values: Float64Array; scale: number } {
  const slope = gradient.map((value, i) => value - (linear[i] as number));
  const scale = slope.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const isFree = new Set(free);
  let price = free.reduce((sum, i) => sum + (slope[i] as number) / free.length, 0);
  if (free.length === 0) {
    // Any price between the dearest weight at its upper and the cheapest at its lower bound will do.
    let least = Infinity;
    let most = -Infinity;
    for (const [i, value] of slope.entries()) {
      if ((w[i] as number) < (upper[i] as number)) least = Math.min(least, value);
      if ((w[i] as number) > (lower[i] as number)) most = Math.max(most, value);
    }
    price =
      Number.isFinite(least) && Number.isFinite(most)
        ? (least + most) / 2
        : Number.isFinite(least)
          ? least
          : most;
  }
  const values = slope.map((value, i) => {
    const over = value - price;
    if (isFree.has(i)) return Math.abs(over);
    const canRise = (w[i] as number) < (upper[i] as number);
    const canFall = (w[i] as number) > (lower[i] as number);
    return Math.max(canRise ? -over : 0, canFall ? over : 0, 0);
  });
  return { values, scale };
}

/**
 * Minimum of w'Qw / 2 - q'w on the budget line sum(w) = 1 with some weights held fixed: one Cholesky solve.
 */
import { factorCholesky, solveCholesky } from '../math/cholesky.ts';
import { type SquareMatrix, submatrix } from '../math/matrix.ts';

export type QuadraticProblem = {
  /** n×n, positive semi-definite. */
  readonly matrix: SquareMatrix;
  /** q, shape (n,). */
  readonly linear: Float64Array;
  readonly lower: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
};

/**
 * The free weights that are best while the others stay as they are in w.
 *
 * @returns all n weights and the price lambda of the budget line, or null where the free block is singular.
 */
export function solveFree(
  problem: QuadraticProblem,
  w: Float64Array,
  free: readonly number[],
): { readonly weights: Float64Array; readonly lambda: number } | null {
  const { n, values } = problem.matrix;
  const factor = submatrix(problem.matrix, free);
  if (!factorCholesky(factor)) return null;
  const isFree = new Uint8Array(n);
  for (const i of free) isFree[i] = 1;
  let toSpend = 1;
  for (let i = 0; i < n; i++) if (!isFree[i]) toSpend -= w[i] as number;
  const ones = new Float64Array(free.length).fill(1);
  const target = Float64Array.from(free, (i) => {
    let sum = problem.linear[i] as number;
    for (let j = 0; j < n; j++) {
      if (!isFree[j]) sum -= (values[i * n + j] as number) * (w[j] as number);
    }
    return sum;
  });
  solveCholesky(factor, ones);
  solveCholesky(factor, target);
  const lambda = (toSpend - total(target)) / total(ones);
  const weights = w.slice();
  for (const [k, i] of free.entries()) {
    weights[i] = (target[k] as number) + lambda * (ones[k] as number);
  }
  return Number.isFinite(lambda) ? { weights, lambda } : null;
}

function total(vector: Float64Array): number {
  return vector.reduce((sum, value) => sum + value, 0);
}

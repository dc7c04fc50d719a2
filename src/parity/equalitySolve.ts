/**
 * Minimum of w'Qw / 2 - q'w on the budget line sum(w) = 1 with some weights held fixed: one Cholesky solve.
 */
import { factorCholesky, solveCholesky } from '../math/cholesky.ts';
import { multiplyCompensated } from '../math/compensated.ts';
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
 * The free weights that are best while the others stay as they are in w. Solves for the change from w on a compensated
 * residual, so that calling it again on its own answer refines it.
 *
 * @returns all n weights and the price lambda of the budget line, or null where the free block is singular.
 */
export function solveFree(
  problem: QuadraticProblem,
  w: Float64Array,
  free: readonly number[],
): { readonly weights: Float64Array; readonly lambda: number } | null {
  const factor = submatrix(problem.matrix, free);
  if (!factorCholesky(factor)) return null;
  const product = new Float64Array(problem.matrix.n);
  multiplyCompensated(problem.matrix, w, product);
  const ones = new Float64Array(free.length).fill(1);
  const change = Float64Array.from(
    free,
    (i) => (problem.linear[i] as number) - (product[i] as number),
  );
  solveCholesky(factor, ones);
  solveCholesky(factor, change);
  const lambda = (1 - total(w) - total(change)) / total(ones);
  const weights = w.slice();
  for (const [k, i] of free.entries()) {
    weights[i] = (w[i] as number) + (change[k] as number) + lambda * (ones[k] as number);
  }
  return Number.isFinite(lambda) ? { weights, lambda } : null;
}

function total(vector: Float64Array): number {
  return vector.reduce((sum, value) => sum + value, 0);
}

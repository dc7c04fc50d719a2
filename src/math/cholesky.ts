/**
 * Cholesky factorisation A = L L' of a symmetric positive definite matrix, row by row, and the solve with it.
 *
 * Source: Golub and Van Loan, Matrix Computations (4th ed.), 4.2.5, in the inner-product form, whose reads are
 * contiguous in a row-major matrix.
 */
import type { SquareMatrix } from './matrix.ts';

/**
 * Overwrites the lower triangle with L; the strict upper triangle is neither read nor written.
 *
 * @returns whether the matrix is positive definite to working precision; if not, its content is lost.
 */
export function factorCholesky(matrix: SquareMatrix): boolean {
  const { n, values } = matrix;
  for (let i = 0; i < n; i++) {
    const rowI = i * n;
    for (let j = 0; j <= i; j++) {
      const rowJ = j * n;
      let sum0 = values[rowI + j] as number;
      let sum1 = 0;
      let k = 0;
      for (; k + 1 < j; k += 2) {
        sum0 -= (values[rowI + k] as number) * (values[rowJ + k] as number);
        sum1 -= (values[rowI + k + 1] as number) * (values[rowJ + k + 1] as number);
      }
      if (k < j) sum0 -= (values[rowI + k] as number) * (values[rowJ + k] as number);
      const sum = sum0 + sum1;
      if (j < i) values[rowI + j] = sum / (values[rowJ + j] as number);
      else if (sum > 0) values[rowI + i] = Math.sqrt(sum);
      else return false;
    }
  }
  return true;
}

/** Overwrites b, shape (n,), with the solution of L L' x = b, where factor holds L from `factorCholesky`. */
export function solveCholesky(factor: SquareMatrix, b: Float64Array): void {
  const { n, values } = factor;
  for (let i = 0; i < n; i++) {
    let sum = b[i] as number;
    for (let k = 0; k < i; k++) sum -= (values[i * n + k] as number) * (b[k] as number);
    b[i] = sum / (values[i * n + i] as number);
  }
  for (let i = n - 1; i >= 0; i--) {
    const x = (b[i] as number) / (values[i * n + i] as number);
    b[i] = x;
    for (let k = 0; k < i; k++) b[k] = (b[k] as number) - (values[i * n + k] as number) * x;
  }
}

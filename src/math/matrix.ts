/**
 * Square matrices for the fast paths: row-major Float64Array with their size.
 *
 * Rows are taken four at a time, so that each element of the vector is loaded once for four products.
 */

/** n×n, row-major: element ij is values[i * n + j]. */
export type SquareMatrix = { readonly n: number; readonly values: Float64Array };

/** Copies rows of equal length, shape (n, n), into one flat matrix. */
export function fromRows(rows: readonly ArrayLike<number>[]): SquareMatrix {
  const n = rows.length;
  const values = new Float64Array(n * n);
  rows.forEach((row, i) => {
    values.set(row, i * n);
  });
  return { n, values };
}

/** The rows and columns of the given indices, in their order. */
export function submatrix(matrix: SquareMatrix, indices: readonly number[]): SquareMatrix {
  const size = indices.length;
  const values = new Float64Array(size * size);
  for (const [row, i] of indices.entries()) {
    for (const [column, j] of indices.entries()) {
      values[row * size + column] = matrix.values[i * matrix.n + j] as number;
    }
  }
  return { n: size, values };
}

/** out = A x, shapes (n, n) and (n,); out and x are different arrays. */
export function multiply(matrix: SquareMatrix, x: Float64Array, out: Float64Array): void {
  const { n, values } = matrix;
  let i = 0;
  for (; i + 3 < n; i += 4) {
    const row0 = i * n;
    const row1 = row0 + n;
    const row2 = row1 + n;
    const row3 = row2 + n;
    let sum0 = 0;
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    for (let j = 0; j < n; j++) {
      const xj = x[j] as number;
      sum0 += (values[row0 + j] as number) * xj;
      sum1 += (values[row1 + j] as number) * xj;
      sum2 += (values[row2 + j] as number) * xj;
      sum3 += (values[row3 + j] as number) * xj;
    }
    out[i] = sum0;
    out[i + 1] = sum1;
    out[i + 2] = sum2;
    out[i + 3] = sum3;
  }
  for (; i < n; i++) out[i] = rowDot(values, i * n, x, n);
}

/** The sum of values[offset + j] x_j over j < n. */
export function rowDot(values: Float64Array, offset: number, x: Float64Array, n: number): number {
  let sum = 0;
  for (let j = 0; j < n; j++) sum += (values[offset + j] as number) * (x[j] as number);
  return sum;
}

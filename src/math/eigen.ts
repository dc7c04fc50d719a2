/**
 * Eigenvalues and eigenvectors of a symmetric matrix (ml-matrix: tridiagonalisation and QL).
 */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { SquareMatrix } from './matrix.ts';

/** A = V diag(values) V'; values ascending, shape (n,); vectors n×n with eigenvector k in column k. */
export type SymmetricEigen = { readonly values: number[]; readonly vectors: SquareMatrix };

/** Entries below this share of the largest count as 0: their squares would underflow inside the QL steps. */
const negligibleShare = 1e-140;

/** Decomposes a symmetric matrix with finite entries. */
export function symmetricEigen(matrix: SquareMatrix): SymmetricEigen {
  const { n } = matrix;
  const largest = matrix.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const unit = largest > 0 ? largest : 1;
  const scaled = matrix.values.map((value) =>
    Math.abs(value / unit) < negligibleShare ? 0 : value / unit,
  );
  const decomposition = new EigenvalueDecomposition(Matrix.from1DArray(n, n, scaled), {
    assumeSymmetric: true,
  });
  const vectors = decomposition.eigenvectorMatrix;
  const flat = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) flat[i * n + k] = vectors.get(i, k);
  }
  const eigenvalues = decomposition.realEigenvalues.map((value) => value * unit);
  return { values: eigenvalues, vectors: { n, values: flat } };
}

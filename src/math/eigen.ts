/**
 * Eigenvalues and eigenvectors of a symmetric matrix (ml-matrix: tridiagonalisation and QL).
 */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { SquareMatrix } from './matrix.ts';

/** A = V diag(values) V'; values ascending, shape (n,); vectors n×n with eigenvector k in column k. */
export type SymmetricEigen = { readonly values: number[]; readonly vectors: SquareMatrix };

/** Decomposes a symmetric matrix with finite entries. */
export function symmetricEigen(matrix: SquareMatrix): SymmetricEigen {
  const { n, values } = matrix;
  const decomposition = new EigenvalueDecomposition(Matrix.from1DArray(n, n, values), {
    assumeSymmetric: true,
  });
  const vectors = decomposition.eigenvectorMatrix;
  const flat = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) flat[i * n + k] = vectors.get(i, k);
  }
  return { values: decomposition.realEigenvalues, vectors: { n, values: flat } };
}

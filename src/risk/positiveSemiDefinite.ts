/**
 * Is a correlation matrix positive semi-definite, and the repair of one that is not.
 *
 * Pairwise estimates can disagree with each other. The repair clips the eigenvalues at a floor and scales the
 * diagonal back to one (Rebonato and Jäckel 1999, the spectral method): near the nearest correlation matrix of
 * Higham (2002) and not iterative. Every repair is reported; none is made where none is needed.
 */
import { factorCholesky } from '../math/cholesky.ts';
import { symmetricEigen } from '../math/eigen.ts';
import type { SquareMatrix } from '../math/matrix.ts';
import { crossProducts } from './crossProducts.ts';

export type CovarianceRepair = {
  readonly code: 'COVARIANCE_REPAIRED';
  readonly minEigenvalue: number;
  /** The largest change of any correlation. */
  readonly correlationChangeMax: number;
};

/** A negative eigenvalue within this of the largest entry is rounding (contract 2.1). */
const ROUNDING_SHARE = 1e-12;
/** Eigenvalues are clipped here (their mean is one), so that what follows can still divide by them. */
const EIGENVALUE_FLOOR = 1e-10;

/**
 * @param correlation n×n, unit diagonal, symmetric, finite.
 * @returns the matrix itself where it is positive semi-definite, else the repaired one and what was done.
 */
export function repairCorrelation(correlation: SquareMatrix): {
  readonly correlation: SquareMatrix;
  readonly repairs: readonly CovarianceRepair[];
} {
  const { n, values } = correlation;
  const lifted = { n, values: values.slice() };
  for (let i = 0; i < n; i++) lifted.values[i * n + i] = 1 + ROUNDING_SHARE;
  if (factorCholesky(lifted)) return { correlation, repairs: [] };
  const eigen = symmetricEigen(correlation);
  const minEigenvalue = Math.min(...eigen.values);
  // Cholesky can fail by rounding where no eigenvalue does.
  if (minEigenvalue >= -ROUNDING_SHARE) return { correlation, repairs: [] };
  const clipped = eigen.values.map((value) => Math.max(value, EIGENVALUE_FLOOR));
  const repaired = withUnitDiagonal(recompose(clipped, eigen.vectors));
  let correlationChangeMax = 0;
  for (let at = 0; at < n * n; at++) {
    const change = Math.abs((repaired.values[at] as number) - (values[at] as number));
    correlationChangeMax = Math.max(correlationChangeMax, change);
  }
  return {
    correlation: repaired,
    repairs: [{ code: 'COVARIANCE_REPAIRED', minEigenvalue, correlationChangeMax }],
  };
}

/** V diag(eigenvalues) V', eigenvector k in column k, eigenvalues not negative. */
export function recompose(eigenvalues: readonly number[], vectors: SquareMatrix): SquareMatrix {
  const { n, values } = vectors;
  const scaled = values.map((value, at) => value * Math.sqrt(eigenvalues[at % n] as number));
  const rows = Array.from({ length: n }, (_, i) => scaled.subarray(i * n, (i + 1) * n));
  return { n, values: crossProducts(rows) };
}

/** D^(-1/2) C D^(-1/2): the diagonal becomes exactly one. */
export function withUnitDiagonal({ n, values }: SquareMatrix): SquareMatrix {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const scale = Math.sqrt((values[i * n + i] as number) * (values[j * n + j] as number));
      out[i * n + j] = (values[i * n + j] as number) / scale;
      out[j * n + i] = out[i * n + j] as number;
    }
    out[i * n + i] = 1;
  }
  return { n, values: out };
}

/**
 * Is a covariance positive semi-definite; and the repair of one that narrowly is not.
 *
 * A negative eigenvalue within 1e-12 of the largest entry is rounding. Beyond it the correlation matrix is repaired and the
 * repair reported; where that would move a correlation by more than a hundredth, the matrix is refused.
 */
import { factorCholesky } from '../math/cholesky.ts';
import { symmetricEigen } from '../math/eigen.ts';
import { type SquareMatrix, submatrix } from '../math/matrix.ts';
import { repairCorrelation } from '../risk/positiveSemiDefinite.ts';
import type { WeightsRepair } from './weightsAnswer.ts';

const roundingShare = 1e-12;
const correlationChangeLimit = 0.01;

export type RepairedCovariance =
  | {
      readonly kind: 'usable';
      readonly covariance: SquareMatrix;
      readonly repairs: readonly WeightsRepair[];
    }
  | { readonly kind: 'beyondRepair'; readonly reason: string };

/** A symmetric matrix whose legs without variance have rows of zero. */
export function repairCovariance(covariance: SquareMatrix): RepairedCovariance {
  const { n, values } = covariance;
  if (isPositive(covariance)) return { kind: 'usable', covariance, repairs: [] };
  const legs = Array.from({ length: n }, (_, i) => i).filter(
    (i) => (values[i * n + i] as number) > 0,
  );
  const block = submatrix(covariance, legs);
  const volatility = legs.map((_, k) => Math.sqrt(block.values[k * block.n + k] as number));
  const scaleAt = (at: number) =>
    (volatility[Math.floor(at / block.n)] as number) * (volatility[at % block.n] as number);
  const correlation = block.values.map((value, at) => value / scaleAt(at));
  for (let k = 0; k < block.n; k++) correlation[k * block.n + k] = 1;
  const highest = correlation.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (!(highest <= 1 + correlationChangeLimit)) {
    const reason = `the covariance must hold correlations within ±1, was one of ±${highest}`;
    return { kind: 'beyondRepair', reason };
  }
  const repaired = repairCorrelation({ n: block.n, values: correlation });
  const limit = correlationChangeLimit;
  const refused = repaired.repairs.find((repair) => !(repair.correlationChangeMax <= limit));
  if (refused) {
    const text = 'the covariance must be positive semi-definite, was a matrix with eigenvalue';
    const change = `; its repair would change a correlation by ${refused.correlationChangeMax}`;
    return { kind: 'beyondRepair', reason: `${text} ${refused.minEigenvalue}${change}` };
  }
  if (repaired.repairs.length === 0) return { kind: 'usable', covariance, repairs: [] };
  const out = values.slice();
  for (const [a, i] of legs.entries()) {
    for (const [b, j] of legs.entries()) {
      const at = a * block.n + b;
      if (i !== j) out[i * n + j] = (repaired.correlation.values[at] as number) * scaleAt(at);
    }
  }
  const repairs = repaired.repairs.map(({ minEigenvalue, correlationChangeMax }) => ({
    code: 'COVARIANCE_REPAIRED' as const,
    minEigenvalue,
    correlationChangeMax,
  }));
  return { kind: 'usable', covariance: { n, values: out }, repairs };
}

/** Whether no eigenvalue is below -1e-12 of the largest entry. */
function isPositive(matrix: SquareMatrix): boolean {
  const { n } = matrix;
  const largest = matrix.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest === 0) return true;
  const lifted = { n, values: matrix.values.slice() };
  for (let i = 0; i < n; i++) {
    lifted.values[i * n + i] = (lifted.values[i * n + i] as number) + roundingShare * largest;
  }
  if (factorCholesky(lifted)) return true;
  // Cholesky of a large matrix can fail by rounding where no eigenvalue does.
  return Math.min(...symmetricEigen(matrix).values) >= -roundingShare * largest;
}

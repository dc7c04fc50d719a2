/**
 * Checks of the matrix or the returns of a weighting problem: shape, finiteness, symmetry, signs of the diagonal.
 */
import { fromRows, type SquareMatrix } from '../math/matrix.ts';
import { addFault, type FaultList, readRows } from './faultList.ts';
import { sampleCovariance } from './sampleCovariance.ts';

/** Of the largest entry: asymmetry within it is rounding. */
const roundingShare = 1e-12;
const legsMax = 4000;

export type CheckedRisk = {
  readonly covariance: SquareMatrix;
  readonly returns: number[][] | null;
};

/** Reads `covariance` or `returns`; null and faults where neither can be used. */
export function checkRisk(
  list: FaultList,
  input: Record<string, unknown>,
  needsReturns: boolean,
): CheckedRisk | null {
  const hasCovariance = input['covariance'] !== undefined;
  const hasReturns = input['returns'] !== undefined;
  if (!hasReturns && (needsReturns || !hasCovariance)) {
    const text = needsReturns ? 'cvar-parity needs returns' : 'covariance or returns must be given';
    const path = needsReturns ? 'returns' : 'covariance';
    addFault(list, 'MISSING', path, text, undefined);
  }
  if (hasReturns && hasCovariance && !needsReturns) {
    const text = 'must not be given together with covariance';
    addFault(list, 'NOT_APPLICABLE', 'returns', text, input['returns']);
  }
  const returns = hasReturns ? readReturns(list, input['returns']) : null;
  const given = hasCovariance ? readCovariance(list, input['covariance']) : null;
  if (returns !== null && given !== null && returns[0]?.length !== given.n) {
    addFault(list, 'WRONG_LENGTH', 'returns[0]', `must have ${given.n} entries`, returns[0]);
  }
  if (hasCovariance) return given && { covariance: given, returns };
  return returns && { covariance: sampleCovariance(returns), returns };
}

function readReturns(list: FaultList, value: unknown): number[][] | null {
  const rows = readRows(list, 'returns', value, null);
  if (rows !== null && rows.length < 2) {
    addFault(list, 'WRONG_LENGTH', 'returns', 'must have at least 2 rows', value);
    return null;
  }
  if (rows?.[0] !== undefined && rows[0].length > legsMax) {
    addFault(list, 'OUT_OF_RANGE', 'returns', `must have at most ${legsMax} legs`, rows[0].length);
    return null;
  }
  return rows;
}

/** Rows of JSON, or the flat matrix of a caller inside the program; always a copy. */
function readCovariance(list: FaultList, value: unknown): SquareMatrix | null {
  if (Array.isArray(value) && value.length > legsMax) {
    addFault(list, 'OUT_OF_RANGE', 'covariance', `must have at most ${legsMax} legs`, value.length);
    return null;
  }
  const rows = isFlat(value)
    ? Array.from({ length: value.n }, (_, i) => [
        ...value.values.subarray(i * value.n, (i + 1) * value.n),
      ])
    : value;
  const width = Array.isArray(rows) ? rows.length : null;
  const read = readRows(list, 'covariance', rows, width);
  if (read === null) return null;
  const matrix = fromRows(read);
  return checkEntries(list, matrix) ? matrix : null;
}

function isFlat(value: unknown): value is SquareMatrix {
  return (
    typeof value === 'object' &&
    value !== null &&
    'n' in value &&
    'values' in value &&
    value.values instanceof Float64Array &&
    value.values.length === Number(value.n) ** 2 &&
    Number(value.n) <= legsMax
  );
}

/** Faults on asymmetry and negative variances; what is only rounding is evened out in place. */
function checkEntries(list: FaultList, { n, values }: SquareMatrix): boolean {
  const count = list.faults.length;
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const rounding = roundingShare * largest;
  for (let i = 0; i < n; i++) {
    const variance = values[i * n + i] as number;
    if (variance < -rounding) {
      addFault(list, 'OUT_OF_RANGE', `covariance[${i}][${i}]`, 'must not be negative', variance);
    }
    values[i * n + i] = Math.max(variance, 0);
    for (let j = 0; j < i; j++) {
      const low = values[i * n + j] as number;
      const high = values[j * n + i] as number;
      if (Math.abs(low - high) > rounding) {
        const text = `must equal covariance[${j}][${i}] = ${high}`;
        addFault(list, 'NOT_SYMMETRIC', `covariance[${i}][${j}]`, text, low);
      }
      const mean = low / 2 + high / 2;
      const isRiskless = values[j * n + j] === 0 || variance <= 0;
      if (isRiskless && Math.abs(mean) > rounding) {
        const text = 'must be 0 beside a leg without variance';
        addFault(list, 'NOT_POSITIVE_SEMIDEFINITE', `covariance[${i}][${j}]`, text, mean);
      }
      values[i * n + j] = isRiskless ? 0 : mean;
      values[j * n + i] = isRiskless ? 0 : mean;
    }
  }
  return list.faults.length === count;
}

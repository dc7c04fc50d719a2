/**
 * Contributions of risk factors to the variance of a mix, and their derivatives by ln w.
 */
import { symmetricEigen } from '../math/eigen.ts';
import { fromRows, multiply, type SquareMatrix } from '../math/matrix.ts';

const rankShare = 1e-12;

export type FactorModel = {
  readonly covariance: SquareMatrix;
  /** A', K rows of n. */
  readonly exposures: readonly Float64Array[];
  /** A⁺ Sigma, K rows of n. */
  readonly projections: readonly Float64Array[];
  readonly budgets: readonly number[];
};

export type FactorShares = {
  /** K + 1 shares of w'Sigma w, the residual last. */
  readonly shares: number[];
  /** Share minus budget, one per budget. */
  readonly misses: number[];
  /** Derivatives of the misses by ln w, one row per budget. */
  readonly jacobian: Float64Array[];
  readonly gap: number;
  readonly squares: number;
};

/** Null where the loadings' columns are linearly dependent. */
export function createFactorModel(
  covariance: SquareMatrix,
  loadings: readonly (readonly number[])[],
  budgets: readonly number[],
): FactorModel | null {
  const k = loadings[0]?.length ?? 0;
  const columns = Array.from({ length: k }, (_, f) =>
    Float64Array.from(loadings, (row) => row[f] as number),
  );
  const lengths = columns.map((column) => Math.hypot(...column));
  if (k > loadings.length || !lengths.every((length) => length > 0)) return null;
  const exposures = columns.map((column, f) => column.map((x) => x / (lengths[f] as number)));
  const gram = exposures.map((a) => exposures.map((b) => dot(a, b)));
  const { values, vectors } = symmetricEigen(fromRows(gram));
  if (!((values[0] as number) > rankShare)) return null;
  const weighted = exposures.map((row) => {
    const out = new Float64Array(covariance.n);
    multiply(covariance, row, out);
    return out;
  });
  const inverse = gram.map((_, a) =>
    gram.map((_, b) =>
      values.reduce((sum, value, e) => {
        const product =
          (vectors.values[a * k + e] as number) * (vectors.values[b * k + e] as number);
        return sum + product / value;
      }, 0),
    ),
  );
  const projections = inverse.map((row) => combine(row, weighted));
  return { covariance, exposures, projections, budgets };
}

/** Shares, misses and derivatives at w = exp(logs). */
export function factorSharesAt(model: FactorModel, logs: Float64Array): FactorShares {
  const highest = Math.max(...logs);
  const w = logs.map((value) => Math.exp(value - highest));
  const marginal = new Float64Array(w.length);
  multiply(model.covariance, w, marginal);
  const variance = dot(w, marginal);
  const varianceSlope = marginal.map((value) => 2 * value);
  const parts = model.exposures.map((exposure, f) => {
    const projection = model.projections[f] as Float64Array;
    const a = dot(exposure, w);
    const b = dot(projection, w);
    const slope = exposure.map((x, i) => x * b + a * (projection[i] as number));
    return { value: a * b, slope };
  });
  const explained = parts.reduce((sum, part) => sum + part.value, 0);
  const explainedSlope = combine(
    parts.map(() => 1),
    parts.map((part) => part.slope),
  );
  const residualSlope = varianceSlope.map((value, i) => value - (explainedSlope[i] as number));
  const residual = { value: variance - explained, slope: residualSlope };
  const isWhole = model.budgets.length > parts.length;
  const judged = isWhole ? [...parts, residual] : parts;
  const base = isWhole
    ? { value: variance, slope: varianceSlope }
    : { value: explained, slope: explainedSlope };
  const misses = judged.map((part, f) => part.value / base.value - (model.budgets[f] as number));
  const jacobian = judged.map((part) =>
    w.map((weight, i) => {
      const change =
        (part.slope[i] as number) - (part.value / base.value) * (base.slope[i] as number);
      return (weight * change) / base.value;
    }),
  );
  return {
    shares: [...parts, residual].map((part) => part.value / variance),
    misses,
    jacobian,
    gap: Math.max(...misses.map(Math.abs)),
    squares: misses.reduce((sum, miss) => sum + miss * miss, 0),
  };
}

/** The sum of factor × row. */
function combine(factors: readonly number[], rows: readonly Float64Array[]): Float64Array {
  const first = rows[0] as Float64Array;
  return first.map((_, i) =>
    rows.reduce((sum, row, f) => sum + (factors[f] as number) * (row[i] as number), 0),
  );
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
}

/** What every covariance estimator answers, and how pairwise moments become such an answer. */
import type { SquareMatrix } from '../../math/matrix.ts';
import type { PairwiseMoments } from '../pairwiseMoments.ts';
import { type CovarianceRepair, repairCorrelation } from '../positiveSemiDefinite.ts';
import type { ReturnColumns } from '../returnColumns.ts';

export type EstimateRepair =
  | CovarianceRepair
  /** Rows with a missing leg were not used: this estimator needs complete rows. */
  | { readonly code: 'ROWS_DROPPED'; readonly rows: number }
  /** These legs do not move; their correlations are stated as 0. */
  | { readonly code: 'ZERO_VARIANCE'; readonly legs: readonly number[] };

export type CovarianceEstimate = {
  readonly kind: 'estimated';
  /** N×N per bar, positive semi-definite. */
  readonly covariance: SquareMatrix;
  /** Intensity towards the estimator's target, 0…1; 0: it does not shrink. */
  readonly shrinkage: number;
  readonly effectiveBars: number;
  readonly repairs: readonly EstimateRepair[];
};

export type NoEstimate = { readonly kind: 'insufficientHistory'; readonly reason: string };

/** Covariance N×N from pairwise moments, repaired only if it is not positive semi-definite. */
export function fromPairwise(
  moments: PairwiseMoments,
  returns: ReturnColumns,
): CovarianceEstimate | NoEstimate {
  const n = returns.legs;
  const blind = moments.covariance.findIndex((value) => Number.isNaN(value));
  if (blind >= 0) {
    const bars = moments.commonBars[blind] ?? 0;
    return {
      kind: 'insufficientHistory',
      reason: `legs ${Math.floor(blind / n)} and ${blind % n} need more common bars, was ${bars}`,
    };
  }
  const deviations = deviationsOf({ n, values: moments.covariance });
  const correlation = scaled({ n, values: moments.covariance }, (i, j) =>
    safeInverse((deviations[i] as number) * (deviations[j] as number)),
  );
  for (let i = 0; i < n; i++) correlation.values[i * n + i] = 1;
  const repaired = repairCorrelation(correlation);
  const covariance =
    repaired.repairs.length === 0
      ? { n, values: moments.covariance }
      : fromCorrelation(repaired.correlation, deviations);
  return {
    kind: 'estimated',
    covariance,
    shrinkage: 0,
    effectiveBars: moments.effectiveBars,
    repairs: repaired.repairs,
  };
}

/** D C D. */
export function fromCorrelation(
  correlation: SquareMatrix,
  deviations: ArrayLike<number>,
): SquareMatrix {
  return scaled(correlation, (i, j) => (deviations[i] as number) * (deviations[j] as number));
}

/** Square roots of the diagonal. */
export function deviationsOf({ n, values }: SquareMatrix): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => Math.sqrt(values[i * n + i] as number));
}

const safeInverse = (value: number): number => (value === 0 ? 0 : 1 / value);

function scaled(matrix: SquareMatrix, factor: (i: number, j: number) => number): SquareMatrix {
  const { n } = matrix;
  const values = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      values[i * n + j] = (matrix.values[i * n + j] as number) * factor(i, j);
    }
  }
  return { n, values };
}

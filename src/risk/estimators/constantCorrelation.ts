/**
 * `constant-correlation`: S = X'X / T, demeaned, shrunk towards its own variances with the mean correlation.
 *
 *   d = max(0, min(1, (p - r) / (g T))), with p, r, g of appendix B: the noise of S, its covariance with the
 *   target's, and the squared distance between the two.
 * Shapes: T×N in, N×N out. Rows with a gap are dropped and counted.
 * Not the default: good for perpetuals among themselves, but one mean correlation is wrong across perpetuals,
 * pairs and coins. Source: Ledoit and Wolf, Honey, I shrunk the sample covariance matrix (2004).
 */
import type { SquareMatrix } from '../../math/matrix.ts';
import { crossProducts } from '../crossProducts.ts';
import type { ReturnColumns } from '../returnColumns.ts';
import { type CompleteRows, completeRows } from './completeRows.ts';
import { type CovarianceEstimate, deviationsOf, type NoEstimate } from './covarianceEstimate.ts';

export function constantCorrelationCovariance(
  returns: ReturnColumns,
): CovarianceEstimate | NoEstimate {
  const complete = completeRows(returns);
  if (complete.kind === 'insufficientHistory') return complete;
  const n = returns.legs;
  const sample = {
    n,
    values: crossProducts(complete.columns).map((value) => value / complete.rows),
  };
  const deviations = deviationsOf(sample);
  const mean = meanCorrelation(sample, deviations);
  const target = sample.values.map((value, at) => {
    const i = Math.floor(at / n);
    const j = at % n;
    return i === j ? value : mean * (deviations[i] as number) * (deviations[j] as number);
  });
  const shrinkage = intensity(complete, sample, target, mean, deviations);
  const values = sample.values.map(
    (value, at) => shrinkage * (target[at] as number) + (1 - shrinkage) * value,
  );
  return {
    kind: 'estimated',
    covariance: { n, values },
    shrinkage,
    effectiveBars: complete.rows,
    repairs: complete.repairs,
  };
}

/** Over pairs of legs that move; 0 where there are none. */
function meanCorrelation({ n, values }: SquareMatrix, deviations: Float64Array): number {
  let sum = 0;
  let pairs = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const scale = (deviations[i] as number) * (deviations[j] as number);
      if (scale === 0) continue;
      sum += (values[i * n + j] as number) / scale;
      pairs++;
    }
  }
  return pairs === 0 ? 0 : sum / pairs;
}

function intensity(
  { columns, rows }: CompleteRows,
  { n, values }: SquareMatrix,
  target: Float64Array,
  mean: number,
  deviations: Float64Array,
): number {
  const squares = columns.map((column) => column.map((value) => value * value));
  const cubes = columns.map((column) => column.map((value) => value * value * value));
  const fourth = crossProducts(squares);
  const third = crossProducts(cubes, columns);
  let pi = 0;
  let rho = 0;
  let gamma = 0;
  for (let i = 0; i < n; i++) {
    const variance = values[i * n + i] as number;
    for (let j = 0; j < n; j++) {
      const at = i * n + j;
      const covariance = values[at] as number;
      const noise = (fourth[at] as number) / rows - covariance * covariance;
      pi += noise;
      gamma += ((target[at] as number) - covariance) ** 2;
      if (i === j) rho += noise;
      else if ((deviations[i] as number) > 0) {
        // Both halves of the sum over i ≠ j meet here: theta_ii,ij of this pair is theta_jj,ji of the other.
        const theta = (third[at] as number) / rows - variance * covariance;
        rho += mean * ((deviations[j] as number) / (deviations[i] as number)) * theta;
      }
    }
  }
  return gamma === 0 ? 0 : Math.max(0, Math.min(1, (pi - rho) / (gamma * rows)));
}

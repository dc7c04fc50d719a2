/**
 * `denoised`: sample variances with a correlation whose noise eigenvalues are replaced by their mean.
 *
 * Noise is what lies under the Marchenko–Pastur edge s²(1 + sqrt(N / T))²; s², the noise variance, is the mean of
 * the eigenvalues under the edge, found by repeating until none crosses it. The diagonal is scaled back to one.
 * Shapes: T×N in, N×N out. Missing bars pairwise, T then the fewest effective bars.
 * Not the default: with T far above N, as here, there is little noise to take out.
 * Source: Laloux, Cizeau, Bouchaud and Potters (1999); López de Prado, Machine learning for asset managers (2020), 2.
 */
import { symmetricEigen } from '../../math/eigen.ts';
import { pairwiseMoments } from '../pairwiseMoments.ts';
import { recompose, withUnitDiagonal } from '../positiveSemiDefinite.ts';
import type { ReturnColumns } from '../returnColumns.ts';
import {
  type CovarianceEstimate,
  deviationsOf,
  fromCorrelation,
  fromPairwise,
  type NoEstimate,
} from './covarianceEstimate.ts';

export function denoisedCovariance(returns: ReturnColumns): CovarianceEstimate | NoEstimate {
  const n = returns.legs;
  const weights = new Float64Array(returns.bars).fill(1);
  const moments = pairwiseMoments(returns, { weights, mean: 'weighted' });
  const sample = fromPairwise(moments, returns);
  if (sample.kind === 'insufficientHistory') return sample;
  const deviations = deviationsOf(sample.covariance);
  const inverse = deviations.map((value) => (value === 0 ? 0 : 1 / value));
  const correlation = fromCorrelation(sample.covariance, inverse);
  for (let i = 0; i < n; i++) correlation.values[i * n + i] = 1;
  const eigen = symmetricEigen(correlation);
  const cleaned = withoutNoise(eigen.values, n / sample.effectiveBars);
  const denoised = withUnitDiagonal(recompose(cleaned, eigen.vectors));
  return { ...sample, covariance: fromCorrelation(denoised, deviations) };
}

/** @param eigenvalues ascending; their mean is one. */
export function withoutNoise(eigenvalues: readonly number[], ratio: number): readonly number[] {
  let noise = eigenvalues.length;
  let mean = 1;
  for (;;) {
    const edge = mean * (1 + Math.sqrt(ratio)) ** 2;
    const under = eigenvalues.slice(0, noise).filter((value) => value <= edge).length;
    if (under === noise || under === 0) break;
    noise = under;
    mean = eigenvalues.slice(0, noise).reduce((sum, value) => sum + value, 0) / noise;
  }
  return eigenvalues.map((value, k) => (k < noise ? Math.max(0, mean) : value));
}

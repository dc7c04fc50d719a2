/** The covariance estimators by name, with what each needs to be told. */
import type { ReturnColumns } from '../returnColumns.ts';
import { constantCorrelationCovariance } from './constantCorrelation.ts';
import type { CovarianceEstimate, NoEstimate } from './covarianceEstimate.ts';
import { denoisedCovariance } from './denoised.ts';
import { ewmaCovariance } from './ewma.ts';
import { gerberCovariance } from './gerber.ts';
import { ledoitWolfCovariance } from './ledoitWolf.ts';
import { oasCovariance } from './oas.ts';
import { sampleCovariance } from './sample.ts';
import { type SeparateSettings, separateCovariance } from './separate.ts';
import { type StudentTSettings, studentTCovariance } from './studentT.ts';

export const covarianceEstimators = [
  'sample',
  'ewma',
  'ledoit-wolf',
  'oas',
  'constant-correlation',
  'denoised',
  'gerber',
  'separate',
  'student-t',
] as const;
export type CovarianceEstimatorName = (typeof covarianceEstimators)[number];

export type CovarianceEstimator =
  | { readonly name: Exclude<CovarianceEstimatorName, 'ewma' | 'separate' | 'student-t'> }
  | { readonly name: 'ewma'; readonly halfLifeBars: number }
  | ({ readonly name: 'separate' } & SeparateSettings)
  | ({ readonly name: 'student-t' } & StudentTSettings);

/** @returns covariance N×N per bar, or how much history is missing. */
export function estimateCovariance(
  returns: ReturnColumns,
  estimator: CovarianceEstimator,
): CovarianceEstimate | NoEstimate {
  switch (estimator.name) {
    case 'sample':
      return sampleCovariance(returns);
    case 'ewma':
      return ewmaCovariance(returns, estimator.halfLifeBars);
    case 'ledoit-wolf':
      return ledoitWolfCovariance(returns);
    case 'oas':
      return oasCovariance(returns);
    case 'constant-correlation':
      return constantCorrelationCovariance(returns);
    case 'denoised':
      return denoisedCovariance(returns);
    case 'gerber':
      return gerberCovariance(returns);
    case 'separate':
      return separateCovariance(returns, estimator);
    case 'student-t':
      return studentTCovariance(returns, estimator);
  }
}

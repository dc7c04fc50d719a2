/** The covariance estimators that are scored, with the settings worth telling apart. */
import type { CovarianceEstimator } from '../../src/risk/estimators/estimateCovariance.ts';
import { separateDefaults } from '../../src/risk/estimators/separate.ts';

export type Candidate = { readonly label: string; readonly estimator: CovarianceEstimator };

/** These have the sample's own variances: nothing of theirs to score leg by leg. */
export const sampleVariances: readonly string[] = [
  'ledoit-wolf',
  'oas',
  'constant-correlation',
  'denoised',
  'gerber',
];

const ewma = (halfLifeBars: number): Candidate => ({
  label: `ewma, half-life ${halfLifeBars}`,
  estimator: { name: 'ewma', halfLifeBars },
});

const separate = (
  volatilityHalfLifeBars: number,
  volatilityShrinkageShare: number,
  correlationHalfLifeBars: number,
  correlationShrinkageShare: number,
): Candidate => ({
  label: `separate ${volatilityHalfLifeBars}/${correlationHalfLifeBars}, shrinkage ${volatilityShrinkageShare}/${correlationShrinkageShare}`,
  estimator: {
    name: 'separate',
    volatilityHalfLifeBars,
    volatilityShrinkageShare,
    correlationHalfLifeBars,
    correlationShrinkageShare,
  },
});

export const candidates: readonly Candidate[] = [
  { label: '**separate (default)**', estimator: { name: 'separate', ...separateDefaults } },
  separate(168, 0, 720, 0),
  separate(72, 0.3, 720, 0.02),
  separate(36, 0.3, 720, 0.02),
  separate(168, 0.2, 336, 0.02),
  separate(168, 0.2, 720, 0.1),
  ewma(24),
  ewma(72),
  ewma(168),
  ewma(720),
  { label: 'sample', estimator: { name: 'sample' } },
  { label: 'ledoit-wolf', estimator: { name: 'ledoit-wolf' } },
  { label: 'oas', estimator: { name: 'oas' } },
  { label: 'constant-correlation', estimator: { name: 'constant-correlation' } },
  { label: 'denoised', estimator: { name: 'denoised' } },
  { label: 'gerber', estimator: { name: 'gerber' } },
  {
    label: 'student-t, half-life 168, 4 degrees',
    estimator: { name: 'student-t', halfLifeBars: 168, degreesOfFreedom: 4 },
  },
];

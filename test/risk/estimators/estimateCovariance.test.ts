/**
 * Goal: what every covariance estimator must hold, whichever it is, and the closed forms of each.
 * Method: properties over seeded random returns with and without gaps; small samples worked by hand.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { symmetricEigen } from '../../../src/math/eigen.ts';
import { withoutNoise } from '../../../src/risk/estimators/denoised.ts';
import {
  type CovarianceEstimator,
  covarianceEstimators,
  estimateCovariance,
} from '../../../src/risk/estimators/estimateCovariance.ts';
import { separateDefaults } from '../../../src/risk/estimators/separate.ts';
import { columnsFromLegs } from '../../../src/risk/returnColumns.ts';

type Legs = readonly (readonly (number | null)[])[];

function estimatorOf(name: (typeof covarianceEstimators)[number]): CovarianceEstimator {
  switch (name) {
    case 'ewma':
      return { name, halfLifeBars: 10 };
    case 'separate':
      return { name, ...separateDefaults, volatilityHalfLifeBars: 8, correlationHalfLifeBars: 16 };
    case 'student-t':
      return { name, halfLifeBars: 20, degreesOfFreedom: 5 };
    default:
      return { name };
  }
}

function covarianceOf(legs: Legs, estimator: CovarianceEstimator): Float64Array | null {
  const estimate = estimateCovariance(columnsFromLegs(legs), estimator);
  return estimate.kind === 'estimated' ? estimate.covariance.values : null;
}

/** Entries against the largest one, so that rounding is judged by the matrix and not by its smallest entry. */
function expectSame(found: Float64Array | null, wanted: Float64Array | null, tolerance: number) {
  expect(found === null).toBe(wanted === null);
  const largest = Math.max(0, ...(wanted ?? []).map(Math.abs));
  wanted?.forEach((value, at) => {
    expect(Math.abs((found?.[at] ?? Number.NaN) - value)).toBeLessThanOrEqual(tolerance * largest);
  });
}

const value = fc.integer({ min: -1000, max: 1000 }).map((x) => (x + 0.5) / 10_000);
const series = fc.array(value, { minLength: 30, maxLength: 30 });
const gappy = fc.array(fc.option(value, { freq: 5 }), { minLength: 30, maxLength: 30 });
const complete = fc.array(series, { minLength: 2, maxLength: 6 });

describe.each(covarianceEstimators)('%s', (name) => {
  const estimator = estimatorOf(name);

  it('is positive semi-definite, gaps or not', () => {
    const legs = fc.oneof(complete, fc.array(gappy, { minLength: 2, maxLength: 8 }));
    fc.assert(
      fc.property(legs, (returns) => {
        const covariance = covarianceOf(returns, estimator);
        if (covariance === null) return;
        const n = returns.length;
        const { values } = symmetricEigen({ n, values: covariance });
        expect(Math.min(...values)).toBeGreaterThanOrEqual(-1e-12 * Math.max(...values));
      }),
      { seed: 11, numRuns: 40 },
    );
  });

  it('follows the legs when they change places', () => {
    fc.assert(
      fc.property(complete, (returns) => {
        const n = returns.length;
        const forth = covarianceOf(returns, estimator);
        const back = covarianceOf([...returns].reverse(), estimator);
        expectSame(back, forth === null ? null : forth.slice().reverse(), 1e-9);
        expect(forth?.length).toBe(n * n);
      }),
      { seed: 12, numRuns: 20 },
    );
  });

  it('grows with the square of the returns', () => {
    fc.assert(
      fc.property(complete, fc.double({ min: 0.01, max: 100, noNaN: true }), (returns, scale) => {
        const one = covarianceOf(returns, estimator);
        const scaled = returns.map((leg) => leg.map((x) => x * scale));
        const wanted = one?.map((entry) => entry * scale * scale) ?? null;
        expectSame(covarianceOf(scaled, estimator), wanted, 1e-8);
      }),
      { seed: 13, numRuns: 20 },
    );
  });

  it('says how much history is missing instead of guessing', () => {
    const estimate = estimateCovariance(
      columnsFromLegs([
        [null, 0.01],
        [0.01, null],
      ]),
      estimator,
    );
    expect(estimate.kind).toBe('insufficientHistory');
  });
});

describe('closed forms', () => {
  it('ewma: two bars, half-life one, weigh the newest twice', () => {
    const covariance = covarianceOf([[0.3, 0.6]], { name: 'ewma', halfLifeBars: 1 });
    expect(covariance?.[0]).toBeCloseTo((0.5 * 0.09 + 0.36) / 1.5, 14);
  });

  it('ewma: a gap keeps its place in the count of rows', () => {
    const covariance = covarianceOf([[0.3, null, 0.6]], { name: 'ewma', halfLifeBars: 1 });
    expect(covariance?.[0]).toBeCloseTo((0.25 * 0.09 + 0.36) / 1.25, 14);
  });

  it('separate with infinite half-lives and no shrinkage is the sample covariance', () => {
    const legs = [
      [0.01, -0.02, 0.03, 0.01],
      [0.02, -0.01, 0.01, -0.03],
    ];
    const separate = covarianceOf(legs, {
      name: 'separate',
      volatilityHalfLifeBars: Number.POSITIVE_INFINITY,
      correlationHalfLifeBars: Number.POSITIVE_INFINITY,
      volatilityShrinkageShare: 0,
      correlationShrinkageShare: 0,
    });
    expectSame(separate, covarianceOf(legs, { name: 'sample' }), 1e-13);
  });

  it('separate shrinks variance towards the whole window and correlation towards none', () => {
    const legs = [
      [0.04, -0.04, 0.01, -0.01],
      [0.04, -0.04, 0.01, 0.01],
    ];
    const of = (volatilityShrinkageShare: number, correlationShrinkageShare: number) =>
      covarianceOf(legs, {
        name: 'separate',
        volatilityHalfLifeBars: 1,
        correlationHalfLifeBars: 10,
        volatilityShrinkageShare,
        correlationShrinkageShare,
      }) ?? new Float64Array(4);
    const rho = (matrix: Float64Array) =>
      (matrix[1] ?? 0) / Math.sqrt((matrix[0] ?? 0) * (matrix[3] ?? 0));
    const window = covarianceOf(legs, { name: 'sample' })?.[0] ?? 0;
    expect(of(1, 0)[0]).toBeCloseTo(window, 14);
    expect(of(0.25, 0)[0]).toBeCloseTo(0.75 * (of(0, 0)[0] ?? 0) + 0.25 * window, 14);
    expect(of(0, 0)[0]).toBeLessThan(window);
    expect(rho(of(0, 0.3))).toBeCloseTo(0.7 * rho(of(0, 0)), 12);
  });

  it('student-t with many degrees of freedom is ewma', () => {
    const legs = [
      [0.01, -0.02, 0.03, 0.01],
      [0.02, -0.01, 0.01, -0.03],
    ];
    const heavy = covarianceOf(legs, { name: 'student-t', halfLifeBars: 3, degreesOfFreedom: 1e9 });
    expectSame(heavy, covarianceOf(legs, { name: 'ewma', halfLifeBars: 3 }), 1e-7);
  });

  it('student-t gives one crash less weight than ewma does', () => {
    const calm = Array.from({ length: 40 }, (_, bar) => 0.01 * Math.sin(bar * 1.3));
    const crash = [...calm, -0.5, 0.005];
    const t = covarianceOf([crash], { name: 'student-t', halfLifeBars: 20, degreesOfFreedom: 4 });
    const ewma = covarianceOf([crash], { name: 'ewma', halfLifeBars: 20 });
    expect(t?.[0]).toBeLessThan((ewma?.[0] ?? 0) / 5);
  });

  it('gerber counts joint large moves only', () => {
    // Deviations near 0.018: moves of 0.02 count, those of 0.001 do not. Joint: agree, agree, oppose; one alone.
    const a = [0.02, -0.02, 0.02, 0.001, 0.02, 0.001];
    const b = [0.02, -0.02, -0.02, 0.001, 0.001, 0.001];
    const covariance = covarianceOf([a, b], { name: 'gerber' }) ?? new Float64Array(4);
    const correlation =
      (covariance[1] ?? 0) / Math.sqrt((covariance[0] ?? 0) * (covariance[3] ?? 0));
    expect(correlation).toBeCloseTo((2 - 1) / 4, 12);
  });

  it('denoised keeps what stands out, averages the rest and keeps the trace', () => {
    const cleaned = withoutNoise([0.4, 0.6, 0.8, 3.2], 0.1);
    expect(cleaned).toEqual([0.6, 0.6, 0.6, 3.2].map((x) => expect.closeTo(x, 12)));
    const none = withoutNoise([0.9, 1, 1.1], 0.1);
    expect(none).toEqual([1, 1, 1].map((x) => expect.closeTo(x, 12)));
  });

  it('reports the rows that the shrinkage formulas could not use', () => {
    const legs = [
      [0.01, null, -0.02, 0.03],
      [0.02, 0.01, -0.01, 0.01],
    ];
    const estimate = estimateCovariance(columnsFromLegs(legs), { name: 'ledoit-wolf' });
    expect(estimate).toMatchObject({ repairs: [{ code: 'ROWS_DROPPED', rows: 1 }] });
  });

  it('repairs pairwise correlations that contradict each other, and says so', () => {
    // Covariances over four bars, variances over eight: 7/6 of a correlation of one, and no three legs can do that.
    // a and b move together, b and c together, a and c against each other, each on bars of its own.
    const up = [0.01, -0.01, 0.02, -0.02];
    const down = up.map((x) => -x);
    const none = [null, null, null, null];
    const legs = [
      [...up, ...none, ...up],
      [...up, ...up, ...none],
      [...none, ...up, ...down],
    ];
    const estimate = estimateCovariance(columnsFromLegs(legs), { name: 'sample' });
    expect(estimate).toMatchObject({ repairs: [{ code: 'COVARIANCE_REPAIRED' }] });
    if (estimate.kind !== 'estimated') return;
    const repair = estimate.repairs[0];
    expect(repair?.code === 'COVARIANCE_REPAIRED' && repair.minEigenvalue).toBeCloseTo(
      1 - 2 * (7 / 6),
      10,
    );
    const { values } = symmetricEigen(estimate.covariance);
    expect(Math.min(...values)).toBeGreaterThan(-1e-18);
  });
});

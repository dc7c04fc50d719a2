/** The minimum-variance hedge: closed forms, and that no other ratio leaves less variance. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hedgeRatio } from '../../src/risk/hedgeRatio.ts';

test('a perfect hedge with twice the volatility is sold half as much', () => {
  const found = hedgeRatio({ holdingVariance: 0.09, instrumentVariance: 0.36, covariance: 0.18 });
  expect(found?.ratio).toBeCloseTo(0.5, 12);
  expect(found?.effectiveness).toBeCloseTo(1, 12);
});

test('what does not move together hedges nothing, what moves against is bought', () => {
  const at = (covariance: number) =>
    hedgeRatio({ holdingVariance: 0.04, instrumentVariance: 0.04, covariance });
  expect(at(0)).toEqual({ ratio: 0, effectiveness: 0 });
  expect(at(-0.02)?.ratio).toBeCloseTo(-0.5, 12);
  expect(at(0.02)?.effectiveness).toBeCloseTo(0.25, 12);
});

test('without variance there is no ratio', () => {
  expect(hedgeRatio({ holdingVariance: 0, instrumentVariance: 1, covariance: 0 })).toBeNull();
  expect(hedgeRatio({ holdingVariance: 1, instrumentVariance: 0, covariance: 0 })).toBeNull();
});

test('no other ratio leaves less variance, and the effectiveness is what it takes', () => {
  const variance = fc.double({ min: 0.01, max: 4, noNaN: true });
  const correlation = fc.double({ min: -1, max: 1, noNaN: true });
  const other = fc.double({ min: -5, max: 5, noNaN: true });
  fc.assert(
    fc.property(variance, variance, correlation, other, (a, b, rho, ratio) => {
      const covariance = rho * Math.sqrt(a * b);
      const found = hedgeRatio({ holdingVariance: a, instrumentVariance: b, covariance });
      const left = (h: number) => a - 2 * h * covariance + h * h * b;
      const best = left(found?.ratio ?? Number.NaN);
      expect(best).toBeLessThanOrEqual(left(ratio) + 1e-9);
      expect(1 - best / a).toBeCloseTo(found?.effectiveness ?? Number.NaN, 9);
    }),
    { seed: 2 },
  );
});

/**
 * Goal: contributions add up to the whole and are the derivative they claim to be.
 * Method: closed forms, then Euler's identity and a finite difference over random books.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contributions, portfolioVolatility, sumByLabel } from '../../src/risk/contributions.ts';

const covariance = [
  [0.04, 0.006],
  [0.006, 0.09],
];

describe('contributions', () => {
  it('splits two uncorrelated legs by their squared exposures', () => {
    const split = contributions(
      [3, 4],
      [
        [1, 0],
        [0, 1],
      ],
    );
    expect(split.volatility).toBe(5);
    [1.8, 3.2].forEach((value, leg) => {
      expect(split.absolute[leg]).toBeCloseTo(value, 14);
      expect(split.riskShares[leg]).toBeCloseTo(value / 5, 14);
    });
  });

  it('gives a hedge a negative share', () => {
    const split = contributions(
      [1, -0.1],
      [
        [0.04, 0.05],
        [0.05, 0.09],
      ],
    );
    expect(split.riskShares[1]).toBeLessThan(0);
  });

  it('answers an empty book with zeros', () => {
    expect(contributions([0, 0], covariance)).toEqual({
      volatility: 0,
      marginal: [0, 0],
      absolute: [0, 0],
      riskShares: [0, 0],
    });
  });

  it('has absolute contributions that add up and marginal ones that are the slope', () => {
    const exposure = fc.double({ min: -5, max: 5, noNaN: true });
    fc.assert(
      fc.property(exposure, exposure, (a, b) => {
        fc.pre(Math.abs(a) + Math.abs(b) > 0.1);
        const split = contributions([a, b], covariance);
        const step = 1e-6;
        const slope =
          (portfolioVolatility([a + step, b], covariance) -
            portfolioVolatility([a - step, b], covariance)) /
          (2 * step);
        expect((split.absolute[0] ?? 0) + (split.absolute[1] ?? 0)).toBeCloseTo(
          split.volatility,
          12,
        );
        expect(split.marginal[0]).toBeCloseTo(slope, 6);
      }),
      { seed: 7, numRuns: 200 },
    );
  });
});

describe('sumByLabel', () => {
  it('adds what carries the same label, in order of first sight', () => {
    const sums = sumByLabel([0.25, 0.25, 0.5], ['majors', 'yield', 'majors']);
    expect(Object.entries(sums)).toEqual([
      ['majors', 0.75],
      ['yield', 0.25],
    ]);
  });
});

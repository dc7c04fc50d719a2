/**
 * Goal: books of loud and quiet legs, on which a peer's optimiser fell back to equal weights, are all solved.
 * Method: ten perpetuals, and eight with two stable legs, at four scales of time, 400 seeded books each.
 */
import { expect, test } from 'vitest';
import { solveWeights } from '../../src/parity/weights.ts';
import { type Chance, chanceFrom, normalFrom, sharesOf } from './randomProblems.ts';

const barsPerYear = { annual: 1, daily: 365, '8-hour': 1095, hourly: 8760 };
const kinds = { '10 perpetuals': 0, '8 perpetuals and 2 stable legs': 2 };

/** Sample covariance of 250 bars of a one-factor market with quiet legs at the end. */
function bookFrom(chance: Chance, stableLegs: number, scale: number): number[][] {
  const volatility = Array.from({ length: 10 }, (_, i) =>
    i >= 10 - stableLegs ? 0.001 + 0.009 * chance() : 0.4 + 1.1 * chance(),
  );
  const beta = volatility.map((_, i) =>
    i >= 10 - stableLegs ? 0.3 * chance() : 0.6 + 0.3 * chance(),
  );
  const bars = Array.from({ length: 250 }, () => {
    const market = normalFrom(chance);
    return volatility.map((sigma, i) => {
      const b = beta[i] as number;
      return (sigma / Math.sqrt(scale)) * (b * market + Math.sqrt(1 - b * b) * normalFrom(chance));
    });
  });
  return volatility.map((_, i) =>
    volatility.map((__, j) =>
      bars.reduce((sum, bar) => sum + ((bar[i] as number) * (bar[j] as number)) / bars.length, 0),
    ),
  );
}

const grid = Object.entries(kinds).flatMap(([kind, stableLegs]) =>
  Object.entries(barsPerYear).map(([scale, bars]) => [kind, scale, stableLegs, bars] as const),
);

test.each(grid)('%s at %s scale: no failure in 400 books', (_, __, stableLegs, scale) => {
  let failures = 0;
  let worst = 0;
  for (let seed = 1; seed <= 400; seed++) {
    const covariance = bookFrom(chanceFrom(seed), stableLegs, scale);
    const answer = solveWeights({ covariance });
    if (answer.kind !== 'converged') failures += 1;
    else
      for (const share of sharesOf(covariance, answer.weights))
        worst = Math.max(worst, Math.abs(share - 0.1));
  }
  expect(failures).toBe(0);
  expect(worst).toBeLessThanOrEqual(1e-10);
});

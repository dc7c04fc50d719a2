/** Random books for the objectives, and what makes their weights optimal. */
import { expect } from 'vitest';
import { solveWeights } from '../../src/parity/weights.ts';
import type { WeightsProblem } from '../../src/parity/weightsProblem.ts';
import { chanceFrom, covarianceFrom, randomCorrelation } from './randomProblems.ts';

export function converged(problem: WeightsProblem) {
  const answer = solveWeights(problem);
  if (answer.kind !== 'converged') throw new Error(JSON.stringify(answer));
  return answer;
}

export function randomBook(seed: number) {
  const chance = chanceFrom(seed);
  const n = 2 + Math.floor(chance() * 15);
  const correlation = randomCorrelation(n, 10 ** (3 * chance()), chance);
  const volatility = correlation.map(() => 0.05 + chance());
  const lowerBounds = volatility.map(() => (0.5 * chance()) / n);
  const upperBounds = volatility.map(() => (1.2 + 2 * chance()) / n);
  return {
    chance,
    volatility,
    covariance: covarianceFrom(correlation, volatility),
    lowerBounds,
    upperBounds,
  };
}

export function product(covariance: number[][], weights: readonly number[]): number[] {
  return covariance.map((row) => row.reduce((sum, s, j) => sum + s * (weights[j] as number), 0));
}

/** Whether a slope of the function to be minimised excuses each weight: equal to the price, or held by a bound. */
export function expectOptimal(
  slopes: readonly number[],
  weights: readonly number[],
  bounds: { lowerBounds: readonly number[]; upperBounds: readonly number[] },
): void {
  const { lowerBounds, upperBounds } = bounds;
  const scale = Math.max(...slopes.map(Math.abs));
  const canRise = slopes.filter((_, i) => (weights[i] as number) < (upperBounds[i] as number));
  const canFall = slopes.filter((_, i) => (weights[i] as number) > (lowerBounds[i] as number));
  // No weight that can fall is dearer than one that can rise.
  expect(Math.max(...canFall) - Math.min(...canRise)).toBeLessThan(1e-8 * scale);
  for (const [i, weight] of weights.entries()) {
    expect(weight).toBeGreaterThanOrEqual(lowerBounds[i] as number);
    expect(weight).toBeLessThanOrEqual(upperBounds[i] as number);
  }
}

export const seeds = Array.from({ length: 120 }, (_, k) => k + 1);
export const longOnly = (n: number) => ({
  lowerBounds: Array.from({ length: n }, () => 0),
  upperBounds: Array.from({ length: n }, () => 1),
});

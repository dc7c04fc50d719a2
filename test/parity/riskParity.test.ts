/**
 * Goal: the core meets any budgets on any positive definite matrix, cold and warm.
 * Method: closed forms, then hard random matrices with the shares recomputed from the weights.
 */
import { expect, test } from 'vitest';
import { fromRows } from '../../src/math/matrix.ts';
import { riskParity } from '../../src/parity/riskParity.ts';
import { chanceFrom, covarianceFrom, randomCorrelation, sharesOf } from './randomProblems.ts';

const tolerance = 1e-10;

function systemFrom(covariance: number[][], budgets: number[], signs?: number[]) {
  const total = budgets.reduce((sum, budget) => sum + budget, 0);
  return {
    covariance: fromRows(covariance),
    scale: Float64Array.from(
      covariance,
      (row, i) => (signs?.[i] ?? 1) * Math.sqrt(row[i] as number),
    ),
    budgets: Float64Array.from(budgets, (budget) => budget / total),
  };
}

test('uncorrelated legs weigh sqrt(budget) / volatility', () => {
  const system = systemFrom(
    [
      [0.04, 0, 0],
      [0, 0.01, 0],
      [0, 0, 0.25],
    ],
    [0.16, 0.64, 0.2],
  );
  const { z, y } = riskParity(system, tolerance).state;
  expect(z[0]).toBeCloseTo(0.4 / 0.2, 12);
  expect(z[1]).toBeCloseTo(0.8 / 0.1, 12);
  expect(z[2]).toBeCloseTo(Math.sqrt(0.2) / 0.5, 12);
  expect(y[0]).toBeCloseTo(0.4, 12);
});

test('a perfect hedge at the given signs has no answer', () => {
  const system = systemFrom(
    [
      [1, 1],
      [1, 1],
    ],
    [0.5, 0.5],
    [1, -1],
  );
  expect(riskParity(system, tolerance).isConverged).toBe(false);
});

test('a warm start at the answer takes no iteration, next to it fewer than a cold one', () => {
  const chance = chanceFrom(7);
  const correlation = randomCorrelation(12, 10, chance);
  const volatility = correlation.map(() => 0.1 + chance());
  const budgets = correlation.map(() => 0.2 + chance());
  const system = systemFrom(covarianceFrom(correlation, volatility), budgets);
  const cold = riskParity(system, tolerance);
  expect(cold.iterations).toBeGreaterThan(0);
  expect(riskParity(system, tolerance, cold.state.y).iterations).toBe(0);
  const near = cold.state.y.map((y, i) => y * (1 + 1e-6 * Math.cos(i)));
  expect(riskParity(system, tolerance, near).iterations).toBeLessThan(cold.iterations);
});

test.each([1e1, 1e3, 1e6])('budgets are met for random matrices of condition %d', (condition) => {
  for (let seed = 1; seed <= 150; seed++) {
    const chance = chanceFrom(seed);
    const n = 1 + Math.floor(chance() * 30);
    const correlation = randomCorrelation(n, condition, chance);
    const volatility = correlation.map(() => 1e-4 * 3e4 ** chance());
    const budgets = correlation.map(() => 10 ** (-4 * chance()));
    const signs = correlation.map(() => (chance() < 0.5 ? 1 : -1));
    const covariance = covarianceFrom(correlation, volatility);
    const system = systemFrom(covariance, budgets, signs);
    const solution = riskParity(system, tolerance);
    expect(solution, `seed ${seed}`).toMatchObject({ isConverged: true });
    const shares = sharesOf(covariance, [...solution.state.z]);
    for (const [i, share] of shares.entries()) {
      expect(Math.abs(share - (system.budgets[i] as number)), `seed ${seed}`).toBeLessThan(1e-9);
      expect(Math.sign(solution.state.z[i] as number)).toBe(signs[i]);
    }
  }
});

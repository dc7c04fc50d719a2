/**
 * Goal: factor parity meets the budgets of factors and residual, or says that it cannot.
 * Method: a factor per leg against risk parity; the contributions of Roncalli and Weisang, recomputed by normal equations.
 */
import { expect, test } from 'vitest';
import { solveWeights } from '../../src/parity/weights.ts';
import { converged, product, randomBook } from './objectivesGiven.ts';

test('factor parity with a factor per leg is risk parity of the legs', () => {
  const { covariance } = randomBook(3);
  const n = covariance.length;
  const loadings = covariance.map((_, i) =>
    Array.from({ length: n }, (__, k) => (i === k ? 1 + i : 0)),
  );
  const factor = converged({ covariance, objective: 'factor-parity', loadings });
  const parity = converged({ covariance });
  for (const [i, weight] of parity.weights.entries())
    expect(factor.weights[i]).toBeCloseTo(weight, 8);
});

test('factor parity meets budgets of factors and residual in Roncalli and Weisang contributions', () => {
  const loadings = [
    [1, 0.2],
    [0.8, -0.3],
    [1.2, 0.5],
    [0.9, -0.6],
    [1.1, 0.1],
  ];
  const covariance = loadings.map((a, i) =>
    loadings.map(
      (b, j) =>
        0.04 * (a[0] as number) * (b[0] as number) +
        0.09 * (a[1] as number) * (b[1] as number) +
        (i === j ? 0.02 : 0),
    ),
  );
  const free = converged({
    covariance,
    objective: 'factor-parity',
    loadings,
    factorBudgets: [0.8, 0.2],
  });
  const [first, second, residual] = free.factorShares as [number, number, number];
  expect(first / (first + second)).toBeCloseTo(0.8, 9);
  expect(first + second + residual).toBeCloseTo(1, 12);
  const whole = converged({
    covariance,
    objective: 'factor-parity',
    loadings,
    factorBudgets: [0.7, 0.2, 0.1],
  });
  for (const [k, share] of [0.7, 0.2, 0.1].entries())
    expect(whole.factorShares?.[k]).toBeCloseTo(share, 9);
  // Independent: A⁺ Sigma w by the normal equations of two factors.
  const marginal = product(covariance, whole.weights);
  const gram = (k: number, l: number) =>
    loadings.reduce((sum, row) => sum + (row[k] as number) * (row[l] as number), 0);
  const along = (k: number, values: readonly number[]) =>
    loadings.reduce((sum, row, i) => sum + (row[k] as number) * (values[i] as number), 0);
  const determinant = gram(0, 0) * gram(1, 1) - gram(0, 1) ** 2;
  const market = (gram(1, 1) * along(0, marginal) - gram(0, 1) * along(1, marginal)) / determinant;
  const share = (along(0, whole.weights) * market) / whole.volatility ** 2;
  expect(share).toBeCloseTo(0.7, 9);
});

test('factor budgets that long legs cannot meet are answered notConverged', () => {
  const covariance = [
    [1, 0.5],
    [0.5, 1],
  ];
  const answer = solveWeights({
    covariance,
    objective: 'factor-parity',
    loadings: [[1], [1]],
    factorBudgets: [0.2, 0.8],
  });
  expect(answer.kind).toBe('notConverged');
});

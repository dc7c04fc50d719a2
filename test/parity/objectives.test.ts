/**
 * Goal: minimum variance, maximum diversification and risk parity are each at their own optimum, with and without bounds.
 * Method: closed forms; then the optimality conditions, recomputed here, on random books.
 */
import { expect, test } from 'vitest';
import { solveWeights } from '../../src/parity/weights.ts';
import {
  converged,
  expectOptimal,
  longOnly,
  product,
  randomBook,
  seeds,
} from './objectivesGiven.ts';

test('two uncorrelated legs: minimum variance weighs by inverse variance', () => {
  const { weights } = converged({
    covariance: [
      [0.04, 0],
      [0, 0.01],
    ],
    objective: 'minimum-variance',
  });
  expect(weights[0]).toBeCloseTo(0.2, 13);
});

test('minimum variance: no transfer between legs lowers the variance, long only and within bounds', () => {
  for (const seed of seeds) {
    const book = randomBook(seed);
    const { covariance } = book;
    const free = converged({ covariance, objective: 'minimum-variance' }).weights;
    expectOptimal(product(covariance, free), free, longOnly(free.length));
    const { lowerBounds, upperBounds } = book;
    const problem = {
      covariance,
      objective: 'minimum-variance',
      lowerBounds,
      upperBounds,
    } as const;
    const { weights } = converged(problem);
    expectOptimal(product(covariance, weights), weights, book);
  }
});

test('maximum diversification: no transfer raises the ratio, long only and within bounds', () => {
  for (const seed of seeds) {
    const book = randomBook(seed);
    const { covariance, volatility, lowerBounds, upperBounds } = book;
    const free = converged({ covariance, objective: 'maximum-diversification' }).weights;
    const bounded = converged({
      covariance,
      objective: 'maximum-diversification',
      lowerBounds,
      upperBounds,
    }).weights;
    for (const [weights, bounds] of [
      [free, longOnly(free.length)],
      [bounded, book],
    ] as const) {
      const marginal = product(covariance, weights);
      const variance = marginal.reduce((sum, value, i) => sum + value * (weights[i] as number), 0);
      const average = volatility.reduce((sum, value, i) => sum + value * (weights[i] as number), 0);
      const slopes = marginal.map(
        (value, i) => value / variance - (volatility[i] as number) / average,
      );
      // The slopes vanish at the unbounded optimum: their scale is that of their two parts.
      const scaled = slopes.map((value) => value / Math.max(...marginal.map((m) => m / variance)));
      const canRise = scaled.filter(
        (_, i) => (weights[i] as number) < (bounds.upperBounds[i] as number),
      );
      const canFall = scaled.filter(
        (_, i) => (weights[i] as number) > (bounds.lowerBounds[i] as number),
      );
      expect(Math.max(...canFall) - Math.min(...canRise)).toBeLessThan(1e-7);
    }
  }
});

test('risk parity within bounds: free legs share by budget, bounded ones are excused by their side', () => {
  let bounded = 0;
  for (const seed of seeds) {
    const { covariance, lowerBounds, upperBounds } = randomBook(seed);
    const answer = solveWeights({ covariance, lowerBounds, upperBounds });
    if (answer.kind === 'infeasible') continue;
    if (answer.kind !== 'converged') throw new Error(JSON.stringify(answer));
    const { weights, riskShares } = answer;
    const isFree = (w: number, i: number) =>
      w > (lowerBounds[i] as number) && w < (upperBounds[i] as number);
    const level = riskShares.filter((_, i) => isFree(weights[i] as number, i))[0];
    if (level === undefined) continue;
    bounded += weights.some((w, i) => !isFree(w, i)) ? 1 : 0;
    for (const [i, share] of riskShares.entries()) {
      const weight = weights[i] as number;
      if (isFree(weight, i)) expect(Math.abs(share - level)).toBeLessThan(1e-9);
      else if (weight <= (lowerBounds[i] as number)) expect(share).toBeGreaterThan(level - 1e-9);
      else expect(share).toBeLessThan(level + 1e-9);
    }
    expect(weights.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 12);
  }
  expect(bounded).toBeGreaterThan(50);
});

test('bounds on a short leg hold its signed weight', () => {
  const covariance = [
    [1, 0],
    [0, 1],
  ];
  const answer = converged({ covariance, signs: [1, -1], lowerBounds: [0, -0.3] });
  expect(answer.weights[0]).toBeCloseTo(0.7, 12);
  expect(answer.weights[1]).toBe(-0.3);
});

test('nested groups: an inner group takes its share of the outer one, the rest goes to the other legs', () => {
  const covariance = [
    [1, 0, 0, 0],
    [0, 4, 0, 0],
    [0, 0, 9, 0],
    [0, 0, 0, 16],
  ];
  const { riskShares } = converged({
    covariance,
    budgets: [1, 1, 3, 1],
    groups: { majors: [0], yield: [1, 2, 3], stable: [3] },
    groupBudgets: { majors: 3, yield: 1, stable: 0.2 },
  });
  const expected = [0.75, 0.25 * 0.8 * 0.25, 0.25 * 0.8 * 0.75, 0.25 * 0.2];
  for (const [i, share] of expected.entries()) expect(riskShares[i]).toBeCloseTo(share, 9);
});

test('legs without a budget are left out under every objective', () => {
  const covariance = [
    [0.04, 0.01, 0],
    [0.01, 0.09, 0],
    [0, 0, 0],
  ];
  for (const objective of [
    'risk-parity',
    'inverse-volatility',
    'equal-weight',
    'minimum-variance',
  ] as const) {
    expect(converged({ covariance, objective, budgets: [1, 1, 0] }).weights[2]).toBe(0);
  }
});

test('a narrowly indefinite matrix is repaired and says so, a grossly indefinite one is refused', () => {
  const repaired = converged({
    covariance: [
      [1, 1.0001],
      [1.0001, 1],
    ],
  });
  expect(repaired.repairs).toMatchObject([{ code: 'COVARIANCE_REPAIRED' }]);
  expect(repaired.repairs[0]?.minEigenvalue).toBeCloseTo(-1e-4, 10);
  const gross = [
    [1, 0.9, -0.9],
    [0.9, 1, 0.9],
    [-0.9, 0.9, 1],
  ];
  expect(solveWeights({ covariance: gross })).toMatchObject({ kind: 'infeasible' });
});

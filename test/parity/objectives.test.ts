/**
 * Goal: each objective is at its own optimum, with and without bounds.
 * Method: closed forms; then the optimality conditions, recomputed here, on random books.
 */
import { expect, test } from 'vitest';
import { solveWeights } from '../../src/parity/weights.ts';
import type { WeightsProblem } from '../../src/parity/weightsProblem.ts';
import {
  type Chance,
  chanceFrom,
  covarianceFrom,
  normalFrom,
  randomCorrelation,
} from './randomProblems.ts';

function converged(problem: WeightsProblem) {
  const answer = solveWeights(problem);
  if (answer.kind !== 'converged') throw new Error(JSON.stringify(answer));
  return answer;
}

function randomBook(seed: number) {
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

function product(covariance: number[][], weights: readonly number[]): number[] {
  return covariance.map((row) => row.reduce((sum, s, j) => sum + s * (weights[j] as number), 0));
}

/** Whether a slope of the function to be minimised excuses each weight: equal to the price, or held by a bound. */
function expectOptimal(
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

const seeds = Array.from({ length: 120 }, (_, k) => k + 1);
const longOnly = (n: number) => ({
  lowerBounds: Array.from({ length: n }, () => 0),
  upperBounds: Array.from({ length: n }, () => 1),
});

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

function tailBook(chance: Chance, bars: number, n: number): number[][] {
  return Array.from({ length: bars }, () => {
    const market = normalFrom(chance);
    return Array.from(
      { length: n },
      (_, i) => 0.01 * (i + 1) * (0.6 * market + normalFrom(chance)),
    );
  });
}

/** Mean of the worst losses that make up the tail, the last bar in part. */
function shortfallOf(returns: number[][], weights: readonly number[], tail: number): number {
  const losses = returns
    .map((row) => -row.reduce((sum, r, i) => sum + r * (weights[i] as number), 0))
    .sort((a, b) => b - a);
  const count = tail * returns.length;
  const whole = Math.floor(count + 1e-9);
  const part = (count - whole) * (losses[whole] as number);
  return (losses.slice(0, whole).reduce((sum, loss) => sum + loss, 0) + part) / count;
}

test('shortfall parity of one worst bar weighs by budget over loss', () => {
  const returns = [
    [-0.1, -0.4],
    [0.02, 0.03],
    [0.01, 0.02],
    [0.03, -0.01],
  ];
  const answer = converged({
    returns,
    objective: 'cvar-parity',
    confidence: 0.75,
    budgets: [0.2, 0.8],
  });
  expect(answer.weights[0]).toBeCloseTo(0.5, 9);
  expect(answer.expectedShortfall).toBeCloseTo(0.25, 9);
});

test('shortfall parity: the stated shortfall is that of the weights, and no weights near are better', () => {
  for (const seed of seeds.slice(0, 40)) {
    const chance = chanceFrom(seed);
    const n = 2 + Math.floor(chance() * 6);
    const bars = 100 + Math.floor(chance() * 400);
    const returns = tailBook(chance, bars, n);
    const answer = converged({ returns, objective: 'cvar-parity', confidence: 0.9 });
    expect(answer.expectedShortfall).toBeCloseTo(shortfallOf(returns, answer.weights, 0.1), 11);
    for (const share of answer.riskShares) expect(share).toBeCloseTo(1 / n, 9);
    const height = (w: readonly number[]) =>
      Math.log(shortfallOf(returns, w, 0.1)) - w.reduce((sum, x) => sum + Math.log(x) / n, 0);
    const lowest = height(answer.weights);
    for (let k = 0; k < 20; k++) {
      const near = answer.weights.map((w) => w * Math.exp(1e-3 * normalFrom(chance)));
      expect(height(near)).toBeGreaterThan(lowest - 1e-12);
    }
  }
});

test('a mix that cannot lose has no shortfall to share', () => {
  const returns = [
    [0.01, -0.01],
    [0.02, -0.02],
    [0.03, 0.01],
  ];
  expect(solveWeights({ returns, objective: 'cvar-parity' }).kind).toBe('infeasible');
});

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

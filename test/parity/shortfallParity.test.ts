/**
 * Goal: shortfall parity weighs by budget over loss, and states the shortfall of its weights.
 * Method: a closed form of one worst bar; then random books with a common factor, where no weights near may be better.
 */
import { expect, test } from 'vitest';
import { solveWeights } from '../../src/parity/weights.ts';
import { converged, seeds } from './objectivesGiven.ts';
import { type Chance, chanceFrom, normalFrom } from './randomProblems.ts';

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

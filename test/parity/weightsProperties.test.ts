/**
 * Goal: risk parity keeps its promises on any problem: budgets met, nothing changed by scale, order or naming of legs.
 * Method: fast-check over seeds of random matrices (condition ≤ 1e6, volatilities 1e-4 to 3); shares recomputed here.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromRows } from '../../src/math/matrix.ts';
import { riskParity } from '../../src/parity/riskParity.ts';
import { solveWeights } from '../../src/parity/weights.ts';
import type { WeightsProblem } from '../../src/parity/weightsProblem.ts';
import { chanceFrom, covarianceFrom, randomCorrelation, sharesOf } from './randomProblems.ts';

const options = { seed: 20260117, numRuns: 200 };
type Book = { covariance: number[][]; budgets: number[]; signs: number[] };

/** A random book of 2 to 25 legs from one seed. */
const books = fc
  .tuple(fc.integer(), fc.integer({ min: 2, max: 25 }), fc.double({ min: 0, max: 6, noNaN: true }))
  .map(([seed, n, decades]): Book => {
    const chance = chanceFrom(seed);
    const correlation = randomCorrelation(n, 10 ** decades, chance);
    const volatility = correlation.map(() => 1e-4 * 3e4 ** chance());
    return {
      covariance: covarianceFrom(correlation, volatility),
      budgets: correlation.map(() => 10 ** (-3 * chance())),
      signs: correlation.map(() => (chance() < 0.3 ? -1 : 1)),
    };
  });

function converged(problem: WeightsProblem) {
  const answer = solveWeights(problem);
  if (answer.kind !== 'converged') throw new Error(JSON.stringify(answer));
  return answer;
}

/** Largest |a_i / b_i - 1|. */
function relativeDistance(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, i) => Math.abs(value / (b[i] as number) - 1)));
}

/** Weights of nearly singular books follow from shares met to 1e-10 only through the condition of the book. */
const sameWeights = 1e-4;

test('budgets are met to 1e-9 at the given signs, recomputed from the weights', () => {
  fc.assert(
    fc.property(books, (book) => {
      const { weights, volatility, riskShares } = converged(book);
      const total = book.budgets.reduce((sum, budget) => sum + budget, 0);
      const shares = sharesOf(book.covariance, weights);
      for (const [i, share] of shares.entries()) {
        expect(Math.abs(share - (book.budgets[i] as number) / total)).toBeLessThan(1e-9);
        expect(Math.abs(share - (riskShares[i] as number))).toBeLessThan(1e-9);
        expect(Math.sign(weights[i] as number)).toBe(book.signs[i]);
      }
      expect(weights.reduce((sum, w) => sum + Math.abs(w), 0)).toBeCloseTo(1, 12);
      expect(volatility).toBeGreaterThan(0);
    }),
    options,
  );
});

test('scaling the covariance scales the volatility and nothing else', () => {
  fc.assert(
    fc.property(books, fc.double({ min: -40, max: 40, noNaN: true }), (book, decades) => {
      const factor = 10 ** decades;
      const covariance = book.covariance.map((row) => row.map((entry) => entry * factor));
      const plain = converged(book);
      const scaled = converged({ ...book, covariance });
      expect(relativeDistance(scaled.weights, plain.weights)).toBeLessThan(sameWeights);
      expect(scaled.volatility / plain.volatility / Math.sqrt(factor)).toBeCloseTo(1, 6);
    }),
    options,
  );
});

test('the order of the legs does not matter', () => {
  fc.assert(
    fc.property(books, fc.integer(), (book, seed) => {
      const chance = chanceFrom(seed);
      const order = book.budgets
        .map((_, i) => ({ i, key: chance() }))
        .sort((a, b) => a.key - b.key)
        .map(({ i }) => i);
      const pick = <T>(values: readonly T[]) => order.map((i) => values[i] as T);
      const moved = converged({
        covariance: pick(book.covariance).map((row) => pick(row)),
        budgets: pick(book.budgets),
        signs: pick(book.signs),
      });
      const expected = pick(converged(book).weights);
      expect(relativeDistance(moved.weights, expected)).toBeLessThan(sameWeights);
    }),
    options,
  );
});

test('a leg duplicated with its budget split gives its weight split in the same parts', () => {
  fc.assert(
    fc.property(books, fc.double({ min: 0.05, max: 0.95, noNaN: true }), (book, part) => {
      const widened = book.covariance.map((row) => [...row, row[0] as number]);
      widened.push([...(widened[0] as number[])]);
      const [first, ...rest] = book.budgets as [number, ...number[]];
      const twice = converged({
        covariance: widened,
        budgets: [first * part, ...rest, first * (1 - part)],
        signs: [...book.signs, book.signs[0] as number],
      });
      const [whole, ...others] = converged(book).weights as [number, ...number[]];
      const expected = [whole * part, ...others, whole * (1 - part)];
      expect(relativeDistance(twice.weights, expected)).toBeLessThan(sameWeights);
    }),
    options,
  );
});

test('more budget for a leg means more of it before normalising', () => {
  fc.assert(
    fc.property(books, fc.double({ min: 1.01, max: 10, noNaN: true }), (book, factor) => {
      const raised = book.budgets.map((budget, i) => (i === 0 ? budget * factor : budget));
      expect(unnormalised(book, raised)).toBeGreaterThan(unnormalised(book, book.budgets));
    }),
    options,
  );
});

/** y_0 of y_i (Cy)_i = b_i for budgets that need not sum to one. */
function unnormalised({ covariance, signs }: Book, budgets: number[]): number {
  const total = budgets.reduce((sum, budget) => sum + budget, 0);
  const solution = riskParity(
    {
      covariance: fromRows(covariance),
      scale: Float64Array.from(
        covariance,
        (row, i) => (signs[i] as number) * Math.sqrt(row[i] as number),
      ),
      budgets: Float64Array.from(budgets, (budget) => budget / total),
    },
    1e-12,
  );
  return Math.sqrt(total) * (solution.state.y[0] as number);
}

test('a short leg weighs what a long leg of the mirrored returns weighs, negated', () => {
  fc.assert(
    fc.property(books, (book) => {
      const mirrored = book.covariance.map((row, i) =>
        row.map((entry, j) => entry * (book.signs[i] as number) * (book.signs[j] as number)),
      );
      const long = converged({ covariance: mirrored, budgets: book.budgets });
      const expected = long.weights.map((weight, i) => weight * (book.signs[i] as number));
      expect(relativeDistance(converged(book).weights, expected)).toBeLessThan(sameWeights);
      const opposite = converged({ ...book, signs: book.signs.map((sign) => -sign) });
      const negated = converged(book).weights.map((weight) => -weight);
      expect(relativeDistance(opposite.weights, negated)).toBeLessThan(sameWeights);
    }),
    options,
  );
});

test('a warm start from the answer changes nothing', () => {
  fc.assert(
    fc.property(books, (book) => {
      const cold = converged(book);
      const warm = converged({ ...book, warmStart: cold.weights });
      expect(relativeDistance(warm.weights, cold.weights)).toBeLessThan(sameWeights);
      expect(warm.iterations).toBeLessThanOrEqual(cold.iterations + 1);
    }),
    options,
  );
});

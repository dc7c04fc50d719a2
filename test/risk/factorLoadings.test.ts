/**
 * Goal: loadings are those of least squares, and a factor that says nothing new is left out.
 * Method: a covariance made from known loadings; a property against the normal equations.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { regressedLoadings } from '../../src/risk/factorLoadings.ts';

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);

test('legs made of a market leg and noise of their own load on it as they were made', () => {
  const betas = [1, 0.5, 2];
  const covariance = betas.map((a, i) =>
    betas.map((b, j) => 0.04 * a * b + (i === j && i > 0 ? 0.01 : 0)),
  );
  const { names, loadings } = regressedLoadings(covariance, [
    { name: 'market', holdings: [1, 0, 0] },
  ]);
  expect(names).toEqual(['market']);
  for (const [leg, beta] of betas.entries()) expect(loadings[leg]?.[0]).toBeCloseTo(beta, 12);
});

test('a factor that the earlier ones explain, or that does not move, is left out', () => {
  const covariance = [
    [0.04, 0, 0],
    [0, 0.09, 0],
    [0, 0, 0],
  ];
  const { names } = regressedLoadings(covariance, [
    { name: 'first', holdings: [1, 1, 0] },
    { name: 'twice the first', holdings: [2, 2, 0] },
    { name: 'still', holdings: [0, 0, 1] },
    { name: 'other', holdings: [1, 0, 0] },
  ]);
  expect(names).toEqual(['first', 'other']);
});

test('what the factors leave over is uncorrelated with every factor', () => {
  const entry = fc.double({ min: -1, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(fc.array(entry, { minLength: 6, maxLength: 6 }), { minLength: 4, maxLength: 4 }),
      fc.array(fc.array(entry, { minLength: 4, maxLength: 4 }), { minLength: 2, maxLength: 2 }),
      (roots, portfolios) => {
        const covariance = roots.map((a, i) =>
          roots.map((b, j) => dot(a, b) + (i === j ? 0.1 : 0)),
        );
        const factors = portfolios.map((holdings, k) => ({ name: `${k}`, holdings }));
        const { names, loadings } = regressedLoadings(covariance, factors);
        const kept = names.map((name) => portfolios[Number(name)] ?? []);
        for (const [leg, row] of covariance.entries()) {
          for (const [k, holdings] of kept.entries()) {
            // cov(r - A f, f_k) = 0.
            const withFactor = dot(row, holdings);
            const explained = kept.reduce((sum, other, j) => {
              const shared = dot(
                covariance.map((each) => dot(each, other)),
                kept[k] ?? [],
              );
              return sum + (loadings[leg]?.[j] ?? 0) * shared;
            }, 0);
            expect(Math.abs(withFactor - explained)).toBeLessThan(1e-8);
          }
        }
      },
    ),
    { seed: 8, numRuns: 200 },
  );
});

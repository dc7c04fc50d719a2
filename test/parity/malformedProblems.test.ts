/**
 * Goal: a malformed problem is answered `invalid` with the fault at its place; nothing is ever thrown, no answer has NaN.
 * Method: one known damage to a sound problem at a time, thousands of random values in every field.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linkages, objectives } from '../../src/domain/objective.ts';
import { solveUnchecked } from '../../src/parity/weights.ts';
import { damages, sound } from './damagedProblems.ts';

test.each(damages)('a fault at "%s": %s', (path, code, change) => {
  const answer = solveUnchecked({ ...sound, ...change });
  expect(answer.kind).toBe('invalid');
  if (answer.kind !== 'invalid') return;
  expect(answer.faults).toContainEqual(expect.objectContaining({ path, code }));
  for (const fault of answer.faults) expect(fault.message).toMatch(/, was .+$/);
});

test('independent faults are all listed', () => {
  const changes = damages.filter(([path]) => /^(budgets|signs|linkage|tolerance)$/.test(path));
  fc.assert(
    fc.property(fc.subarray(changes, { minLength: 1 }), (chosen) => {
      const answer = solveUnchecked(
        Object.assign({ ...sound }, ...chosen.map(([, , change]) => change)),
      );
      const found = answer.kind === 'invalid' ? answer.faults.map(({ path }) => path) : [];
      // Of two damages to one field the later one stands.
      for (const [path] of chosen) expect(found).toContain(path);
    }),
    { seed: 5, numRuns: 300 },
  );
});

const fields = {
  covariance: fc.array(fc.array(fc.double(), { maxLength: 4 }), { maxLength: 4 }),
  returns: fc.array(fc.array(fc.double({ noNaN: true }), { minLength: 2, maxLength: 2 }), {
    maxLength: 9,
  }),
  objective: fc.constantFrom(...objectives),
  budgets: fc.array(fc.double(), { maxLength: 3 }),
  groups: fc.dictionary(fc.string(), fc.array(fc.integer({ min: -1, max: 3 }), { maxLength: 3 })),
  groupBudgets: fc.dictionary(fc.string(), fc.double()),
  signs: fc.array(fc.constantFrom(1, -1, 0), { maxLength: 3 }),
  lowerBounds: fc.array(fc.double({ min: -1, max: 1 }), { maxLength: 3 }),
  upperBounds: fc.array(fc.double({ min: -1, max: 1 }), { maxLength: 3 }),
  confidence: fc.double(),
  loadings: fc.array(fc.array(fc.double(), { maxLength: 3 }), { maxLength: 3 }),
  factorBudgets: fc.array(fc.double(), { maxLength: 3 }),
  linkage: fc.constantFrom(...linkages),
  tolerance: fc.double(),
  warmStart: fc.array(fc.double(), { maxLength: 3 }),
};

test('whatever comes in, an answer comes out, without NaN and with its reasons', () => {
  const wild = Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, fc.oneof(value, fc.anything())]),
  );
  const half = fc.record(wild, { requiredKeys: [] });
  const nearlySound = half.map((changes) => ({ ...sound, ...changes }));
  fc.assert(
    fc.property(fc.oneof(fc.anything(), half, nearlySound), (problem) => {
      const answer = solveUnchecked(problem);
      switch (answer.kind) {
        case 'invalid':
          expect(answer.faults.length).toBeGreaterThan(0);
          break;
        case 'converged':
          expect([...answer.weights, ...answer.riskShares].every(Number.isFinite)).toBe(true);
          expect(Number.isFinite(answer.volatility + answer.worstGap)).toBe(true);
          break;
        case 'infeasible':
        case 'notConverged':
          expect(answer.reason).toMatch(/, was .+/);
          break;
      }
    }),
    { seed: 11, numRuns: 4000 },
  );
});

test('any small covariance with sound fields is answered with finite numbers or a reason', () => {
  const entry = fc.oneof(
    fc.double({ min: -1, max: 1, noNaN: true }),
    fc.constantFrom(0, 1e-300, 1e-160, 1e-12, 1, 1e100, -1e-13),
  );
  const matrix = fc.tuple(entry, entry, entry, entry, entry, entry).map(([a, b, c, d, e, f]) => [
    [Math.abs(a), b, c],
    [b, Math.abs(d), e],
    [c, e, Math.abs(f)],
  ]);
  const problem = fc.record({
    covariance: matrix,
    objective: fc.constantFrom(...objectives.filter((name) => name !== 'cvar-parity')),
    loadings: fc.constant([
      [1, 0.2],
      [0.5, 1],
      [0.3, 0.1],
    ]),
    linkage: fc.constantFrom(...linkages),
  });
  fc.assert(
    fc.property(problem, (input) => {
      const answer = solveUnchecked(input);
      if (answer.kind === 'converged') {
        expect([...answer.weights, ...answer.riskShares].every(Number.isFinite)).toBe(true);
        expect(answer.riskShares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
        expect(answer.volatility).toBeGreaterThan(0);
      } else if (answer.kind !== 'invalid') {
        expect(answer.reason).toMatch(/, was .+/);
      }
    }),
    { seed: 12, numRuns: 3000 },
  );
});

/**
 * Goal: a malformed problem is answered `invalid` with the fault at its place; nothing is ever thrown, no answer has NaN.
 * Method: one known damage to a sound problem at a time, thousands of random values in every field.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linkages, objectives } from '../../src/domain/objective.ts';
import { solveUnchecked } from '../../src/parity/weights.ts';

type Damage = readonly [path: string, code: string, change: Record<string, unknown>];

const sound = {
  covariance: [
    [0.04, 0.01],
    [0.01, 0.09],
  ],
};
const factors = { objective: 'factor-parity' };
const tail = { covariance: undefined, objective: 'cvar-parity' };
const rows = { covariance: undefined };

const damages: readonly Damage[] = [
  ['covariance', 'MISSING', { covariance: undefined }],
  ['covariance', 'WRONG_TYPE', { covariance: 'x' }],
  ['covariance', 'WRONG_TYPE', { covariance: [] }],
  ['covariance[0]', 'WRONG_TYPE', { covariance: [1] }],
  ['covariance[0]', 'WRONG_LENGTH', { covariance: [[]] }],
  ['covariance[0]', 'WRONG_LENGTH', { covariance: [[1, 0]] }],
  ['covariance[1]', 'WRONG_LENGTH', { covariance: [[1, 0], [0]] }],
  [
    'covariance[0][1]',
    'WRONG_TYPE',
    {
      covariance: [
        [1, null],
        [0, 1],
      ],
    },
  ],
  [
    'covariance[0][1]',
    'WRONG_TYPE',
    {
      covariance: [
        [1, '0'],
        [0, 1],
      ],
    },
  ],
  [
    'covariance[0][1]',
    'NOT_FINITE',
    {
      covariance: [
        [1, Number.NaN],
        [0, 1],
      ],
    },
  ],
  [
    'covariance[1][1]',
    'NOT_FINITE',
    {
      covariance: [
        [1, 0],
        [0, Infinity],
      ],
    },
  ],
  [
    'covariance[1][1]',
    'OUT_OF_RANGE',
    {
      covariance: [
        [1, 0],
        [0, 1e200],
      ],
    },
  ],
  [
    'covariance[1][1]',
    'OUT_OF_RANGE',
    {
      covariance: [
        [1, 0],
        [0, -1],
      ],
    },
  ],
  [
    'covariance[1][0]',
    'NOT_SYMMETRIC',
    {
      covariance: [
        [1, 0.2],
        [0.1, 1],
      ],
    },
  ],
  [
    'covariance[1][0]',
    'NOT_POSITIVE_SEMIDEFINITE',
    {
      covariance: [
        [0, 0.2],
        [0.2, 1],
      ],
    },
  ],
  [
    'returns',
    'NOT_APPLICABLE',
    {
      returns: [
        [1, 2],
        [3, 4],
      ],
    },
  ],
  ['returns', 'WRONG_LENGTH', { ...rows, returns: [[1, 2]] }],
  ['returns[1]', 'WRONG_LENGTH', { ...rows, returns: [[1, 2], [1]] }],
  [
    'returns[0][1]',
    'WRONG_TYPE',
    {
      ...rows,
      returns: [
        [1, null],
        [1, 2],
      ],
    },
  ],
  ['returns', 'MISSING', { objective: 'cvar-parity' }],
  ['returns[0]', 'WRONG_LENGTH', { objective: 'cvar-parity', returns: [[1], [2], [3]] }],
  [
    'confidence',
    'OUT_OF_RANGE',
    {
      ...tail,
      returns: [
        [1, 2],
        [3, 1],
      ],
      confidence: 1,
    },
  ],
  ['objective', 'OUT_OF_RANGE', { objective: 'best' }],
  ['linkage', 'OUT_OF_RANGE', { linkage: 'centroid' }],
  ['tolerance', 'OUT_OF_RANGE', { tolerance: 0 }],
  ['tolerance', 'WRONG_TYPE', { tolerance: '1e-10' }],
  ['budget', 'UNKNOWN_KEY', { budget: [1, 2] }],
  ['budgets', 'WRONG_LENGTH', { budgets: [1] }],
  ['budgets', 'WRONG_TYPE', { budgets: 1 }],
  ['budgets[1]', 'OUT_OF_RANGE', { budgets: [1, -0.1] }],
  ['budgets', 'BUDGETS_EMPTY', { budgets: [0, 0] }],
  ['signs[0]', 'OUT_OF_RANGE', { signs: [0, 1] }],
  ['signs', 'WRONG_LENGTH', { signs: [1, 1, 1] }],
  ['lowerBounds[1]', 'BOUNDS_CROSSED', { lowerBounds: [0, 0.6], upperBounds: [1, 0.5] }],
  ['upperBounds', 'WRONG_LENGTH', { upperBounds: [1] }],
  ['upperBounds[0]', 'NOT_APPLICABLE', { objective: 'equal-weight', upperBounds: [0.5, 1] }],
  ['lowerBounds[0]', 'NOT_APPLICABLE', { objective: 'cvar-parity', lowerBounds: [0.5, 0] }],
  ['warmStart', 'WRONG_LENGTH', { warmStart: [1] }],
  ['groupBudgets', 'MISSING', { groups: { a: [0, 1] } }],
  ['groups', 'MISSING', { groupBudgets: { a: 1 } }],
  ['groups', 'WRONG_TYPE', { groups: [], groupBudgets: {} }],
  ['groups.a', 'WRONG_LENGTH', { groups: { a: [] }, groupBudgets: { a: 1 } }],
  ['groups.a[0]', 'OUT_OF_RANGE', { groups: { a: [2] }, groupBudgets: { a: 1 } }],
  ['groups.a[0]', 'OUT_OF_RANGE', { groups: { a: [0.5] }, groupBudgets: { a: 1 } }],
  ['groups.a[1]', 'LEG_REPEATED', { groups: { a: [0, 0] }, groupBudgets: { a: 1 } }],
  ['groupBudgets.b', 'MISSING', { groups: { a: [0], b: [1] }, groupBudgets: { a: 1 } }],
  ['groupBudgets.b', 'GROUP_UNKNOWN', { groups: { a: [0, 1] }, groupBudgets: { a: 1, b: 1 } }],
  ['groupBudgets.a', 'OUT_OF_RANGE', { groups: { a: [0, 1] }, groupBudgets: { a: -1 } }],
  ['groupBudgets', 'BUDGETS_EMPTY', { groups: { a: [0, 1] }, groupBudgets: { a: 0 } }],
  ['groupBudgets', 'BUDGETS_EMPTY', { groups: { a: [0] }, groupBudgets: { a: 1 } }],
  [
    'groups.b',
    'GROUPS_OVERLAP',
    {
      covariance: [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
      groups: { a: [0, 1], b: [1, 2] },
      groupBudgets: { a: 0.5, b: 0.5 },
    },
  ],
  ['loadings', 'MISSING', factors],
  ['loadings', 'WRONG_LENGTH', { ...factors, loadings: [[1]] }],
  ['loadings[1]', 'WRONG_LENGTH', { ...factors, loadings: [[1], [1, 2]] }],
  ['factorBudgets', 'WRONG_LENGTH', { ...factors, loadings: [[1], [1]], factorBudgets: [1, 1, 1] }],
  ['factorBudgets', 'BUDGETS_EMPTY', { ...factors, loadings: [[1], [1]], factorBudgets: [0] }],
  ['', 'TOO_MANY_FAULTS', { budgets: Array.from({ length: 200 }, () => 'x') }],
];

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

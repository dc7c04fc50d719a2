/** A sound problem and its known damages: the change, and the fault that it is, at its place. */
type Damage = readonly [path: string, code: string, change: Record<string, unknown>];

export const sound = {
  covariance: [
    [0.04, 0.01],
    [0.01, 0.09],
  ],
};
const factors = { objective: 'factor-parity' };
const tail = { covariance: undefined, objective: 'cvar-parity' };
const rows = { covariance: undefined };

export const damages: readonly Damage[] = [
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

/** What weights may aim at, and by what distance a hierarchy is linked: the names that config, policy and solvers share. */
export const objectives = [
  'risk-parity',
  'inverse-volatility',
  'equal-weight',
  'minimum-variance',
  'maximum-diversification',
  'hierarchical-risk-parity',
  'cvar-parity',
  'factor-parity',
] as const;
export type WeightsObjective = (typeof objectives)[number];

export const linkages = ['single', 'average', 'complete', 'ward'] as const;
export type Linkage = (typeof linkages)[number];

/**
 * Goal: an objective that the legs cannot meet is a fault of the config, with its path, before anything is traded.
 * Method: one small config, one objective after another in it.
 */
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import { policyOf } from '../../src/config/policy.ts';
import { budgetsOf } from '../../src/parity/sizing/budgets.ts';
import { separateDefaults } from '../../src/risk/estimators/separate.ts';

const withObjective = (objective: string) => `
portfolio: main
venues:
  alpha: { exchange: bybit, environment: simulated, endpoint: http://127.0.0.1:9701 }
legs:
  - { id: btc, kind: perpetual, venue: alpha, symbol: BTC/USDT:USDT, group: crypto/majors }
  - { id: sol, kind: perpetual, venue: alpha, symbol: SOL/USDT:USDT, group: crypto }
  - { id: usdc-earn, kind: lending, venue: alpha, coin: USDC, group: yield }
objective: ${objective}
sizing: { targetVolatilityAnnual: 0.15, grossLeverageMax: 3 }
rebalance: { every: 60000 }
`;

const faultsOf = (objective: string) => {
  const loaded = parseConfig(withObjective(objective), {});
  return loaded.kind === 'valid' ? [] : loaded.faults.map(({ path }) => path);
};

describe('an objective is accepted', () => {
  test.each([
    '{ kind: cvar-parity, confidence: 0.99, groupBudgets: { crypto: 0.6, crypto/majors: 0.5, yield: 0.4 } }',
    '{ kind: factor-parity, factorBudgets: { market: 0.5, peg: 0.2, venue:alpha: 0.2, residual: 0.1 } }',
    '{ kind: hierarchical-risk-parity, linkage: ward }',
    '{ kind: minimum-variance, weightBounds: { usdc-earn: { max: 0.5 }, btc: { min: 0.1 } } }',
  ])('%s', (objective) => {
    expect(faultsOf(objective)).toEqual([]);
  });

  test('with the scored estimator and no objective stated: risk parity', () => {
    const loaded = parseConfig(withObjective('{}'), {});
    if (loaded.kind !== 'valid') throw new Error(JSON.stringify(loaded.faults));
    const { objective, risk } = policyOf(loaded.config);
    expect(objective).toMatchObject({ kind: 'risk-parity', factorBudgets: null, weightBounds: {} });
    expect({
      volatilityHalfLifeBars: risk.volatilityHalfLifeBars,
      correlationHalfLifeBars: risk.correlationHalfLifeBars,
      volatilityShrinkageShare: risk.volatilityShrinkage,
      correlationShrinkageShare: risk.correlationShrinkage,
    }).toEqual(separateDefaults);
  });
});

describe('a fault is found where', () => {
  test.each([
    [
      'a group inside leaves nothing for the legs beside it',
      '{ groupBudgets: { crypto: 0.6, crypto/majors: 1, yield: 0.4 } }',
      'objective.groupBudgets.crypto',
    ],
    [
      'no leg is in a group',
      '{ groupBudgets: { crypto: 0.5, yield: 0.3, other: 0.2 } }',
      'objective.groupBudgets.other',
    ],
    ['a leg is in no group with a budget', '{ groupBudgets: { crypto: 0.5 } }', 'legs.2.group'],
    ['factor parity has no budgets', '{ kind: factor-parity }', 'objective.factorBudgets'],
    [
      'budgets of factors are not read',
      '{ factorBudgets: { market: 1 } }',
      'objective.factorBudgets',
    ],
    [
      'no leg has a factor',
      '{ kind: factor-parity, factorBudgets: { carry: 1 } }',
      'objective.factorBudgets.carry',
    ],
    [
      'bounds are not read',
      '{ kind: equal-weight, weightBounds: { btc: { max: 0.5 } } }',
      'objective.weightBounds',
    ],
    [
      'a bound names no leg',
      '{ weightBounds: { eth: { max: 0.5 } } }',
      'objective.weightBounds.eth',
    ],
    [
      'bounds cross',
      '{ weightBounds: { btc: { min: 0.5, max: 0.4 } } }',
      'objective.weightBounds.btc.min',
    ],
    [
      'lower bounds exceed the whole',
      '{ weightBounds: { btc: { min: 0.6 }, sol: { min: 0.5 } } }',
      'objective.weightBounds',
    ],
    [
      'upper bounds leave some over',
      '{ weightBounds: { btc: { max: 0.3 }, sol: { max: 0.3 }, usdc-earn: { max: 0.3 } } }',
      'objective.weightBounds',
    ],
    ['an unknown key stands', '{ kind: cvar-parity, confidense: 0.9 }', 'objective.confidense'],
  ])('%s', (_, objective, path) => {
    expect(faultsOf(objective)).toEqual([path]);
  });
});

test('budgets of nested groups are shares of the group around them', () => {
  const text = '{ groupBudgets: { crypto: 0.6, crypto/majors: 0.75, yield: 0.4 } }';
  const loaded = parseConfig(withObjective(text), {});
  if (loaded.kind !== 'valid') throw new Error(JSON.stringify(loaded.faults));
  const wanted = [0.45, 0.15, 0.4];
  for (const [index, budget] of budgetsOf(policyOf(loaded.config)).entries()) {
    expect(budget).toBeCloseTo(wanted[index] ?? 0, 12);
  }
});

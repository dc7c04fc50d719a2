/**
 * Goal: each venue's rows, with their own units and fields, come out in one shape; unusable rows are named.
 * Method: rows as the venues print them, one trap a test.
 */
import { describe, expect, test } from 'vitest';
import { marginVenueOf, normaliseTiers, type VenueTierRow } from '../../src/margin/venueTiers.ts';

const row = (over: Partial<VenueTierRow> = {}): VenueTierRow => ({
  minNotional: 0,
  maxNotional: 1000,
  maintenanceMarginRate: 0.01,
  maxLeverage: 50,
  info: {},
  ...over,
});
const tiersOf = (result: ReturnType<typeof normaliseTiers>) =>
  result.kind === 'tiers' ? result.tiers : result.faults;

describe('tiers of a venue', () => {
  test('take the deduction from where each venue keeps it', () => {
    const info = { cum: '50', mmDeduction: '70' };
    const deductions = (['binance', 'bybit', 'okx'] as const).map((venue) => {
      const [tier] = tiersOf(normaliseTiers(venue, [row({ info })], { contractUsd: 1 }));
      return typeof tier === 'object' ? tier.deductionUsd : tier;
    });
    expect(deductions).toEqual([50, 70, 0]);
  });

  test('of OKX are turned from contracts into USD, and are unusable without the contract', () => {
    const rows = [row({ maxNotional: 5000 }), row({ minNotional: 5001, maxNotional: 7500 })];
    expect(tiersOf(normaliseTiers('okx', rows, { contractUsd: 600 }))).toMatchObject([
      { floorUsd: 0, capUsd: 3_000_000 },
      { floorUsd: 3_000_600, capUsd: 4_500_000 },
    ]);
    expect(tiersOf(normaliseTiers('okx', rows))).toEqual([
      'contractUsd must be above 0 for okx, was undefined',
    ]);
  });

  test('of Bybit are read as fractions when they come in percent', () => {
    const rows = [row({ maintenanceMarginRate: 0.5, maxLeverage: 100 })];
    expect(tiersOf(normaliseTiers('bybit', rows))).toMatchObject([
      { maintenanceMarginRate: 0.005 },
    ]);
  });

  test('of Binance stretch with the account’s coefficient, deduction and all', () => {
    const rows = [
      row(),
      row({ minNotional: 1000, maxNotional: 2000, maintenanceMarginRate: 0.015 }),
    ];
    expect(tiersOf(normaliseTiers('binance', rows, { bracketRatio: 2 }))).toMatchObject([
      { floorUsd: 0, capUsd: 2000, deductionUsd: 0 },
      { floorUsd: 2000, capUsd: 4000, deductionUsd: expect.closeTo(10, 9) },
    ]);
  });

  test('are refused with every fault named, never repaired', () => {
    const rows = [
      row({ maintenanceMarginRate: 0 }),
      row({ maxLeverage: undefined }),
      row({ maintenanceMarginRate: 0.03, maxLeverage: 50 }),
    ];
    expect(tiersOf(normaliseTiers('generic', rows))).toEqual([
      'tier 0: maintenanceMarginRate must be above 0, was 0',
      'tier 1: maxLeverage must be above 0, was undefined',
      'tier 2: maintenanceMarginRate must be below 1 ÷ maxLeverage 50, was 0.03',
    ]);
    expect(normaliseTiers('generic', []).kind).toBe('unusable');
  });

  test('follow the rules of the exchange, generic where none are known', () => {
    expect(['binanceusdm', 'bybit', 'kucoinfutures'].map(marginVenueOf)).toEqual([
      'binance',
      'bybit',
      'generic',
    ]);
  });
});

/**
 * Goal: the stress set has every member that the design names, and the rule breaks exactly when a venue that survives would.
 * Method: a small book whose breaking point is known in closed form.
 */
import { describe, expect, test } from 'vitest';
import type { MarginAccount } from '../../src/margin/account.ts';
import { type StressSetInput, stressScenarios } from '../../src/margin/scenarios.ts';
import { stressAccount } from '../../src/margin/stress.ts';
import { judgeStress } from '../../src/margin/stressVerdict.ts';
import { completeTiers } from '../../src/margin/tier.ts';

const tiers = completeTiers('generic', [
  { floorUsd: 0, capUsd: null, maintenanceMarginRate: 0.01 },
]);
const book = (walletBalanceUsd: number, quantityBase = 1): MarginAccount => ({
  mode: 'cross',
  walletBalanceUsd,
  collateral: [
    { coin: 'USDT', quantity: 10, priceUsd: 1, bands: [{ capQuantity: null, ratio: 1 }] },
  ],
  positions: [
    { symbol: 'BTC', quantityBase, entryPriceUsd: 100, markPriceUsd: 100, leverage: 5, tiers },
  ],
});
const input: StressSetInput = {
  prices: [
    { key: 'BTC', class: 'major', kind: 'derivative' },
    { key: 'ETH', class: 'major', kind: 'coin' },
    { key: 'NEW', class: 'alt', kind: 'derivative' },
    { key: 'USDT', class: 'stable', kind: 'stablecoin' },
  ],
  floors: {
    moveByClass: { major: 0.3, alt: 0.4 },
    depegShare: 0.1,
    basisShare: 0.05,
    worstDayRatio: 1.5,
  },
  worstDays: [{ BTC: -0.4, ETH: -0.7 }],
  venues: ['alpha'],
};
const setOf = (over: Partial<StressSetInput> = {}) => {
  const result = stressScenarios({ ...input, ...over });
  return result.kind === 'scenarios' ? result.scenarios : [];
};

describe('stress set', () => {
  test('holds joint moves, worst days, basis, depegs and lost venues, by name', () => {
    expect(setOf().map((scenario) => scenario.name)).toEqual([
      'jointRise',
      'jointFall',
      'worstDay:0',
      'worstDay:0:mirrored',
      'basis:widening',
      'basis:inverting',
      'depeg:USDT',
      'venueLoss:alpha',
    ]);
  });

  test('takes a worst day by one half more, clamps the fall, and gives a newcomer its floor', () => {
    const [, , day, mirrored] = setOf();
    expect(day?.moves).toEqual({ BTC: -0.6000000000000001, ETH: -0.99, NEW: -0.4 });
    expect(mirrored?.moves).toEqual({ BTC: 0.6000000000000001, ETH: 1.0499999999999998, NEW: 0.4 });
  });

  test('moves only derivatives in a basis blow-out and leaves stablecoins out of joint moves', () => {
    const [rise, , , , basis] = setOf();
    expect(rise?.moves).toEqual({ BTC: 0.3, ETH: 0.3, NEW: 0.4 });
    expect(basis?.moves).toEqual({ BTC: 0.05, NEW: 0.05 });
  });

  test('has no holes: a class without a floor is named', () => {
    const floors = { ...input.floors, moveByClass: { major: 0.3 } };
    expect(stressScenarios({ ...input, floors })).toEqual({
      kind: 'unknownClass',
      classes: ['alt'],
    });
  });
});

describe('stressed margin', () => {
  test('moves marks and collateral that the shock names, and nothing else', () => {
    expect(stressAccount(book(0), { BTC: -0.02, USDT: -0.1 }).equityUsd).toBeCloseTo(7, 12);
    expect(stressAccount(book(0), { ETH: -0.9 }).equityUsd).toBe(10);
  });

  test('holds while equity after the fall is maintenance × buffer, and breaks below', () => {
    const fall = setOf().filter((scenario) => scenario.name === 'jointFall');
    // After −30 %: equity = wallet + 10 − 30, required = 70 × 1 % × 2.
    const verdict = (wallet: number) =>
      judgeStress([{ venue: 'alpha', account: book(wallet) }], fall, 2);
    expect(verdict(21.41)).toMatchObject({ kind: 'holds' });
    expect(verdict(21.39)).toMatchObject({
      kind: 'breached',
      worst: { venue: 'alpha', scenario: 'jointFall' },
    });
  });

  test('names the scenario that hurts a short, and leaves a lost venue out of its own loss', () => {
    const accounts = [{ venue: 'alpha', account: book(25, -1) }];
    expect(judgeStress(accounts, setOf({ worstDays: [] }), 1)).toMatchObject({
      kind: 'holds',
      worst: { scenario: 'jointRise' },
    });
    const lost = setOf().filter((scenario) => scenario.kind === 'venueLoss');
    expect(judgeStress(accounts, lost, 1)).toEqual({ kind: 'holds', worst: null });
  });
});

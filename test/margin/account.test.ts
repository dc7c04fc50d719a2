/**
 * Goal: equity, margins and collateral of an account add up, and an isolated pool loses no more than its margin.
 * Method: figures worked by hand, then a property.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluateAccount, type MarginPosition } from '../../src/margin/account.ts';
import { collateralValueUsd } from '../../src/margin/collateral.ts';
import { completeTiers } from '../../src/margin/tier.ts';

const tiers = completeTiers('generic', [
  { floorUsd: 0, capUsd: null, maintenanceMarginRate: 0.01 },
]);
const long: MarginPosition = {
  symbol: 'A',
  quantityBase: 2,
  entryPriceUsd: 100,
  markPriceUsd: 90,
  leverage: 5,
  tiers,
};

describe('margin account', () => {
  test('in cross mode pools the wallet, the collateral after haircut and every profit', () => {
    const result = evaluateAccount({
      mode: 'cross',
      walletBalanceUsd: 50,
      collateral: [
        { coin: 'ETH', quantity: 2, priceUsd: 100, bands: [{ capQuantity: null, ratio: 0.9 }] },
      ],
      positions: [long, { ...long, symbol: 'B', quantityBase: -1 }],
    });
    expect(result.equityUsd).toBeCloseTo(50 + 180 - 20 + 10, 12);
    expect(result.initialMarginUsd).toBeCloseTo(270 / 5, 12);
    expect(result.maintenanceMarginUsd).toBeCloseTo(2.7, 12);
    expect(result.marginRatio).toBeCloseTo(2.7 / 220, 12);
    expect(result.liquidated).toBe(false);
  });

  test('has no ratio without equity, and is not liquidated without a position', () => {
    const sunk = evaluateAccount({ mode: 'cross', walletBalanceUsd: 1, positions: [long] });
    expect(sunk).toMatchObject({ equityUsd: -19, marginRatio: null, liquidated: true });
    const empty = evaluateAccount({ mode: 'cross', walletBalanceUsd: 0, positions: [] });
    expect(empty).toMatchObject({ equityUsd: 0, marginRatio: null, liquidated: false });
  });

  test('in isolated mode one pool can be liquidated while the account is rich', () => {
    const result = evaluateAccount({
      mode: 'isolated',
      walletBalanceUsd: 1000,
      positions: [
        { ...long, markPriceUsd: 50 },
        { ...long, symbol: 'B', markPriceUsd: 100 },
      ],
    });
    expect(result.liquidated).toBe(true);
    expect(result.equityUsd).toBe(1000 - 40);
  });

  test('an isolated account never loses more than the margins of its pools', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 500, noNaN: true }), (markPriceUsd) => {
        const { equityUsd } = evaluateAccount({
          mode: 'isolated',
          walletBalanceUsd: 300,
          positions: [{ ...long, markPriceUsd, isolatedMarginUsd: 70 }],
        });
        expect(equityUsd).toBeGreaterThanOrEqual(230);
      }),
      { seed: 13 },
    );
  });
});

describe('collateral value', () => {
  const bands = [
    { capQuantity: 10, ratio: 0.95 },
    { capQuantity: 20, ratio: 0.5 },
  ];
  test('is marginal in quantity and stops at the last band', () => {
    const value = (quantity: number) =>
      collateralValueUsd({ coin: 'ETH', quantity, priceUsd: 2, bands });
    expect(value(10)).toBeCloseTo(19, 12);
    expect(value(15)).toBeCloseTo(24, 12);
    expect(value(100)).toBeCloseTo(29, 12);
  });

  test('of a debt is the whole debt', () => {
    expect(collateralValueUsd({ coin: 'ETH', quantity: -3, priceUsd: 2, bands })).toBe(-6);
  });
});

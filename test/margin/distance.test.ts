/**
 * How far an account is from liquidation: closed forms of one position and of hedged ones, then the definition itself.
 *
 * Tried, and seen to fail: moving a coin's perpetual without its spot (a hedged pair then looked near).
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MarginAccount } from '../../src/margin/account.ts';
import { liquidationMove, movesAlong } from '../../src/margin/distance.ts';
import { stressAccount } from '../../src/margin/stress.ts';

const rate = 0.01;
const tiers = [
  { floorUsd: 0, capUsd: null, maintenanceMarginRate: rate, deductionUsd: 0, leverageMax: 50 },
];
const position = (symbol: string, quantityBase: number, markPriceUsd = 100) => ({
  symbol,
  quantityBase,
  entryPriceUsd: markPriceUsd,
  markPriceUsd,
  leverage: 10,
  tiers,
});
const cross = (walletBalanceUsd: number, ...positions: readonly ReturnType<typeof position>[]) =>
  ({ mode: 'cross', walletBalanceUsd, positions }) satisfies MarginAccount;
const stable = new Set(['USDC']);
const distance = (account: MarginAccount) => liquidationMove(account, stable);

describe('liquidationMove', () => {
  test('a long: equity - L·d = rate·L·(1 - d)', () => {
    const found = distance(cross(1_000, position('BTC/USDT:USDT', 30)));
    expect(found?.share).toBeCloseTo((1_000 - rate * 3_000) / (3_000 * (1 - rate)), 6);
    expect(found?.direction.sign).toBe(-1);
  });

  test('a short: equity - S·d = rate·S·(1 + d)', () => {
    const found = distance(cross(1_000, position('BTC/USDT:USDT', -30)));
    expect(found?.share).toBeCloseTo((1_000 - rate * 3_000) / (3_000 * (1 + rate)), 6);
    expect(found?.direction.sign).toBe(1);
  });

  test('two longs fall together: the joint move is nearer than either alone', () => {
    const found = distance(
      cross(1_000, position('BTC/USDT:USDT', 15), position('ETH/USDT:USDT', 15)),
    );
    expect(found?.direction.name).toBe('joint');
    expect(found?.share).toBeCloseTo((1_000 - rate * 3_000) / (3_000 * (1 - rate)), 6);
  });

  test('a long in one coin does not hedge a short in another: each alone counts', () => {
    const found = distance(
      cross(1_000, position('BTC/USDT:USDT', 30), position('ETH/USDT:USDT', -30)),
    );
    expect(found?.direction.name).not.toBe('joint');
    expect(found?.share).toBeLessThan(0.33);
  });

  test('a pair of spot and short perpetual moves as one: only the haircut and maintenance are at stake', () => {
    const pair: MarginAccount = {
      ...cross(100, position('ETH/USDT:USDT', -30)),
      collateral: [
        { coin: 'ETH', quantity: 30, priceUsd: 100, bands: [{ capQuantity: null, ratio: 0.9 }] },
      ],
    };
    // 100 + 2700(1+d) - 3000·d = 30(1+d) at d = 2770/330.
    expect(distance(pair)).toBeNull();
    const naked = { ...pair, collateral: [], walletBalanceUsd: 2_800 };
    expect(distance(naked)?.share).toBeLessThan(0.95);
  });

  test('a stablecoin stands still, nothing held has no distance, past liquidation is at 0', () => {
    const coin = [
      { coin: 'USDC', quantity: 500, priceUsd: 1, bands: [{ capQuantity: null, ratio: 1 }] },
    ];
    expect(distance({ ...cross(0), collateral: coin })).toBeNull();
    const held = { ...cross(0, position('BTC/USDT:USDT', 10)), collateral: coin };
    expect(distance(held)?.direction.keys).toEqual(['BTC/USDT:USDT']);
    expect(distance(cross(10, position('BTC/USDT:USDT', 30)))?.share).toBe(0);
  });

  test('just before the distance the account is safe along its direction, at it it is not', () => {
    const quantity = fc.double({ min: -40, max: 40, noNaN: true }).filter((q) => Math.abs(q) > 0.1);
    fc.assert(
      fc.property(
        quantity,
        quantity,
        fc.double({ min: 200, max: 4_000, noNaN: true }),
        (a, b, wallet) => {
          const account = cross(wallet, position('BTC/USDT:USDT', a), position('ETH/USDT:USDT', b));
          const found = distance(account);
          if (found === null || found.share === 0) return;
          const at = (share: number) =>
            stressAccount(account, movesAlong(found.direction, share)).liquidated;
          expect(at(found.share)).toBe(true);
          expect(at(found.share * 0.999)).toBe(false);
        },
      ),
      { seed: 3 },
    );
  });
});

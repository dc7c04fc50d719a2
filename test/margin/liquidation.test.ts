/**
 * Goal: at the stated price equity equals maintenance, with the tier that holds there, and just before it the pool is safe.
 * Method: closed forms for one tier, a jump of the tier, then a property over random cross and isolated accounts.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  evaluateAccount,
  type MarginAccount,
  type MarginPosition,
} from '../../src/margin/account.ts';
import { liquidationDistanceShare, liquidationPriceUsd } from '../../src/margin/liquidation.ts';
import { completeTiers } from '../../src/margin/tier.ts';

const oneTier = completeTiers('generic', [
  { floorUsd: 0, capUsd: null, maintenanceMarginRate: 0.01 },
]);
const marginal = completeTiers('binance', [
  { floorUsd: 0, capUsd: 50_000, maintenanceMarginRate: 0.004 },
  { floorUsd: 50_000, capUsd: 600_000, maintenanceMarginRate: 0.05 },
  { floorUsd: 600_000, capUsd: null, maintenanceMarginRate: 0.1 },
]);
const whole = completeTiers('okx', [
  { floorUsd: 0, capUsd: 50_000, maintenanceMarginRate: 0.004 },
  { floorUsd: 50_000, capUsd: null, maintenanceMarginRate: 0.1 },
]);

const position = (over: Partial<MarginPosition> = {}): MarginPosition => ({
  symbol: 'BTC/USDT:USDT',
  quantityBase: 1,
  entryPriceUsd: 100,
  markPriceUsd: 100,
  leverage: 5,
  tiers: oneTier,
  ...over,
});

const account = (
  positions: readonly MarginPosition[],
  mode: 'cross' | 'isolated' = 'isolated',
  walletBalanceUsd = 0,
): MarginAccount => ({ mode, walletBalanceUsd, positions });

describe('liquidation price', () => {
  test('of an isolated long with one tier is (entry − margin per unit) ÷ (1 − rate − fee)', () => {
    const long = position({ feeRate: 0.0006 });
    expect(liquidationPriceUsd(account([long]), 0)).toBeCloseTo((100 - 20) / (1 - 0.0106), 10);
  });

  test('of an isolated short with one tier is (entry + margin per unit) ÷ (1 + rate + fee)', () => {
    const short = position({ quantityBase: -1, feeRate: 0.0006 });
    expect(liquidationPriceUsd(account([short]), 0)).toBeCloseTo((100 + 20) / (1 + 0.0106), 10);
  });

  test('is none where the wallet covers a fall to nothing, or nothing is held', () => {
    expect(liquidationPriceUsd(account([position()], 'cross', 101), 0)).toBeNull();
    expect(liquidationPriceUsd(account([position({ quantityBase: 0 })]), 0)).toBeNull();
    expect(liquidationPriceUsd(account([]), 0)).toBeNull();
    expect(liquidationDistanceShare(null, 100)).toBeNull();
  });

  test('of a short that grows across a cap where maintenance jumps is the price at the cap', () => {
    const short = position({
      quantityBase: -1,
      entryPriceUsd: 48_000,
      markPriceUsd: 48_000,
      isolatedMarginUsd: 4000,
      tiers: whole,
    });
    expect(liquidationPriceUsd(account([short]), 0)).toBe(50_000);
  });

  test('of a pool already below maintenance is where it would be safe again', () => {
    const sunk = position({ markPriceUsd: 70 });
    const price = liquidationPriceUsd(account([sunk]), 0);
    expect(price).toBeCloseTo(80 / 0.99, 10);
    expect(price).toBeGreaterThan(70);
  });

  test('lies where the account turns liquidated, for every mode, side, tier table and company', () => {
    const held = fc.record({
      quantityBase: fc.constantFrom(-40, -3, -0.5, 0.5, 3, 40),
      entryPriceUsd: fc.double({ min: 15_000, max: 60_000, noNaN: true }),
      markPriceUsd: fc.double({ min: 20_000, max: 50_000, noNaN: true }),
      leverage: fc.integer({ min: 1, max: 20 }),
      tiers: fc.constantFrom(oneTier, marginal, whole),
    });
    let judged = 0;
    fc.assert(
      fc.property(
        fc.array(held, { minLength: 1, maxLength: 4 }),
        fc.constantFrom('cross' as const, 'isolated' as const),
        fc.double({ min: 0, max: 3e6, noNaN: true }),
        (shapes, mode, wallet) => {
          const positions = shapes.map((shape, i) => position({ ...shape, symbol: `S${i}` }));
          // Isolated pools are judged one at a time: another one's breach must not hide this one's.
          const book = account(mode === 'cross' ? positions : positions.slice(0, 1), mode, wallet);
          const at = (price: number) =>
            evaluateAccount({
              ...book,
              walletBalanceUsd: mode === 'cross' ? wallet : 1e9,
              positions: book.positions.map((p, i) =>
                i === 0 ? { ...p, markPriceUsd: price } : p,
              ),
            }).liquidated;
          const first = positions[0];
          if (first === undefined || at(first.markPriceUsd)) return;
          const price = liquidationPriceUsd(book, 0);
          judged += 1;
          const side = Math.sign(first.quantityBase);
          if (price === null) {
            expect(side > 0 ? at(1e-6) : at(first.markPriceUsd * 1e-6)).toBe(false);
            return;
          }
          expect(Math.sign(first.markPriceUsd - price)).toBe(side);
          expect(at(price * (1 - side * 1e-7))).toBe(true);
          expect(at(price * (1 + side * 1e-7))).toBe(false);
        },
      ),
      { seed: 12, numRuns: 400 },
    );
    expect(judged).toBeGreaterThan(100);
  });
});

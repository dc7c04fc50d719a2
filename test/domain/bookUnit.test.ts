/**
 * The book's unit: what one coin is worth in the USD index that everything is valued in.
 *
 * Method: closed forms of the median, with a depeg on either side; what is missing stays missing.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bookUnitOf, usdPerTether } from '../../src/domain/bookUnit.ts';

describe('usdPerTether', () => {
  test('one venue: the dollar lies half way between the two coins', () => {
    // USDC at 1.02 USDT: the median of 1 and 1.02 is 1.01 USDT a dollar.
    expect(usdPerTether('stablecoin-median', [1.02])).toBeCloseTo(1 / 1.01, 15);
    expect(usdPerTether('stablecoin-median', [1])).toBe(1);
  });

  test('one venue whose USDC goes astray does not move the dollar of three', () => {
    // 1, 1, 1 and 1.001, 1.001, 0.5: the middle is between 1 and 1.
    expect(usdPerTether('stablecoin-median', [1.001, 1.001, 0.5])).toBe(1);
    expect(usdPerTether('stablecoin-median', [1.001, 0.5, 1.001])).toBe(1);
  });

  test('a missing mark is unknown under the median, and of no concern where USDT is the dollar', () => {
    expect(usdPerTether('stablecoin-median', [])).toBeNull();
    expect(usdPerTether('usdt', [])).toBe(1);
    expect(usdPerTether('usdt', [0.9])).toBe(1);
  });

  test('a mark that is no price is missing, not a dollar of its own', () => {
    expect(usdPerTether('stablecoin-median', [0])).toBeNull();
    expect(usdPerTether('stablecoin-median', [0, 1.02])).toBeCloseTo(1 / 1.01, 15);
    expect(usdPerTether('stablecoin-median', [Number.NaN])).toBeNull();
  });

  test('the dollar never lies outside the two coins it is made of', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.2, max: 5, noNaN: true }), { minLength: 1, maxLength: 7 }),
        (marks) => {
          const tethersPerUsd = 1 / (usdPerTether('stablecoin-median', marks) ?? Number.NaN);
          expect(tethersPerUsd).toBeGreaterThanOrEqual(Math.min(1, ...marks) * (1 - 1e-12));
          expect(tethersPerUsd).toBeLessThanOrEqual(Math.max(1, ...marks) * (1 + 1e-12));
        },
      ),
      { seed: 31 },
    );
  });
});

describe('bookUnitOf', () => {
  test('values both halves of the dollar and every coin in them', () => {
    const unit = bookUnitOf('stablecoin-median', [1.02], { BTC: [50_000], USDC: [1.02] });
    expect(unit.kind).toBe('known');
    if (unit.kind !== 'known') return;
    expect(unit.index).toBe('stablecoin-median');
    expect(unit.usdByCoin['USDT']).toBeCloseTo(1 / 1.01, 15);
    expect(unit.usdByCoin['USDC']).toBeCloseTo(1.02 / 1.01, 15);
    // A dollar made of both: half of each is exactly one.
    expect(((unit.usdByCoin['USDT'] ?? 0) + (unit.usdByCoin['USDC'] ?? 0)) / 2).toBeCloseTo(1, 15);
    expect(unit.usdByCoin['BTC']).toBeCloseTo(50_000 / 1.01, 9);
  });

  test('a coin of several marks has their median, and one without a mark is not in it', () => {
    const unit = bookUnitOf('usdt', [], { BTC: [50_000, 50_100, 90_000], ETH: [], DAI: [0] });
    expect(unit).toEqual({ kind: 'known', index: 'usdt', usdByCoin: { USDT: 1, BTC: 50_100 } });
  });

  test('without a mark of USDC the unit says that it is unknown, and why', () => {
    const unit = bookUnitOf('stablecoin-median', [], { BTC: [50_000] });
    expect(unit.kind).toBe('unknown');
    expect(unit.kind === 'unknown' && unit.reason).toMatch(/USDC/);
  });

  test('marks of the tether itself do not replace the unit', () => {
    const unit = bookUnitOf('stablecoin-median', [1.02], { USDT: [7], USDC: [9] });
    expect(unit.kind === 'known' && unit.usdByCoin['USDT']).toBeCloseTo(1 / 1.01, 15);
    expect(unit.kind === 'known' && unit.usdByCoin['USDC']).toBeCloseTo(1.02 / 1.01, 15);
  });
});

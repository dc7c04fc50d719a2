/**
 * Goal: maintenance by tier is what the venues print, and continuous where slices pay their own rate.
 * Method: published brackets, then properties on generated tiers.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  completeTiers,
  initialMarginUsd,
  MARGIN_VENUES,
  maintenanceMarginUsd,
  type StatedTier,
  tierAt,
  tierFaults,
} from '../../src/margin/tier.ts';

const bracketsOfOctober2024: readonly StatedTier[] = [
  { floorUsd: 0, capUsd: 50_000, maintenanceMarginRate: 0.004 },
  { floorUsd: 50_000, capUsd: 600_000, maintenanceMarginRate: 0.005 },
  { floorUsd: 600_000, capUsd: 3_000_000, maintenanceMarginRate: 0.0065 },
  { floorUsd: 3_000_000, capUsd: 12_000_000, maintenanceMarginRate: 0.01 },
];

const risingTiers = fc
  .array(fc.tuple(fc.double({ min: 1, max: 1e6, noNaN: true }), fc.integer({ min: 1, max: 40 })), {
    minLength: 1,
    maxLength: 8,
  })
  .map((steps): readonly StatedTier[] => {
    let floorUsd = 0;
    let rate = 0;
    return steps.map(([width, step]) => {
      const tier = { floorUsd, capUsd: floorUsd + width, maintenanceMarginRate: rate + step / 400 };
      floorUsd = tier.capUsd;
      rate = tier.maintenanceMarginRate;
      return tier;
    });
  });

describe('maintenance margin by tier', () => {
  test('equals the sum over slices on the published brackets', () => {
    const tiers = completeTiers('binance', bracketsOfOctober2024);
    const printed = [0, 50, 950, 11_450];
    for (const [i, tier] of tiers.entries())
      expect(tier.deductionUsd).toBeCloseTo(printed[i] ?? -1, 8);
    const bySlices = 50_000 * 0.004 + 550_000 * 0.005 + 400_000 * 0.0065;
    expect(maintenanceMarginUsd(1_000_000, tiers)).toBeCloseTo(bySlices, 9);
  });

  test('keeps a stated deduction and continues the recursion from it', () => {
    const tiers = completeTiers('bybit', [
      { floorUsd: 0, capUsd: 100, maintenanceMarginRate: 0.01, deductionUsd: 0 },
      { floorUsd: 100, capUsd: 200, maintenanceMarginRate: 0.02, deductionUsd: 3 },
      { floorUsd: 200, capUsd: null, maintenanceMarginRate: 0.03 },
    ]);
    expect(tiers.map((tier) => tier.deductionUsd)).toEqual([0, 3, 5]);
  });

  test('derives no deduction where the rate of the tier holds for the whole position', () => {
    const whole = MARGIN_VENUES.filter((venue) => {
      const last = completeTiers(venue, bracketsOfOctober2024).at(-1);
      return last?.deductionUsd === 0;
    });
    expect(whole).toEqual(['okx', 'deribit', 'generic']);
  });

  test('a notional at a cap belongs to the lower tier, in a gap to the upper, beyond all to the last', () => {
    const tiers = completeTiers('okx', [
      { floorUsd: 7501, capUsd: 15_000, maintenanceMarginRate: 0.02 },
      { floorUsd: 0, capUsd: 5000, maintenanceMarginRate: 0.01 },
      { floorUsd: 5001, capUsd: 7500, maintenanceMarginRate: 0.015 },
    ]);
    const rates = [5000, 5000.5, 5001, 7500, 99_999].map(
      (notional) => tierAt(notional, tiers).maintenanceMarginRate,
    );
    expect(rates).toEqual([0.01, 0.015, 0.015, 0.015, 0.02]);
  });

  test('is continuous and never falls as the notional grows, on every marginal venue', () => {
    fc.assert(
      fc.property(
        risingTiers,
        fc.constantFrom('binance', 'bybit', 'hyperliquid'),
        (stated, venue) => {
          const tiers = completeTiers(venue as 'binance', stated);
          for (const { capUsd } of tiers) {
            const cap = capUsd ?? 0;
            const at = maintenanceMarginUsd(cap, tiers);
            const above = maintenanceMarginUsd(cap * (1 + 1e-9), tiers);
            expect(above).toBeGreaterThanOrEqual(at - 1e-9 * cap);
            expect(above - at).toBeLessThan(1e-8 * cap);
          }
        },
      ),
      { seed: 11 },
    );
  });

  test('names every fault of a list of tiers', () => {
    const faults = tierFaults([
      { floorUsd: 0, capUsd: 100, maintenanceMarginRate: 1.5 },
      { floorUsd: 50, capUsd: 40, maintenanceMarginRate: 0.1 },
      { floorUsd: 60, capUsd: null, maintenanceMarginRate: 0.1 },
      { floorUsd: 70, capUsd: null, maintenanceMarginRate: -1 },
    ]);
    expect(faults.map(({ index, field }) => `${index}.${field}`)).toEqual([
      '0.maintenanceMarginRate',
      '1.capUsd',
      '1.floorUsd',
      '3.maintenanceMarginRate',
      '3.floorUsd',
    ]);
  });

  test('initial margin is notional over leverage, and no leverage is a broken invariant', () => {
    expect(initialMarginUsd(1000, 5)).toBe(200);
    expect(() => initialMarginUsd(1000, 0)).toThrow('was 0');
  });
});

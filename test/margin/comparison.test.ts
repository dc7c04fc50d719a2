/** The venue's figures against the model's: what is told, and that only the worse of two corrects. Closed forms at the tolerance. */
import { describe, expect, test } from 'vitest';
import { compareMargin, correctedTiers, noCorrection } from '../../src/margin/comparison.ts';
import { maintenanceMarginUsd } from '../../src/margin/tier.ts';

const model = { balanceUsd: 1_000, initialMarginUsd: 300, maintenanceMarginUsd: 30 };

describe('compareMargin', () => {
  test('figures within the tolerance, or within a thousandth of the equity, are the same', () => {
    const near = { balanceUsd: 1_050, initialMarginUsd: 320, maintenanceMarginUsd: 32 };
    expect(compareMargin(model, near, 0.1)).toEqual({ differences: [], correction: noCorrection });
    const tiny = { ...model, maintenanceMarginUsd: 0.2 };
    const alsoTiny = { ...model, maintenanceMarginUsd: 0.9 };
    expect(compareMargin(tiny, alsoTiny, 0.1).differences).toEqual([]);
  });

  test('a venue that asks for more corrects the model up to what it asks for', () => {
    const strict = { balanceUsd: 700, initialMarginUsd: 600, maintenanceMarginUsd: 45 };
    const { differences, correction } = compareMargin(model, strict, 0.1);
    expect(differences.map(({ figure }) => figure)).toEqual([
      'balanceUsd',
      'initialMarginUsd',
      'maintenanceMarginUsd',
    ]);
    expect(correction).toEqual({ maintenanceRatio: 1.5, initialRatio: 2, balanceUsd: 300 });
  });

  test('a venue that asks for less is told, and corrects nothing', () => {
    const lax = { balanceUsd: 2_000, initialMarginUsd: 100, maintenanceMarginUsd: 10 };
    const { differences, correction } = compareMargin(model, lax, 0.1);
    expect(differences).toHaveLength(3);
    expect(correction).toEqual(noCorrection);
  });

  test('liquidation prices are compared where both have one', () => {
    const own = { ...model, liquidationPrices: { BTC: 40_000, ETH: 2_000 } };
    const venue = { ...model, liquidationPrices: { BTC: 46_000, SOL: 10 } };
    expect(compareMargin(own, venue, 0.1).differences).toEqual([
      { figure: 'liquidationPrice BTC', model: 40_000, venue: 46_000 },
    ]);
  });

  test('corrected tiers ask for as much more, in every tier', () => {
    const tiers = [
      { floorUsd: 0, capUsd: 1_000, maintenanceMarginRate: 0.01, deductionUsd: 0, leverageMax: 50 },
      {
        floorUsd: 1_000,
        capUsd: null,
        maintenanceMarginRate: 0.02,
        deductionUsd: 10,
        leverageMax: 25,
      },
    ];
    for (const notional of [500, 1_000, 5_000]) {
      expect(maintenanceMarginUsd(notional, correctedTiers(tiers, 1.5))).toBeCloseTo(
        1.5 * maintenanceMarginUsd(notional, tiers),
        9,
      );
    }
    expect(correctedTiers(tiers, 1)).toBe(tiers);
  });
});

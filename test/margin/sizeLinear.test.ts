/** Goal: tiers made for size-linear margin meet the formula at their knots and never understate it. Method: property. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sizeLinearMarginUsd, sizeLinearTiers } from '../../src/margin/sizeLinear.ts';
import { maintenanceMarginUsd, tierFaults } from '../../src/margin/tier.ts';

const maintenance = { baseRate: 0.01, slopePerBase: 0.00005 };
const initial = { baseRate: 0.02, slopePerBase: 0.00005 };
const tiers = sizeLinearTiers([25, 100, 350], 100_000, maintenance, initial);

test('the tiers are well formed and exact at the knots', () => {
  expect(tierFaults(tiers)).toEqual([]);
  for (const size of [25, 100, 350]) {
    const exact = sizeLinearMarginUsd(size, 100_000, maintenance);
    expect(maintenanceMarginUsd(size * 100_000, tiers)).toBeCloseTo(exact, 6);
  }
});

test('between the knots the tiers lie above the formula, by no more than a chord of the widest pair can', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 350, noNaN: true }), (size) => {
      const exact = sizeLinearMarginUsd(size, 100_000, maintenance);
      const bound = maintenanceMarginUsd(size * 100_000, tiers);
      expect(bound).toBeGreaterThanOrEqual(exact * (1 - 1e-12));
      // A chord over a width w lies at most slope × (w / 2)² above the parabola.
      expect(bound - exact).toBeLessThanOrEqual(0.00005 * 125 ** 2 * 100_000 * (1 + 1e-9));
    }),
    { seed: 14 },
  );
});

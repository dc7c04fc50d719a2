/** Goal: a coin-margined 1x short keeps its value in USD at every price and has no liquidation price. Method: property. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inverseLiquidationPriceUsd, inverseShortEquityCoins } from '../../src/margin/inverse.ts';

test('one coin behind a short of its own worth is always worth the same in USD', () => {
  fc.assert(
    fc.property(fc.double({ min: 1, max: 1e7, noNaN: true }), (priceUsd) => {
      const coins = inverseShortEquityCoins({
        collateralCoins: 1,
        shortUsd: 60_000,
        entryPriceUsd: 60_000,
        priceUsd,
      });
      expect((coins * priceUsd) / 60_000).toBeCloseTo(1, 9);
    }),
    { seed: 15 },
  );
});

test('a short with margin for any rise has no liquidation price', () => {
  const fullyBacked = {
    quantityUsd: 60_000,
    entryPriceUsd: 50_000,
    leverage: 1,
    maintenanceMarginRate: 0,
  };
  expect(inverseLiquidationPriceUsd(fullyBacked, 'short')).toBeNull();
  expect(inverseLiquidationPriceUsd({ ...fullyBacked, leverage: 2 }, 'short')).toBe(100_000);
});

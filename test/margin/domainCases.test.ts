/**
 * Goal: the worked cases of margin come out of the project's own formulas.
 * Method: one test a case, each answering with what the modules return; every field of `expected` is compared at its tolerance.
 */
import { expect } from 'vitest';
import { autoExchangeUsd, collateralValueUsd } from '../../src/margin/collateral.ts';
import { inverseLiquidationPriceUsd, inverseMargin } from '../../src/margin/inverse.ts';
import { sizeLinearMarginUsd } from '../../src/margin/sizeLinear.ts';
import { completeTiers, nextDeduction, tierAt } from '../../src/margin/tier.ts';
import { fractionRates, normaliseTiers, statedDeduction } from '../../src/margin/venueTiers.ts';
import { testAnswers } from '../answeredCases.ts';

type SizeLinear = { size: number; index: number; base: number; slope: number };

const sizeLinear = ({ size, index, base, slope }: SizeLinear) => ({
  margin_usdc: sizeLinearMarginUsd(size, index, { baseRate: base, slopePerBase: slope }),
});
testAnswers('margin', {
  M06: (i: { tiers: readonly { floor: number; cap: number; mmr: number }[] }) => ({
    cum: completeTiers(
      'binance',
      i.tiers.map((tier) => ({
        floorUsd: tier.floor,
        capUsd: tier.cap,
        maintenanceMarginRate: tier.mmr,
      })),
    ).map((tier) => tier.deductionUsd),
  }),
  M08: (i: { floor: number; mmr5: number; mmr4: number; cum4: number }) => ({
    cum5: nextDeduction(i.cum4, i.floor, i.mmr4, i.mmr5),
  }),
  M10: (
    i: Readonly<Record<'bnb_value' | 'bnb_ratio' | 'deficit_a' | 'deficit_b' | 'haircut', number>>,
  ) => ({
    bnb_collateral: collateralValueUsd({
      coin: 'BNB',
      quantity: 1,
      priceUsd: i.bnb_value,
      bands: [{ capQuantity: null, ratio: i.bnb_ratio }],
    }),
    converted_a: autoExchangeUsd(i.deficit_a, i.haircut),
    converted_b: autoExchangeUsd(i.deficit_b, i.haircut),
  }),
  M12: (i: { qty_usd: number; entry: number; leverage: number; mmr: number }) => {
    const position = {
      quantityUsd: i.qty_usd,
      entryPriceUsd: i.entry,
      leverage: i.leverage,
      maintenanceMarginRate: i.mmr,
    };
    const margin = inverseMargin(position);
    return {
      pv_btc: margin.valueCoins,
      im_btc: margin.initialMarginCoins,
      mm_btc: margin.maintenanceMarginCoins,
      lp_long: inverseLiquidationPriceUsd(position, 'long'),
      lp_short: inverseLiquidationPriceUsd(position, 'short'),
    };
  },
  M16: (i: { tier: Parameters<typeof statedDeduction>[1] }) => {
    const contractUsd = 8;
    const read = normaliseTiers('okx', [i.tier], { contractUsd });
    const capUsd = read.kind === 'tiers' ? (read.tiers[0]?.capUsd ?? Number.NaN) : Number.NaN;
    return { max_contracts: capUsd / contractUsd, maint_amount: statedDeduction('okx', i.tier) };
  },
  M19a: sizeLinear,
  M19c: sizeLinear,
  M19e: sizeLinear,
  M23: (i: Readonly<Record<'row' | 'row_fraction', Readonly<Record<string, string>>>>) => {
    const rates = [i.row, i.row_fraction].map((row) =>
      fractionRates({
        maintenanceRate: Number(row['maintenanceMargin']),
        initialRate: Number(row['initialMargin']),
        leverageMax: Number(row['maxLeverage']),
      }),
    );
    expect(rates[0]).toEqual(rates[1]);
    return { mmr: rates[0]?.maintenanceRate, imr: rates[0]?.initialRate };
  },
  M25: (i: { tiers: readonly (readonly [number, number, number])[]; sizes: readonly number[] }) => {
    const tiers = completeTiers(
      'okx',
      i.tiers.map(([floorUsd, capUsd, rate]) => ({
        floorUsd,
        capUsd,
        maintenanceMarginRate: rate,
      })),
    );
    return { mmr: i.sizes.map((size) => tierAt(size, tiers).maintenanceMarginRate) };
  },
});

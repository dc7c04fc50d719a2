/**
 * Risk brackets of a linear perpetual, in the shape that Bybit publishes (July 2025): leverage falls and the maintenance
 * rate rises with the notional, and the deduction keeps the maintenance margin continuous:
 * deduction_n = deduction_(n-1) + floor_n * (rate_n - rate_(n-1)).
 */

import type { RiskTier } from './market.ts';

const LADDER = [
  { leverageMax: 100, maintenanceMarginRate: 0.005 },
  { leverageMax: 75, maintenanceMarginRate: 0.0065 },
  { leverageMax: 50, maintenanceMarginRate: 0.01 },
  { leverageMax: 25, maintenanceMarginRate: 0.02 },
  { leverageMax: 20, maintenanceMarginRate: 0.025 },
  { leverageMax: 10, maintenanceMarginRate: 0.05 },
  { leverageMax: 5, maintenanceMarginRate: 0.1 },
] as const;
const CAP_MULTIPLES = [1, 2.5, 5, 12.5, 25, 50] as const;

/** @param leverageMax of the first tier, one of the ladder's; @param firstCapUsd notional up to which it holds. */
export function buildTiers(leverageMax: number, firstCapUsd: number): readonly RiskTier[] {
  const rungs = LADDER.filter((rung) => rung.leverageMax <= leverageMax);
  const tiers: RiskTier[] = [];
  for (const [i, rung] of rungs.entries()) {
    const previous = tiers.at(-1);
    const floorUsd = previous?.capUsd ?? 0;
    const rise = rung.maintenanceMarginRate - (previous?.maintenanceMarginRate ?? 0);
    const deductionUsd = (previous?.deductionUsd ?? 0) + floorUsd * rise;
    const isLast = i === rungs.length - 1;
    tiers.push({
      ...rung,
      floorUsd,
      capUsd: isLast ? null : firstCapUsd * (CAP_MULTIPLES[i] ?? 50),
      // Cents are exact here; the float dust of the differences is not.
      deductionUsd: Math.round(deductionUsd * 100) / 100,
    });
  }
  return tiers;
}

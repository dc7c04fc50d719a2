/**
 * Maintenance margin by risk tier, and the price at which a cross position would be liquidated.
 *
 * Maintenance = notional * rate - deduction of the tier whose cap is not below the notional. The liquidation price uses
 * the tier of the notional at that price, not at the mark.
 */
import type { RiskTier } from '../market/market.ts';

/** The tier of a notional; the last tier has no cap. */
export function tierOf(tiers: readonly RiskTier[], notionalUsd: number): RiskTier | undefined {
  return tiers.find((tier) => tier.capUsd === null || notionalUsd <= tier.capUsd);
}

export function maintenance(tiers: readonly RiskTier[], notionalUsd: number): number {
  const tier = tierOf(tiers, notionalUsd);
  return tier === undefined ? 0 : notionalUsd * tier.maintenanceMarginRate - tier.deductionUsd;
}

/**
 * Price p with excess + q (p - mark) = |q| p rate - deduction, the other positions at their marks.
 *
 * @param quantity signed base quantity, not 0.
 * @param excess margin balance less the maintenance of the other positions, in quote coin, at the mark.
 * @returns null where no positive price does it.
 */
export function liquidationPrice(
  quantity: number,
  mark: number,
  excess: number,
  tiers: readonly RiskTier[],
): number | null {
  for (const tier of tiers) {
    const slope = quantity - Math.abs(quantity) * tier.maintenanceMarginRate;
    const price = (quantity * mark - excess - tier.deductionUsd) / slope;
    const notional = Math.abs(quantity) * price;
    const inside = notional >= tier.floorUsd && (tier.capUsd === null || notional <= tier.capUsd);
    if (price > 0 && inside) return price;
  }
  return null;
}

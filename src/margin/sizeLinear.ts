/**
 * Margin that rises with size instead of by brackets (Deribit standard margin): size * (base + size * slope) * index.
 *
 * Source: support.deribit.com "Linear Perpetual". So that one model holds for all venues it is also given as tiers: chords
 * of the parabola, which lie above it, so the tiers never understate the margin.
 */
import type { MarginTier } from '../domain/instrument.ts';

export type SizeLinearRate = {
  readonly baseRate: number;
  /** Added to the rate for each coin of size. */
  readonly slopePerBase: number;
};

/** Margin in the index's currency of an unsigned size in base coins. */
export function sizeLinearMarginUsd(
  sizeBase: number,
  indexPriceUsd: number,
  { baseRate, slopePerBase }: SizeLinearRate,
): number {
  return sizeBase * (baseRate + sizeBase * slopePerBase) * indexPriceUsd;
}

/**
 * Tiers that bound size-linear maintenance from above at an index price.
 *
 * @param knotsBase sizes at which the tiers meet the formula exactly, rising, above 0; the last tier has no end.
 */
export function sizeLinearTiers(
  knotsBase: readonly number[],
  indexPriceUsd: number,
  maintenance: SizeLinearRate,
  initial: SizeLinearRate,
): readonly MarginTier[] {
  let floorBase = 0;
  return knotsBase.map((capBase, index) => {
    const floorUsd = floorBase * indexPriceUsd;
    const rate = maintenance.baseRate + maintenance.slopePerBase * (floorBase + capBase);
    const atFloorUsd = sizeLinearMarginUsd(floorBase, indexPriceUsd, maintenance);
    floorBase = capBase;
    return {
      floorUsd,
      capUsd: index === knotsBase.length - 1 ? null : capBase * indexPriceUsd,
      maintenanceMarginRate: rate,
      deductionUsd: floorUsd * rate - atFloorUsd,
      leverageMax: 1 / (initial.baseRate + initial.slopePerBase * capBase),
    };
  });
}

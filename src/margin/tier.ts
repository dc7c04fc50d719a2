/**
 * Maintenance and initial margin by notional tier, in one shape for every venue.
 *
 * Maintenance is notional * rate - deduction of the first tier whose cap is not below the notional. With
 * deduction_n = deduction_(n-1) + floor_n * (rate_n - rate_(n-1)) that is the sum over slices, so it is continuous.
 */
import type { MarginTier } from '../domain/instrument.ts';
import { invariant } from '../math/invariant.ts';

/** A tier as a venue or a person states it; what is left out is derived by `completeTiers`. */
export type StatedTier = {
  readonly floorUsd: number;
  readonly capUsd: number | null;
  readonly maintenanceMarginRate: number;
  readonly deductionUsd?: number | undefined;
  readonly leverageMax?: number | undefined;
};

export const MARGIN_VENUES = [
  'binance',
  'bybit',
  'okx',
  'hyperliquid',
  'deribit',
  'generic',
] as const;

export type MarginVenue = (typeof MARGIN_VENUES)[number];

/** Where each slice of the notional pays its own rate; elsewhere the tier's rate holds for the whole position. */
const MARGINAL_VENUES: ReadonlySet<MarginVenue> = new Set(['binance', 'bybit', 'hyperliquid']);

/** deduction_n of a marginal venue; any unit of money or coin, the same for floor and deduction. */
export function nextDeduction(
  previousDeduction: number,
  floor: number,
  previousRate: number,
  rate: number,
): number {
  return previousDeduction + floor * (rate - previousRate);
}

/**
 * Tiers in rising order with every deduction filled in: derived on marginal venues, else 0.
 *
 * @param stated at least one tier, in any order; see `tierFaults` for what is wrong with a list.
 */
export function completeTiers(
  venue: MarginVenue,
  stated: readonly StatedTier[],
): readonly MarginTier[] {
  const complete: MarginTier[] = [];
  for (const tier of inRisingOrder(stated)) {
    const previous = complete.at(-1);
    const derived =
      previous !== undefined && MARGINAL_VENUES.has(venue)
        ? nextDeduction(
            previous.deductionUsd,
            tier.floorUsd,
            previous.maintenanceMarginRate,
            tier.maintenanceMarginRate,
          )
        : 0;
    complete.push({
      floorUsd: tier.floorUsd,
      capUsd: tier.capUsd,
      maintenanceMarginRate: tier.maintenanceMarginRate,
      deductionUsd: tier.deductionUsd ?? derived,
      leverageMax: tier.leverageMax ?? impliedLeverageMax(tier.maintenanceMarginRate),
    });
  }
  return complete;
}

export type TierFault = { readonly index: number; readonly field: string; readonly fault: string };

/** What makes a list of tiers unusable: empty is reported by the caller, who knows the path. `index` is in rising order. */
export function tierFaults(stated: readonly StatedTier[]): readonly TierFault[] {
  const faults: TierFault[] = [];
  const rising = inRisingOrder(stated);
  for (const [index, tier] of rising.entries()) {
    const note = (field: string, fault: string) => faults.push({ index, field, fault });
    const before = rising[index - 1];
    if (!(tier.floorUsd >= 0)) note('floorUsd', `must be at least 0, was ${tier.floorUsd}`);
    if (tier.capUsd !== null && !(tier.capUsd > tier.floorUsd)) {
      note('capUsd', `must be above floorUsd ${tier.floorUsd}, was ${tier.capUsd}`);
    }
    if (!(tier.maintenanceMarginRate >= 0 && tier.maintenanceMarginRate < 1)) {
      note('maintenanceMarginRate', `must be in 0…1, was ${tier.maintenanceMarginRate}`);
    }
    if (before === undefined) continue;
    if (before.capUsd === null || tier.floorUsd < before.capUsd) {
      note('floorUsd', `must not lie within the tier before it, was ${tier.floorUsd}`);
    }
  }
  return faults;
}

/**
 * The tier that holds for a notional: the first whose cap is not below it, so gaps between tiers belong to the upper one.
 * Beyond the last cap the last tier holds: such a position cannot be opened, but it can grow there.
 */
export function tierAt(notionalUsd: number, tiers: readonly MarginTier[]): MarginTier {
  const tier = tiers.find((each) => each.capUsd === null || notionalUsd <= each.capUsd);
  const found = tier ?? tiers.at(-1);
  invariant(found !== undefined, 'a position needs margin tiers, was none');
  return found;
}

/** Where none is stated: initial margin twice the maintenance, as venues set their highest tiers; never above 1 without a rate. */
function impliedLeverageMax(maintenanceMarginRate: number): number {
  return maintenanceMarginRate > 0 ? 1 / (2 * maintenanceMarginRate) : 1;
}

/** Maintenance margin of a position of this unsigned notional. */
export function maintenanceMarginUsd(notionalUsd: number, tiers: readonly MarginTier[]): number {
  const tier = tierAt(notionalUsd, tiers);
  return notionalUsd * tier.maintenanceMarginRate - tier.deductionUsd;
}

/** Initial margin: unsigned notional at the mark ÷ leverage. */
export function initialMarginUsd(notionalUsd: number, leverage: number): number {
  invariant(leverage > 0, `leverage must be above 0, was ${leverage}`);
  return notionalUsd / leverage;
}

function inRisingOrder(tiers: readonly StatedTier[]): readonly StatedTier[] {
  return tiers.toSorted((a, b) => a.floorUsd - b.floorUsd);
}

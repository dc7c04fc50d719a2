/**
 * What one USD of a leg's notional ties up at its venue, and the leverage that is set there.
 *
 * Leverage at the venue is grossLeverageMax ÷ initialMarginShareMax: at the gross limit a book on one venue then uses
 * exactly the share of equity that initial margin may take. No instrument goes above its own tiers.
 */

import type { MarginTier } from '../../domain/instrument.ts';
import { exposures, type Leg } from '../../domain/leg.ts';
import type { SizingPolicy } from '../../domain/policy.ts';
import { tierAt } from '../../margin/tier.ts';
import type { Book } from './book.ts';

/** What `prepare` sets at every venue, at least 1. */
export function venueLeverage(sizing: SizingPolicy): number {
  return Math.max(1, Math.ceil(sizing.grossLeverageMax / sizing.initialMarginShareMax));
}

/** The leverage at which a notional is margined. */
export function marginLeverage(
  sizing: SizingPolicy,
  tiers: readonly MarginTier[],
  notionalUsd: number,
): number {
  const leverage = venueLeverage(sizing);
  return tiers.length === 0 ? leverage : Math.min(leverage, tierAt(notionalUsd, tiers).leverageMax);
}

/** What a coin counts for as margin. Venues state tables that the snapshot does not hold: below what they give the main coins. */
const COIN_COLLATERAL_RATIO = 0.9;

/** Stablecoins count in full. */
export const collateralRatio = (isStablecoin: boolean): number =>
  isStablecoin ? 1 : COIN_COLLATERAL_RATIO;

export type LegCapital = {
  /** Unsigned notional over all its instruments. */
  readonly grossUsd: number;
  /** Paid in full: coins bought or lent. */
  readonly fundedUsd: number;
  readonly initialMarginUsd: number;
  /** Does not count as margin: lent coins, and what the venue takes off bought ones. */
  readonly unmarginedUsd: number;
  /** What a default of the venue would take. */
  readonly venueUsd: number;
};

/** Per USD of the leg's notional. */
export function capitalPerUsd(book: Book, leg: Leg): LegCapital {
  let grossUsd = 0;
  let fundedUsd = 0;
  let initialMarginUsd = 0;
  let unmarginedUsd = 0;
  for (const { instrument } of exposures(leg)) {
    const held = book.instrumentById.get(instrument)?.instrument;
    grossUsd += 1;
    if (held?.kind === 'perpetual') {
      // At the largest size the leg may have: higher tiers allow less leverage.
      const largestUsd = book.policy.sizing.legShareMax * book.equityUsd;
      const asked = book.venueById.get(leg.venue)?.margin.correction.initialRatio ?? 1;
      initialMarginUsd += asked / marginLeverage(book.policy.sizing, held.tiers, largestUsd);
    } else {
      fundedUsd += 1;
      unmarginedUsd += held?.kind === 'earn' ? 1 : 1 - collateralRatio(leg.kind === 'stable');
    }
  }
  return {
    grossUsd,
    fundedUsd,
    initialMarginUsd,
    unmarginedUsd,
    venueUsd: fundedUsd + initialMarginUsd,
  };
}

/** Positioning ratios; each is null where its base is nothing. */
const ratio = (part: number, base: number): number | null => (base > 0 ? part / base : null);

/** Open interest of puts ÷ calls. */
export function putCallRatio(putOpenInterest: number, callOpenInterest: number): number | null {
  return ratio(putOpenInterest, callOpenInterest);
}

/** Open interest ÷ market capitalisation: how much of the coin is bet on. */
export function openInterestShare(
  openInterestUsd: number,
  capitalisationUsd: number,
): number | null {
  return ratio(openInterestUsd, capitalisationUsd);
}

/** Volume of perpetuals ÷ spot. */
export function perpetualToSpot(perpetualUsd: number, spotUsd: number): number | null {
  return ratio(perpetualUsd, spotUsd);
}

/** Holders long ÷ short, from the share that is long (Bybit counts holders, not size). */
export function longShortRatio(longShare: number): number | null {
  return ratio(longShare, 1 - longShare);
}

/** Implied less realised: in variance and in volatility. */
export function volatilityPremium(
  impliedAnnual: number,
  realisedAnnual: number,
): { readonly variance: number; readonly volatility: number } {
  return {
    variance: impliedAnnual ** 2 - realisedAnnual ** 2,
    volatility: impliedAnnual - realisedAnnual,
  };
}

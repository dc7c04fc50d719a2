/** Arithmetic of default probabilities between horizons, and the limit that a loss budget puts on a venue. */

/** Share that defaults in a year when `cumulative` did over `years`: 1 − (1 − p)^(1 ÷ years). */
export function annualDefaultRate(cumulative: number, years: number): number {
  return -Math.expm1(Math.log1p(-cumulative) / years);
}

/** Constant intensity a year: −ln(1 − p) ÷ years. */
export function defaultHazard(cumulative: number, years: number): number {
  return -Math.log1p(-cumulative) / years;
}

/** Probability of default within some days: 1 − (1 − PD)^(days ÷ 365). */
export function defaultProbability(annual: number, days: number): number {
  return -Math.expm1((Math.log1p(-annual) * days) / 365);
}

/**
 * Most that may lie at a venue: min(share × NAV, loss budget ÷ (PD × LGD)).
 *
 * @param lossBudgetUsd expected loss a year that is accepted from this venue.
 */
export function venueLimitUsd(limit: {
  readonly netAssetUsd: number;
  readonly shareMax: number;
  readonly lossBudgetUsd: number;
  readonly defaultProbabilityAnnual: number;
  readonly lossGivenDefaultShare: number;
}): number {
  const byShareUsd = limit.shareMax * limit.netAssetUsd;
  const lossShare = limit.defaultProbabilityAnnual * limit.lossGivenDefaultShare;
  return lossShare > 0 ? Math.min(byShareUsd, limit.lossBudgetUsd / lossShare) : byShareUsd;
}

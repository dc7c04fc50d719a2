/**
 * Hedging demand of one underlying: one capped score from what futures and options say, with its parts.
 *
 * Each part is a z-score turned so that above 0 means more demand for protection, squeezed to -1…1; the score is
 * their mean. No study proves skew, put/call or long/short, so the effect is capped: it may raise a forecast a little, never lower it.
 */
export const DEMAND_SIGNALS = [
  'funding',
  'basis',
  'openInterest',
  'longShort',
  'riskReversal',
  'putCall',
  'volatilityPremium',
] as const;

export type DemandSignal = (typeof DEMAND_SIGNALS)[number];

/** +1: a high reading is demand for protection (or crowding that will need it); −1: a low one is. */
const DIRECTION: Readonly<Record<DemandSignal, 1 | -1>> = {
  funding: -1,
  basis: -1,
  openInterest: 1,
  longShort: 1,
  riskReversal: -1,
  putCall: 1,
  volatilityPremium: 1,
};

/** z-scores against their own history; a signal that the venue does not offer, or that is stale, is left out. */
export type DemandReadings = Readonly<Partial<Record<DemandSignal, number>>>;

export type HedgingDemand =
  | {
      readonly kind: 'scored';
      /** −1…1; above 0: protection is sought. */
      readonly score: number;
      readonly parts: Readonly<Partial<Record<DemandSignal, number>>>;
    }
  | { readonly kind: 'unknown' };

/** The score and its parts; unknown where nothing is read: that is not a score of 0. */
export function hedgingDemand(readings: DemandReadings): HedgingDemand {
  const parts: Partial<Record<DemandSignal, number>> = {};
  let sum = 0;
  let count = 0;
  for (const signal of DEMAND_SIGNALS) {
    const z = readings[signal];
    if (z === undefined || !Number.isFinite(z)) continue;
    const part = DIRECTION[signal] * Math.tanh(z / 2);
    parts[signal] = part;
    sum += part;
    count += 1;
  }
  return count === 0 ? { kind: 'unknown' } : { kind: 'scored', score: sum / count, parts };
}

/** What a forecast volatility is multiplied by: 1 … 1 + cap. Unknown demand changes nothing. */
export function forecastRatio(demand: HedgingDemand, raiseShareMax: number): number {
  return demand.kind === 'scored' ? 1 + raiseShareMax * Math.max(0, demand.score) : 1;
}

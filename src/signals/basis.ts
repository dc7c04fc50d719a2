/**
 * Basis of a perpetual or a dated future against spot: its annual forms, how unusual it is, and what state it is in.
 *
 * b = F / S - 1. Simple annualising (b * 365 / days) is the one that the project decides with; the others are for comparison.
 */
import type { SeriesMoments } from '../domain/marketSignals.ts';
import { momentsOf } from './moments.ts';

export function basisShare(futurePrice: number, spotPrice: number): number {
  return futurePrice / spotPrice - 1;
}

/** b × 365 ÷ days. */
export function basisAnnual(basis: number, days: number): number {
  return (basis * 365) / days;
}

/** (1 + b)^(365 ÷ days) − 1. */
export function basisAnnualCompounded(basis: number, days: number): number {
  return Math.expm1((365 / days) * Math.log1p(basis));
}

/** ln(1 + b) × 365 ÷ days. */
export function basisAnnualLog(basis: number, days: number): number {
  return (Math.log1p(basis) * 365) / days;
}

/** Days until the basis has paid for the round trip: cost ÷ (annual basis ÷ 365); null where it never does. */
export function breakEvenDays(roundTripCostShare: number, carryAnnual: number): number | null {
  return carryAnnual > 0 ? (roundTripCostShare * 365) / carryAnnual : null;
}

export type ZScore =
  | { readonly kind: 'zScore'; readonly z: number }
  | { readonly kind: 'insufficientHistory'; readonly missing: number }
  | { readonly kind: 'noVariation' };

/**
 * How many standard deviations (ddof 1) a value lies from the mean of its history.
 *
 * @param history e.g. 30 days of the same reading, without the value itself.
 * @param historyMin readings below which no z-score is given.
 */
export function zScore(value: number, history: readonly number[], historyMin: number): ZScore {
  return zScoreOf(value, momentsOf(history), historyMin);
}

/** The same from the history's moments. */
export function zScoreOf(value: number, history: SeriesMoments, historyMin: number): ZScore {
  const least = Math.max(2, historyMin);
  if (history.readings < least) {
    return { kind: 'insufficientHistory', missing: least - history.readings };
  }
  if (history.deviation === 0) return { kind: 'noVariation' };
  return { kind: 'zScore', z: (value - history.mean) / history.deviation };
}

export type BasisState = 'contango' | 'flat' | 'backwardation';

/** Contango above the band, backwardation below it, flat within. */
export function basisState(annual: number, flatBandAnnual: number): BasisState {
  if (annual > flatBandAnnual) return 'contango';
  return annual < -flatBandAnnual ? 'backwardation' : 'flat';
}

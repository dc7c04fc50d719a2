/** Puts the signals of the last decision into the gauges, per coin that a leg trades; what is not known has no series. */
import type { Metrics } from './metrics.ts';

/** One coin at one venue. */
export type SignalFigures = {
  readonly underlying: string;
  readonly basis: { readonly annual: number } | null;
  readonly demand: { readonly score: number } | null;
};

/** Where several venues say something of a coin, their mean. Labels are coins of the configured legs. */
export function showSignals(metrics: Metrics, signals: readonly SignalFigures[]): void {
  metrics.basisAnnual.reset();
  metrics.hedgingDemandScore.reset();
  for (const underlying of new Set(signals.map((each) => each.underlying))) {
    const own = signals.filter((each) => each.underlying === underlying);
    const basis = meanOf(own.flatMap((each) => each.basis?.annual ?? []));
    const score = meanOf(own.flatMap((each) => each.demand?.score ?? []));
    if (basis !== null) metrics.basisAnnual.set({ underlying }, basis);
    if (score !== null) metrics.hedgingDemandScore.set({ underlying }, score);
  }
}

const meanOf = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, each) => sum + each, 0) / values.length;

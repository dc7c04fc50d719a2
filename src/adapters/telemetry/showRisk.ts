/** Puts the risk of the last decision into the gauges; labels come from closed sets, and what is not known has no series. */
import type { Metrics } from './metrics.ts';
import { putGauge } from './putGauge.ts';

type Shares = readonly { readonly name: string; readonly relativeShare: number }[];
type Tail = { readonly valueAtRiskUsd: number; readonly expectedShortfallUsd: number };

/** The part of the risk status that is measured. */
export type RiskFigures = {
  readonly volatilityAnnual: number;
  readonly groups: Shares;
  readonly venues: Shares;
  readonly factors: Shares;
  readonly effectiveBets: number | null;
  readonly diversificationRatio: number | null;
  readonly tail: {
    readonly normal: Tail;
    readonly cornishFisher: Tail | null;
    readonly historical: Tail | null;
  };
  readonly realised:
    | { readonly kind: 'realised'; readonly volatilityAnnual: number }
    | { readonly kind: 'insufficientHistory' };
  readonly solver: { readonly worstGap: number };
};

export function showRisk(metrics: Metrics, risk: RiskFigures | null): void {
  const { realised, tail } = risk ?? {};
  putGauge(metrics.wholeVolatility, {}, risk?.volatilityAnnual ?? null);
  const past = realised?.kind === 'realised' ? realised.volatilityAnnual : null;
  putGauge(metrics.realisedVolatility, {}, past);
  putGauge(metrics.effectiveBets, {}, risk?.effectiveBets ?? null);
  putGauge(metrics.diversificationRatio, {}, risk?.diversificationRatio ?? null);
  putGauge(metrics.solverGapShare, {}, risk?.solver.worstGap ?? null);
  const { groups, factors, venues } = metrics.sets;
  for (const group of groups)
    putGauge(metrics.groupRiskShare, { group }, shareOf(risk?.groups, group));
  for (const venue of venues)
    putGauge(metrics.venueRiskShare, { venue }, shareOf(risk?.venues, venue));
  for (const factor of factors) {
    putGauge(metrics.factorRiskShare, { factor }, shareOf(risk?.factors, factor));
  }
  for (const method of ['normal', 'cornishFisher', 'historical'] as const) {
    const figure = tail?.[method] ?? null;
    putGauge(metrics.valueAtRiskUsd, { method }, figure?.valueAtRiskUsd ?? null);
    putGauge(metrics.expectedShortfallUsd, { method }, figure?.expectedShortfallUsd ?? null);
  }
}

const shareOf = (shares: Shares | undefined, name: string): number | null =>
  shares?.find((one) => one.name === name)?.relativeShare ?? null;

/** Puts a status into the gauges. What is not known has no series: it is never shown as zero. */
import type { HedgeReport } from '../../domain/hedgeReport.ts';
import type { VenueState } from '../../domain/venue.ts';
import { type GuardRung, guardRungs } from '../../margin/guard.ts';
import type { PegState } from '../../signals/peg.ts';
import { venueStates } from './labels.ts';
import type { Metrics } from './metrics.ts';
import { putGauge } from './putGauge.ts';
import { showHedges, showPegs } from './showOverlay.ts';
import { type RiskFigures, showRisk } from './showRisk.ts';
import { type SignalFigures, showSignals } from './showSignals.ts';

/** The part of the status that is measured; the dashboard's Status is one. */
export type StatusFigures = {
  readonly halted: boolean;
  readonly ready: boolean;
  readonly targetVolatilityAnnual: number;
  readonly forecastVolatilityAnnual: number | null;
  readonly grossLeverage: number | null;
  readonly legs: readonly {
    readonly id: string;
    readonly budget: number | null;
    readonly riskShare: number | null;
    readonly positionUsd: number | null;
    readonly contribution?: { readonly marginal: number; readonly absoluteUsd: number } | null;
    readonly realisedRiskShare?: number | null;
  }[];
  readonly risk?: RiskFigures | null;
  readonly signals?: readonly SignalFigures[];
  readonly hedges?: readonly HedgeReport[];
  readonly pegs?: Readonly<Record<string, PegState>>;
  readonly venues: readonly {
    readonly id: string;
    readonly state: VenueState;
    readonly equityUsd: number | null;
    readonly marginRatio: number | null;
    readonly defaultProbabilityAnnual: number | null;
    readonly liquidationDistanceShare: number | null;
    readonly guardRung?: GuardRung | null;
    /** Net, all time, paid positive. */
    readonly fundingPaidUsd: number | null;
  }[];
  readonly dataAgesMs: Readonly<Record<string, number | null>>;
  readonly openOrders: number;
  readonly discrepancies: readonly unknown[];
};

/** @returns a function that shows one status after another; funding is counted by the difference to the one before. */
export function createStatusGauges(metrics: Metrics): (status: StatusFigures) => void {
  const fundingBefore = new Map<string, number>();
  return (status) => {
    metrics.halted.set(status.halted ? 1 : 0);
    metrics.ready.set(status.ready ? 1 : 0);
    metrics.openOrders.set(status.openOrders);
    metrics.discrepancies.set(status.discrepancies.length);
    metrics.targetVolatility.set(status.targetVolatilityAnnual);
    putGauge(metrics.forecastVolatility, {}, status.forecastVolatilityAnnual);
    putGauge(metrics.grossLeverage, {}, status.grossLeverage);
    for (const { id: leg, ...figures } of status.legs) {
      putGauge(metrics.legRiskShare, { leg }, figures.riskShare);
      putGauge(metrics.legBudgetShare, { leg }, figures.budget);
      putGauge(metrics.legNotionalUsd, { leg }, figures.positionUsd);
      putGauge(metrics.legMarginalRisk, { leg }, figures.contribution?.marginal ?? null);
      putGauge(metrics.legContributionUsd, { leg }, figures.contribution?.absoluteUsd ?? null);
      putGauge(metrics.legRealisedRiskShare, { leg }, figures.realisedRiskShare ?? null);
    }
    showRisk(metrics, status.risk ?? null);
    showSignals(metrics, status.signals ?? []);
    showHedges(metrics, status.hedges ?? []);
    showPegs(metrics, status.pegs ?? {});
    for (const { id: venue, ...figures } of status.venues) {
      putGauge(metrics.equityUsd, { venue }, figures.equityUsd);
      putGauge(metrics.marginRatio, { venue }, figures.marginRatio);
      putGauge(metrics.liquidationDistance, { venue }, figures.liquidationDistanceShare);
      putGauge(metrics.venueDefaultProbability, { venue }, figures.defaultProbabilityAnnual);
      for (const rung of guardRungs) {
        const isOn =
          (figures.guardRung ?? null) === null ? null : Number(rung === figures.guardRung);
        putGauge(metrics.guardRung, { venue, rung }, isOn);
      }
      for (const state of venueStates) {
        metrics.venueState.set({ venue, state }, state === figures.state ? 1 : 0);
      }
      countFunding(metrics, fundingBefore, venue, figures.fundingPaidUsd);
    }
    for (const [feed, ageMs] of Object.entries(status.dataAgesMs)) {
      putGauge(metrics.dataAgeSeconds, { feed }, ageMs === null ? null : ageMs / 1000);
    }
  };
}

function countFunding(
  metrics: Metrics,
  before: Map<string, number>,
  venue: string,
  paidUsd: number | null,
): void {
  if (paidUsd === null) return;
  const changeUsd = paidUsd - (before.get(venue) ?? 0);
  before.set(venue, paidUsd);
  if (changeUsd > 0) metrics.fundingPaidUsd.inc({ venue }, changeUsd);
  if (changeUsd < 0) metrics.fundingReceivedUsd.inc({ venue }, -changeUsd);
}

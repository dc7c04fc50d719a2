/** Puts hedges and pegs into the gauges. */
import type { HedgeReport } from '../../domain/hedgeReport.ts';
import { type PegState, pegStates } from '../../signals/peg.ts';
import type { Metrics } from './metrics.ts';
import { putGauge } from './putGauge.ts';

export function showHedges(metrics: Metrics, hedges: readonly HedgeReport[]): void {
  for (const coin of metrics.sets.hedgedCoins) {
    const hedge = hedges.find((one) => one.coin === coin);
    const realised = hedge?.realised.kind === 'realised' ? hedge.realised.effectiveness : null;
    const forecast = hedge?.chosen?.effectiveness ?? null;
    putGauge(metrics.hedgeNotionalUsd, { coin }, hedge?.heldUsd ?? null);
    putGauge(metrics.hedgeEffectiveness, { coin, kind: 'forecast' }, forecast);
    putGauge(metrics.hedgeEffectiveness, { coin, kind: 'realised' }, realised);
  }
}

/** A coin that the watch does not name is pegged. */
export function showPegs(metrics: Metrics, pegs: Readonly<Record<string, PegState>>): void {
  for (const coin of metrics.sets.stablecoins) {
    const now = pegs[coin] ?? 'pegged';
    for (const state of pegStates) {
      metrics.pegState.set({ coin, state }, state === now ? 1 : 0);
    }
  }
}

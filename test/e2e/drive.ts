/**
 * Drives a rig hour by hour, calling what the queue would call: history, bookings and margin every bar, the rebalance on its
 * schedule, the reconciliation once a day.
 */

import { requiredSymbols } from '../../src/domain/universe.ts';
import { guardSettings } from '../../src/guardSettings.ts';
import { venueLeverage } from '../../src/parity/sizing/capital.ts';
import { bookCash } from '../../src/rebalance/bookCash.ts';
import { guardMargin } from '../../src/rebalance/guard.ts';
import { loadInstruments } from '../../src/rebalance/observeMarket.ts';
import type { DecisionRecord, RebalanceOutcome } from '../../src/rebalance/ports/stores.ts';
import { rebalance } from '../../src/rebalance/rebalance.ts';
import { type ReconcileReport, reconcileVenues } from '../../src/rebalance/reconcileVenues.ts';
import { recover } from '../../src/rebalance/recover.ts';
import { slotOf } from '../../src/rebalance/slot.ts';
import { syncHistory } from '../../src/rebalance/syncHistory.ts';
import { equityNow } from './equity.ts';
import type { Rig } from './rig.ts';

const hourMs = 3_600_000;
export const rebalanceEveryMs = 8 * hourMs;
const reconcileEveryMs = 24 * hourMs;
/** Longer than a redemption takes: what is on its way has arrived. */
const settleMs = 900_000;

export type Ended = { readonly record: DecisionRecord; readonly outcome: RebalanceOutcome };

export type Run = {
  readonly ended: readonly Ended[];
  readonly reconciled: readonly ReconcileReport[];
  /** The account's worth in the book's USD, every hour. */
  readonly equity: readonly { readonly atMs: number; readonly equityUsd: number }[];
  /** Largest maintenance ÷ equity that a watch saw. */
  readonly marginRatioMax: number;
};

export type DriveOptions = {
  readonly untilMs: number;
  /** What somebody else does to the account, by the hour. */
  readonly meddle?: (atMs: number) => Promise<void>;
  /** Reconciles also right after each rebalance, when redemptions are still under way. */
  readonly reconcileOften?: boolean;
};

export async function drive(rig: Rig, options: DriveOptions): Promise<Run> {
  const { untilMs, meddle, reconcileOften = false } = options;
  const { ports, policy, config, simulator } = rig;
  const ended: Ended[] = [];
  const reconciled: ReconcileReport[] = [];
  const equity: { atMs: number; equityUsd: number }[] = [];
  let marginRatioMax = 0;
  await recover(ports, policy, {
    leverage: venueLeverage(policy.sizing),
    leaseWaitMs: policy.execution.settlingMs,
  });
  for (let atMs = rig.fromMs; atMs < untilMs; atMs += hourMs) {
    if (simulator.nowMs() < atMs) simulator.advanceTo(atMs);
    equity.push({ atMs, equityUsd: equityNow(rig) });
    await meddle?.(atMs);
    await syncAll(rig);
    await bookCash(ports, policy);
    const settings = { ...guardSettings(config), periodMs: hourMs };
    for (const { marginRatio } of await guardMargin(ports, policy, settings)) {
      if (marginRatio === null) throw new Error('the margin was not known');
      marginRatioMax = Math.max(marginRatioMax, marginRatio);
    }
    if (atMs % reconcileEveryMs === 0) reconciled.push(await reconcileOnce(rig));
    if (atMs % rebalanceEveryMs === 0) {
      const slot = slotOf(policy.portfolio, 'schedule', atMs);
      const result = await rebalance(ports, policy, slot, 'e2e');
      if (result.kind !== 'ended') throw new Error(`slot ${slot.rebalanceId} was ${result.kind}`);
      ended.push({ record: result.record, outcome: result.outcome });
      if (reconcileOften) reconciled.push(await reconcileOnce(rig));
    }
  }
  simulator.advanceTo(Math.max(untilMs, simulator.nowMs()) + settleMs);
  equity.push({ atMs: simulator.nowMs(), equityUsd: equityNow(rig) });
  reconciled.push(await reconcileOnce(rig));
  return { ended, reconciled, equity, marginRatioMax };
}

async function syncAll({ ports, policy }: Rig): Promise<void> {
  for (const venue of ports.venues.values()) {
    const symbols = requiredSymbols(policy)[venue.reader.id] ?? [];
    const instruments = await loadInstruments(ports, venue, symbols);
    const gaps = await syncHistory(ports, policy, venue.reader, instruments);
    if (gaps.length > 0) throw new Error(`the history has gaps: ${JSON.stringify(gaps)}`);
  }
}

async function reconcileOnce({ ports, policy }: Rig): Promise<ReconcileReport> {
  const report = await reconcileVenues(ports, policy, { adjust: true });
  if (report === null) throw new Error('the portfolio was held by another');
  return report;
}

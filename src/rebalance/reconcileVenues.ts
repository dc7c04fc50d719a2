/**
 * The ledger against every venue: orders settled and compared, fills and cash read, positions and wallets compared.
 *
 * The venue's position wins: what still differs after a second reading is booked as an explicit adjustment and alerted.
 * A query that failed is not "flat": it stays a discrepancy, and the daemon is not ready.
 */

import { OperatingError } from '../domain/operatingError.ts';
import type { Policy } from '../domain/policy.ts';
import type { PositionOrWallet } from '../ledger/reconcile.ts';
import { asDiscrepancy, bookAdjustments } from './bookAdjustments.ts';
import { bookVenueCash } from './bookCash.ts';
import { rivalsSeen } from './foreignActivity.ts';
import { mayBePaidOut } from './pendingPayouts.ts';
import type { HeldLease } from './ports/lease.ts';
import type { Discrepancy } from './ports/stores.ts';
import type { Venue } from './ports/venue.ts';
import type { Ports } from './ports.ts';
import { reconcileOrders, unsettledSubjects } from './reconcileOrders.ts';
import { settleUnended } from './settleUnended.ts';
import { syncFills } from './syncFills.ts';
import { unionOf } from './unionOf.ts';
import { venueDifferences } from './venueDifferences.ts';

export type ReconcileReport = {
  /** What differed and was booked as an adjustment. */
  readonly adjusted: readonly Discrepancy[];
  /** What could not be settled: the daemon is not ready while there is any. */
  readonly outstanding: readonly Discrepancy[];
  readonly foreignFills: number;
};

/** @param options.adjust false: only report. @returns null when another process holds the portfolio. */
export async function reconcileVenues(
  ports: Ports,
  policy: Policy,
  options: { readonly adjust: boolean },
): Promise<ReconcileReport | null> {
  const lease = await ports.lease.acquire(policy.portfolio);
  if (lease === null) return null;
  try {
    const unsettled = await settleUnended(ports, policy, lease);
    return await reconcileHeld(ports, policy, { ...options, lease }, unsettled);
  } finally {
    await lease.release();
  }
}

/** The same under a lease that is held already. */
export async function reconcileHeld(
  ports: Ports,
  policy: Policy,
  options: { readonly adjust: boolean; readonly lease: HeldLease },
  unsettled: readonly Discrepancy[],
): Promise<ReconcileReport> {
  const nowMs = ports.clock.nowMs();
  const reports = await Promise.all(
    [...ports.venues.values()].map((venue) => reconcileVenue(ports, policy, venue, options)),
  );
  const outstanding = [...unsettled, ...reports.flatMap((report) => report.outstanding)];
  const adjusted = reports.flatMap((report) => report.adjusted);
  await ports.state.setDiscrepancies(policy.portfolio, outstanding, nowMs);
  for (const one of [...adjusted, ...outstanding]) {
    ports.reporter.warn({ event: 'discrepancy', ...one });
  }
  const foreignFills = reports.reduce((sum, report) => sum + report.foreignFills, 0);
  ports.reporter.event({
    event: 'reconciled',
    adjusted: adjusted.length,
    outstanding: outstanding.length,
    foreignFills,
  });
  return { adjusted, outstanding, foreignFills };
}

async function reconcileVenue(
  ports: Ports,
  policy: Policy,
  venue: Venue,
  { adjust, lease }: { readonly adjust: boolean; readonly lease: HeldLease },
): Promise<ReconcileReport> {
  try {
    const instruments = await unionOf(ports, policy, venue);
    const foreignFills = await syncFills(ports, policy, venue, instruments);
    await bookVenueCash(ports, policy, venue);
    const orders = [
      ...(await reconcileOrders(ports, policy, venue, instruments)),
      ...(await rivalsSeen(ports, policy, venue.reader.id)),
    ];
    const first = await venueDifferences(ports, policy, venue, instruments);
    if (first.length === 0) return { adjusted: [], outstanding: orders, foreignFills };
    // Funding or a fill may have come between two reads: read once more before calling it a difference.
    await syncFills(ports, policy, venue, instruments);
    await bookVenueCash(ports, policy, venue);
    const found = await venueDifferences(ports, policy, venue, instruments);
    if (!adjust) {
      return { adjusted: [], outstanding: [...orders, ...found.map(asDiscrepancy)], foreignFills };
    }
    const open = await unsettledSubjects(ports, policy, venue, instruments);
    const isPayout = await mayBePaidOut(ports, policy, venue, instruments);
    const isSettled = (one: PositionOrWallet): boolean => !open.has(one.subject) && !isPayout(one);
    const positions = found.filter((one) => one.kind === 'position' && isSettled(one));
    const ofPositions = await bookAdjustments(ports, policy, instruments, positions, lease);
    // The venue's wallet in the book depends on the positions' cost: compare again before adjusting it.
    const left = await venueDifferences(ports, policy, venue, instruments);
    const wallets = left.filter((one) => one.kind === 'wallet' && isSettled(one));
    const ofWallets = await bookAdjustments(ports, policy, instruments, wallets, lease);
    const adjusted = [...ofPositions.booked, ...ofWallets.booked].map(asDiscrepancy);
    const unsettled = left.filter((one) => !isSettled(one)).map(asDiscrepancy);
    const refused = [...ofPositions.refused, ...ofWallets.refused];
    return { adjusted, outstanding: [...orders, ...unsettled, ...refused], foreignFills };
  } catch (error) {
    if (!(error instanceof OperatingError)) throw error;
    const outstanding: Discrepancy = {
      venue: venue.reader.id,
      kind: 'wallet',
      subject: 'the account could not be read',
      ledger: 'unknown',
      venueSays: error.message,
    };
    return { adjusted: [], outstanding: [outstanding], foreignFills: 0 };
  }
}

/**
 * The venue's word against the ledger's, booked as explicit adjustments: told first, once for each state of the book, and only
 * so often a day. What differs beyond that is a fault of somebody's, and left to a person.
 */
import type { Instrument } from '../domain/instrument.ts';
import type { Policy } from '../domain/policy.ts';
import { adjustmentTransaction, isAdjustmentOf } from '../ledger/adjustmentTransaction.ts';
import { heldByLeg } from '../ledger/book.ts';
import type { PositionOrWallet } from '../ledger/reconcile.ts';
import { legsExposedTo } from './legHoldings.ts';
import type { HeldLease } from './ports/lease.ts';
import type { Discrepancy } from './ports/stores.ts';
import type { Ports } from './ports.ts';

const dayMs = 86_400_000;
const perDayMaxDefault = 24;

/** A difference, and how many transactions of its subject the book had when it was found. */
export type Difference = PositionOrWallet & { readonly basis: number };

export type Adjusted = {
  readonly booked: readonly Difference[];
  /** Adjusted too often, or not this process's to adjust any more. */
  readonly refused: readonly Discrepancy[];
};

export async function bookAdjustments(
  ports: Ports,
  policy: Policy,
  instruments: readonly Instrument[],
  found: readonly Difference[],
  lease: HeldLease,
): Promise<Adjusted> {
  if (found.length === 0) return { booked: [], refused: [] };
  const nowMs = ports.clock.nowMs();
  const [recent, balances] = await Promise.all([
    ports.ledger.transactions(policy.portfolio, { sinceMs: nowMs - dayMs }),
    ports.ledger.balances(policy.portfolio),
  ]);
  const perDayMax = policy.limits.adjustmentsPerDayMax ?? perDayMaxDefault;
  const booked: Difference[] = [];
  const refused: Discrepancy[] = [];
  for (const one of found) {
    const times = recent.filter((each) => each.atMs > nowMs - dayMs && isAdjustmentOf(each, one));
    if (times.length >= perDayMax) {
      refused.push(asDiscrepancy(one));
      continue;
    }
    const instrument = instruments.find(
      (candidate) => candidate.venue === one.venue && candidate.symbol === one.subject,
    );
    const reader = ports.venues.get(one.venue)?.reader;
    const isPriced = instrument?.kind === 'perpetual' && reader !== undefined;
    const price = isPriced ? (await reader.quote(instrument)).mark : 1;
    const held =
      instrument === undefined
        ? []
        : heldByLeg(balances, one.venue, one.subject, legsExposedTo(policy.legs, instrument));
    const weights = held.map((part) => ({ leg: part.leg, weight: part.amount }));
    // Not before the price: a slow venue gives another process the time to book what really filled.
    if (!(await lease.isHeld())) {
      refused.push(asDiscrepancy(one));
      continue;
    }
    await ports.state.appendEvent(policy.portfolio, 'adjustment', asDiscrepancy(one), nowMs);
    const adjustment = { ...one, price, weights, atMs: nowMs };
    await ports.ledger.post(policy.portfolio, [adjustmentTransaction(adjustment)]);
    booked.push(one);
  }
  return { booked, refused };
}

export const asDiscrepancy = (one: PositionOrWallet): Discrepancy => ({
  venue: one.venue,
  kind: one.kind,
  subject: one.subject,
  ledger: one.ledger,
  venueSays: one.venueSays,
});

/**
 * Funding, yield, interest and flows into the ledger, from the venue's own records.
 *
 * Read from a little before where the last reading ended: venues list late, and posting twice changes nothing. A payment
 * is attributed by what the legs hold when it is booked, so it is booked before positions change.
 */
import type { CashEvent } from '../domain/fill.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Policy } from '../domain/policy.ts';
import { requiredSymbols } from '../domain/universe.ts';
import { type Balance, heldByLeg } from '../ledger/book.ts';
import { cashTransaction } from '../ledger/cashTransaction.ts';
import { legsExposedTo } from './legHoldings.ts';
import { loadInstruments } from './observeMarket.ts';
import type { Venue } from './ports/venue.ts';
import type { Ports } from './ports.ts';

const overlapMs = 600_000;

/** @returns how many entries were new. @throws OperatingError when a venue or the database does not answer. */
export async function bookCash(ports: Ports, policy: Policy): Promise<number> {
  const booked = await Promise.all(
    [...ports.venues.values()].map((venue) => bookVenueCash(ports, policy, venue)),
  );
  return booked.reduce((sum, count) => sum + count, 0);
}

export async function bookVenueCash(ports: Ports, policy: Policy, venue: Venue): Promise<number> {
  const { reader } = venue;
  const cursor = `cash|${reader.id}`;
  const nowMs = ports.clock.nowMs();
  const [instruments, readToMs, openedAtMs, balances] = await Promise.all([
    loadInstruments(ports, venue, requiredSymbols(policy)[reader.id] ?? []),
    ports.state.cursor(cursor),
    ports.state.cursor(`opened|${reader.id}`),
    ports.ledger.balances(policy.portfolio),
  ]);
  // What happened until the opening balances were read is in them.
  const afterMs = openedAtMs ?? nowMs;
  const sinceMs = Math.max((readToMs ?? nowMs) - overlapMs, afterMs);
  const events = await reader.cashEvents(instruments, sinceMs);
  const transactions = events
    .filter((event) => event.atMs > afterMs)
    .map((event) => cashTransaction(event, sharesOf(event, policy, instruments, balances)));
  const fresh = await ports.ledger.post(policy.portfolio, transactions);
  await ports.state.setCursor(cursor, nowMs);
  return fresh.length;
}

function sharesOf(
  event: CashEvent,
  policy: Policy,
  instruments: readonly Instrument[],
  balances: readonly Balance[],
) {
  const instrument = instruments.find((one) => one.id === event.instrument);
  if (instrument === undefined) return [];
  const legs = legsExposedTo(policy.legs, instrument);
  return heldByLeg(balances, instrument.venue, instrument.symbol, legs).map((part) => ({
    leg: part.leg,
    weight: part.amount,
  }));
}

/** The part of a book that is at one venue: the guard judges and acts on each account by itself. */
import type { VenueId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { type BookReading, readBook } from '../parity/sizing/book.ts';

/** As if there were no other venue, so that one that does not answer does not hide this one. */
export function venueSnapshot(snapshot: Snapshot, policy: Policy, venue: VenueId): Snapshot {
  const own = <T>(perLeg: readonly T[]): readonly T[] =>
    perLeg.filter((_, index) => policy.legs[index]?.venue === venue);
  return {
    ...snapshot,
    legs: own(snapshot.legs),
    returnsByLeg: own(snapshot.returnsByLeg),
    worstDayByLeg: own(snapshot.worstDayByLeg),
    heldUsdByLeg: own(snapshot.heldUsdByLeg),
    instruments: snapshot.instruments.filter((one) => one.instrument.venue === venue),
    venues: snapshot.venues.filter((one) => one.id === venue),
  };
}

export function readVenueBook(snapshot: Snapshot, policy: Policy, venue: VenueId): BookReading {
  const legs = policy.legs.filter((leg) => leg.venue === venue);
  return readBook(venueSnapshot(snapshot, policy, venue), { ...policy, legs });
}

/** What each leg holds of each instrument, by the ledger's sums. */
import { toNumber } from '../domain/decimal.ts';
import type { LegId } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import { type Exposure, exposures, type Leg } from '../domain/leg.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { type Balance, heldByLeg } from '../ledger/book.ts';

/** Legs with an exposure to an instrument: another leg's coins may be its cash. */
export const legsExposedTo = (legs: readonly Leg[], instrument: Instrument): readonly LegId[] =>
  legs
    .filter((leg) => exposures(leg).some((exposure) => exposure.instrument === instrument.id))
    .map((leg) => leg.id);

export function legHoldings(
  balances: readonly Balance[],
  legs: readonly Leg[],
  instruments: readonly Instrument[],
): Snapshot['holdings'] {
  return instruments.flatMap((instrument) =>
    heldByLeg(balances, instrument.venue, instrument.symbol, legsExposedTo(legs, instrument)).map(
      ({ leg, amount }) => ({ instrument: instrument.id, leg, amount }),
    ),
  );
}

/** Base units of one of a leg's exposures, its first if none is named, signed as held. */
export function heldBaseOf(
  holdings: Snapshot['holdings'],
  leg: Leg,
  exposure: Exposure | undefined = exposures(leg)[0],
): number {
  return holdings
    .filter((one) => one.leg === leg.id && one.instrument === exposure?.instrument)
    .reduce((sum, one) => sum + toNumber(one.amount), 0);
}

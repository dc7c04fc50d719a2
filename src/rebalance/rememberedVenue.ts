/**
 * What the last decision knew of a venue that does not answer, or is not asked: its instruments, with the time when they were read.
 *
 * They outlive the process. Quotes, positions and the account are not remembered: those are unknown.
 */
import type { VenueId } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { InstrumentObservation, VenueObservation } from '../domain/snapshot.ts';
import type { Ports } from './ports.ts';

export type RememberedVenue = {
  readonly venue: VenueObservation;
  readonly instruments: readonly Instrument[];
  readonly instrumentsAtMs: number;
};

/** @param symbols of which to know. @returns null where no decision has seen the venue. */
export async function rememberedVenue(
  { decisions }: Pick<Ports, 'decisions'>,
  portfolio: string,
  id: VenueId,
  symbols: readonly string[],
): Promise<RememberedVenue | null> {
  const snapshot = (await decisions.latest(portfolio))?.snapshot;
  const venue = snapshot?.venues.find((one) => one.id === id);
  if (snapshot === undefined || venue === undefined) return null;
  const instruments = snapshot.instruments
    .map((one) => one.instrument)
    .filter((one) => one.venue === id && symbols.includes(one.symbol));
  return { venue, instruments, instrumentsAtMs: venue.instrumentsAtMs ?? snapshot.observedAtMs };
}

/** Its part of a snapshot for which it was not asked. */
export function unaskedVenue({ venue, instruments, instrumentsAtMs }: RememberedVenue): {
  readonly instruments: readonly InstrumentObservation[];
  readonly venue: VenueObservation;
} {
  const unasked = { kind: 'unknown', reason: `${venue.id} was not asked` } as const;
  return {
    venue: { ...venue, account: unasked, clockOffsetMs: unasked, instrumentsAtMs },
    instruments: instruments.map((instrument) => ({
      instrument,
      quote: unasked,
      funding: instrument.kind === 'perpetual' ? unasked : null,
      yield: instrument.kind === 'earn' ? unasked : null,
      positionBase: unasked,
    })),
  };
}

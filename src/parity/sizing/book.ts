/**
 * The book: the snapshot resolved into USD, or the reason why nothing may be sized on it.
 *
 * Equity is what the venues' accounts state plus the coins lent in their earn products or on their way back. A position that
 * could not be read is not flat, and one without a mark has no known risk: both make the whole decision stand.
 */
import { type DecimalText, isZero, toNumber } from '../../domain/decimal.ts';
import type { StandCode } from '../../domain/decision.ts';
import type { InstrumentId, VenueId } from '../../domain/ids.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { exposures, type Leg } from '../../domain/leg.ts';
import type { Observed } from '../../domain/observed.ts';
import { isRedeeming } from '../../domain/order.ts';
import type { Policy } from '../../domain/policy.ts';
import type { InstrumentObservation, Snapshot, VenueObservation } from '../../domain/snapshot.ts';
import type { AccountReading } from '../../domain/venue.ts';
import { type MarginComparison, noCorrection } from '../../margin/comparison.ts';
import { underDrawdown } from './drawdownControl.ts';
import { compareVenue } from './venueMargin.ts';

export type BookInstrument = {
  readonly instrument: Instrument;
  readonly observation: InstrumentObservation;
  readonly positionBase: DecimalText;
  /** USD per base unit; null: no mark, and no position either. */
  readonly markUsd: number | null;
  /** USD per quote coin. */
  readonly quoteUsd: number;
  readonly depthUsd: number;
};

export type BookVenue = {
  readonly venue: VenueId;
  readonly observation: VenueObservation;
  readonly account: AccountReading;
  /** Account and earn products. */
  readonly equityUsd: number;
  /** The venue's own margin figures against the model's: the worse one counts. */
  readonly margin: MarginComparison;
};

export type Book = {
  readonly snapshot: Snapshot;
  readonly policy: Policy;
  readonly legs: readonly Leg[];
  readonly instruments: readonly BookInstrument[];
  readonly instrumentById: ReadonlyMap<InstrumentId, BookInstrument>;
  readonly venues: readonly BookVenue[];
  readonly venueById: ReadonlyMap<VenueId, BookVenue>;
  readonly equityUsd: number;
};

export type BookReading =
  | { readonly kind: 'book'; readonly book: Book }
  | { readonly kind: 'unknown'; readonly code: StandCode; readonly reason: string };

/** Reads the snapshot as a book; the first thing that is not known is named. */
export function readBook(snapshot: Snapshot, policy: Policy): BookReading {
  if (snapshot.unit.kind === 'unknown') return unreadable('UNIT_UNKNOWN', snapshot.unit.reason);
  const { usdByCoin } = snapshot.unit;
  const instruments: BookInstrument[] = [];
  for (const observation of snapshot.instruments) {
    const read = readInstrument(observation, usdByCoin);
    if (read.kind === 'unknown') return read;
    instruments.push(read.instrument);
  }
  const venues: BookVenue[] = [];
  for (const observation of snapshot.venues) {
    const { account } = observation;
    if (account.kind === 'unknown') {
      return unreadable('EQUITY_UNKNOWN', `account of ${observation.id}: ${account.reason}`);
    }
    const equityUsd =
      account.value.equityUsd +
      lentUsd(instruments, observation.id) +
      redeemingUsd(snapshot, instruments, observation.id);
    const margin = { differences: [], correction: noCorrection };
    venues.push({ venue: observation.id, observation, account: account.value, equityUsd, margin });
  }
  const equityUsd = venues.reduce((sum, venue) => sum + venue.equityUsd, 0);
  if (!(equityUsd > 0)) {
    return unreadable('EQUITY_UNKNOWN', `equity must be above 0, was ${equityUsd}`);
  }
  const book: Book = {
    snapshot,
    policy: underDrawdown(policy, { equityUsd, peakEquityUsd: snapshot.peakEquityUsd }),
    legs: policy.legs,
    instruments,
    instrumentById: new Map(instruments.map((each) => [each.instrument.id, each])),
    venues,
    venueById: new Map(venues.map((each) => [each.venue, each])),
    equityUsd,
  };
  const missing = unobserved(book);
  if (missing !== null) return unreadable('POSITION_UNKNOWN', missing);
  return { kind: 'book', book: withMargins(book) };
}

function withMargins(book: Book): Book {
  const venues = book.venues.map((venue) => ({ ...venue, margin: compareVenue(book, venue) }));
  return { ...book, venues, venueById: new Map(venues.map((each) => [each.venue, each])) };
}

function readInstrument(
  observation: InstrumentObservation,
  usdByCoin: Readonly<Record<string, number>>,
):
  | { readonly kind: 'instrument'; readonly instrument: BookInstrument }
  | Extract<BookReading, { kind: 'unknown' }> {
  const { instrument, quote, positionBase } = observation;
  const name = instrument.id;
  if (positionBase.kind === 'unknown') {
    return unreadable('POSITION_UNKNOWN', `position in ${name}: ${positionBase.reason}`);
  }
  const quoteUsd = usdByCoin[instrument.quoteCoin];
  if (quoteUsd === undefined || !(quoteUsd > 0)) {
    return unreadable(
      'UNIT_UNKNOWN',
      `${instrument.quoteCoin}, in which ${name} is priced, has no mark`,
    );
  }
  const markUsd =
    quote.kind === 'observed' && quote.value.mark > 0 ? quote.value.mark * quoteUsd : null;
  if (markUsd === null && !isZero(positionBase.value)) {
    const reason =
      quote.kind === 'unknown' ? quote.reason : `mark must be above 0, was ${quote.value.mark}`;
    return unreadable('MARK_UNKNOWN', `${name} is held and has no mark: ${reason}`);
  }
  return {
    kind: 'instrument',
    instrument: {
      instrument,
      observation,
      positionBase: positionBase.value,
      markUsd,
      quoteUsd,
      depthUsd: quote.kind === 'observed' ? quote.value.depthQuote * quoteUsd : 0,
    },
  };
}

function lentUsd(instruments: readonly BookInstrument[], venue: VenueId): number {
  return instruments
    .filter((each) => each.instrument.venue === venue && each.instrument.kind === 'earn')
    .reduce((sum, each) => sum + toNumber(each.positionBase) * (each.markUsd ?? 0), 0);
}

/** On its way from a product to the wallet: for hours nobody's balance shows it, and it is no loss. */
function redeemingUsd(
  snapshot: Snapshot,
  instruments: readonly BookInstrument[],
  venue: VenueId,
): number {
  return snapshot.openOrders
    .filter((order) => order.venue === venue && isRedeeming(order))
    .reduce((sum, order) => {
      const product = instruments.find((each) => each.instrument.id === order.instrument);
      const left = toNumber(order.quantityBase) - toNumber(order.filledBase);
      return sum + left * (product?.markUsd ?? 0);
    }, 0);
}

/** What a leg needs and the observer did not read at all. */
function unobserved(book: Book): string | null {
  for (const leg of book.legs) {
    if (!book.venueById.has(leg.venue)) return `venue ${leg.venue} was not observed`;
    const gone = exposures(leg).find((each) => !book.instrumentById.has(each.instrument));
    if (gone !== undefined) return `${gone.instrument} was not observed`;
  }
  return null;
}

/** Older than the limit, or unknown. */
export function isStale(reading: Observed<unknown>, nowMs: number, ageMsMax: number): boolean {
  return reading.kind === 'unknown' || nowMs - reading.observedAtMs > ageMsMax;
}

function unreadable(code: StandCode, reason: string): Extract<BookReading, { kind: 'unknown' }> {
  return { kind: 'unknown', code, reason };
}

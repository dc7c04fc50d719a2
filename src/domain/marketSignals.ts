/**
 * Signals of the markets beside prices: what trades, what is open, who holds it, what options imply.
 *
 * A part that a venue has not got is `notOffered` and drops out; one that could not be read is unknown. JSON-safe.
 */
import type { InstrumentId, VenueId } from './ids.ts';
import type { Observed } from './observed.ts';

export type Signal<T> = Observed<T> | { readonly kind: 'notOffered' };

export const notOffered = { kind: 'notOffered' } as const;

/** Earlier readings of a series, without the present one: deviation by n − 1. */
export type SeriesMoments = {
  readonly readings: number;
  readonly mean: number;
  readonly deviation: number;
};

/** A reading beside its last month. */
export type SeriesValue = { readonly value: number; readonly history: SeriesMoments };

export type BookSigns = {
  /** Best ask less best bid ÷ middle. */
  readonly spreadShare: number;
  /** Value that rests within 10 and 50 bps of the middle on the thinner side, quote coin; at least, where the book is cut. */
  readonly depth10Quote: number;
  readonly depth50Quote: number;
};

export type TradedSigns = {
  /** Mean of the last week. */
  readonly volumeDailyQuote: number;
  /** Zero mean, of the week's hours. */
  readonly volatilityDaily: number;
  /** Mean |hourly return| per quote coin traded; null: nothing traded. */
  readonly amihudPerQuote: number | null;
  /** Slope of hourly price changes on volume signed by them, price per coin; null: it does not vary. */
  readonly kyleLambda: number | null;
};

export type InstrumentSignals = {
  readonly instrument: InstrumentId;
  readonly book: Signal<BookSigns>;
  readonly traded: Signal<TradedSigns>;
  /** Perpetuals only. */
  readonly openInterestQuote: Signal<number>;
};

/** One coin at one venue; what options say of it may come from another one. */
export type UnderlyingSignals = {
  readonly venue: VenueId;
  readonly coin: string;
  /** Perpetual ÷ spot or index − 1. */
  readonly perpetualBasis: Signal<SeriesValue>;
  /** Dated future ÷ index − 1, simple, a year, and its days to delivery. */
  readonly futureBasis: Signal<SeriesValue & { readonly days: number }>;
  /** Rate of the next settlement, simple, a year. */
  readonly fundingAnnual: Signal<SeriesValue>;
  /** Relative change of the open interest over a day. */
  readonly openInterestGrowth: Signal<SeriesValue>;
  /** Of the accounts that hold a position: holders, not size. */
  readonly longShare: Signal<SeriesValue>;
  /** 25 delta, call − put, a month out. */
  readonly riskReversal: Signal<SeriesValue>;
  /** Open puts ÷ calls. */
  readonly putCall: Signal<SeriesValue>;
  /** A month out: a venue's volatility index, else at the money. */
  readonly impliedAnnual: Signal<SeriesValue>;
  /** Implied − realised of the last week. */
  readonly volatilityPremium: Signal<SeriesValue>;
};

export type MarketSignals = {
  readonly instruments: readonly InstrumentSignals[];
  readonly underlyings: readonly UnderlyingSignals[];
};

/** Readings of the markets that signals are made of: public, from a venue that is traded on or a source that is only read. */
import type { Instrument } from '../../domain/instrument.ts';
import type { Reading } from './stores.ts';

/** Best first: price in the quote coin, quantity in base coins. */
export type BookLevels = {
  readonly bids: readonly (readonly [price: number, quantityBase: number])[];
  readonly asks: readonly (readonly [price: number, quantityBase: number])[];
};

/** A whole bar with what was traded in it. */
export type TradedBar = {
  readonly openMs: number;
  readonly open: number;
  readonly close: number;
  readonly volumeBase: number;
};

/** Price and index in the quote coin. */
export type DatedFuture = {
  readonly symbol: string;
  readonly deliveryMs: number;
  readonly price: number;
  readonly indexPrice: number;
};

export type OptionQuote = {
  readonly option: 'call' | 'put';
  readonly strike: number;
  readonly deliveryMs: number;
  /** Forward of its delivery. */
  readonly underlyingPrice: number;
  /** A fraction per square-root year. */
  readonly volatilityAnnual: number;
  readonly openInterest: number;
};

/** Null: not offered there. Each throws OperatingError when the venue does not answer, or not so that it can be read. */
export type SignalsReader = {
  book(instrument: Instrument): Promise<BookLevels | null>;
  /** Whole hours of the last week, oldest first. */
  tradedBars(instrument: Instrument): Promise<readonly TradedBar[] | null>;
  /** Base coins, oldest first, up to a month. */
  openInterest(instrument: Instrument): Promise<readonly Reading[] | null>;
  /** Share of the accounts with a position that are long, oldest first, up to a month. */
  longShare(instrument: Instrument): Promise<readonly Reading[] | null>;
  /** On the coin, settled as the instrument is; those nearest to a quarter away, earlier deliveries first. */
  futures(instrument: Instrument): Promise<readonly DatedFuture[] | null>;
  options(coin: string): Promise<readonly OptionQuote[] | null>;
  /** The venue's own index of implied volatility, a fraction per square-root year, oldest first, up to a month. */
  volatilityIndex(coin: string): Promise<readonly Reading[] | null>;
};

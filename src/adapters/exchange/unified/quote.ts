/** Prices of one market: the touch, mark and index, and the value that rests within ten basis points. */
import type { Instrument } from '../../../domain/instrument.ts';
import type { FundingReading, Quote } from '../../../domain/snapshot.ts';
import {
  MalformedAnswer,
  number,
  optionalNumber,
  optionalText,
  type Row,
  row,
  timeMs,
} from '../answer.ts';
import type { Dialect } from '../dialect.ts';
import type { Session } from '../session.ts';
import { type Market, marketOf } from './market.ts';

const DEPTH_SHARE = 0.001;
const HOUR_MS = 3_600_000;

type Level = { readonly price: number; readonly quantity: number };

/** Mark and index of a perpetual by a venue's own words. */
export type ReadMarks = NonNullable<Dialect['marks']>;

/** A side of the book is empty: nothing rests there, and the market has no price. */
export class EmptyBook extends MalformedAnswer {}

/** @throws OperatingError where the book is empty or crossed: such a market has no price. */
export async function readQuote(
  session: Session,
  instrument: Instrument,
  readMarks?: ReadMarks,
): Promise<Quote> {
  const { client } = session;
  const { symbol } = instrument;
  await session.connect();
  const market = marketOf(session, symbol);
  const askedAtMs = session.clock.nowMs();
  const [bookAnswer, tickerAnswer] = await Promise.all([
    askBook(session, symbol),
    market.kind === 'perpetual' && readMarks === undefined
      ? readMarket(session, `ticker of ${symbol}`, () => client.fetchTicker(symbol))
      : null,
  ]);
  const what = `book of ${symbol}`;
  const book = row(bookAnswer, what);
  const bids = levels(book['bids'], `${what}: bids`);
  const asks = levels(book['asks'], `${what}: asks`);
  const bid = bids[0]?.price;
  const ask = asks[0]?.price;
  const demand = `${what} must have a bid below an ask, was ${bid} and ${ask}`;
  if (bid === undefined || ask === undefined) throw new EmptyBook(demand);
  if (!(bid < ask)) throw new MalformedAnswer(demand);
  // Kept for who looks at the same moment for something else than a price to trade at.
  session.books.keep(symbol, bookAnswer, askedAtMs);
  const middle = (bid + ask) / 2;
  const size = Number(market.contractSize);
  const resting = (side: readonly Level[]): number =>
    side
      .filter(({ price }) => Math.abs(price / middle - 1) <= DEPTH_SHARE)
      .reduce((sum, { price, quantity }) => sum + price * quantity * size, 0);
  const { mark, index } = await marks(session, market, { ticker: tickerAnswer, middle, readMarks });
  return { bid, ask, mark, index, depthQuote: Math.min(resting(bids), resting(asks)) };
}

/** As ccxt answers it. */
export const askBook = (session: Session, symbol: string): Promise<unknown> =>
  readMarket(session, `book of ${symbol}`, () =>
    session.client.fetchOrderBook(symbol, session.profile.bookLevels),
  );

const readMarket = <T>(session: Session, what: string, run: () => Promise<T>): Promise<T> =>
  session.read(what, run, 1, 'market');

/** A spot market's mark is the middle: venues state none for it. */
async function marks(
  session: Session,
  market: Market,
  from: {
    readonly ticker: unknown;
    readonly middle: number;
    readonly readMarks: ReadMarks | undefined;
  },
): Promise<{ readonly mark: number; readonly index: number | null }> {
  const what = `ticker of ${market.symbol}`;
  if (market.kind === 'spot') return { mark: from.middle, index: null };
  if (from.readMarks !== undefined) return from.readMarks(market);
  const ticker = row(from.ticker, what);
  const stated = optionalNumber(ticker, 'markPrice', what);
  if (stated !== null) {
    return { mark: stated, index: optionalNumber(ticker, 'indexPrice', what) };
  }
  const funding = row(await fundingOf(session, market.symbol, what), what);
  return {
    mark: number(funding, 'markPrice', what),
    index: optionalNumber(funding, 'indexPrice', what),
  };
}

const fundingOf = (session: Session, symbol: string, what: string): Promise<unknown> =>
  readMarket(session, what, () => session.client.fetchFundingRate(symbol));

/** The rate that longs pay at the next settlement. */
export async function readFunding(
  session: Session,
  instrument: Instrument,
): Promise<FundingReading> {
  const what = `funding of ${instrument.symbol}`;
  const found = row(await fundingOf(session, instrument.symbol, what), what);
  const hours = /^(\d+)h$/.exec(optionalText(found, 'interval') ?? '')?.[1];
  const intervalMs = hours === undefined ? instrument.fundingIntervalMs : Number(hours) * HOUR_MS;
  return {
    rate: number(found, 'fundingRate', what),
    intervalMs,
    nextMs: nextMs(session, found, intervalMs, what),
  };
}

/** A venue that pays all the time (Deribit) has no stamp: its rate is of a whole interval. */
function nextMs(session: Session, found: Row, intervalMs: number, what: string): number {
  if (session.profile.isFundingContinuous) {
    return (Math.floor(session.venueNowMs() / intervalMs) + 1) * intervalMs;
  }
  const isNextStated = optionalText(found, 'nextFundingTimestamp') !== null;
  return timeMs(found, isNextStated ? 'nextFundingTimestamp' : 'fundingTimestamp', what);
}

function levels(value: unknown, what: string): readonly Level[] {
  if (!Array.isArray(value))
    throw new MalformedAnswer(`${what} must be a list, was ${typeof value}`);
  return value.map((level: unknown) => {
    const [price, quantity] = Array.isArray(level) ? level : [];
    const parsed = { price: Number(price), quantity: Number(quantity) };
    if (!(parsed.price > 0) || !(parsed.quantity >= 0)) {
      throw new MalformedAnswer(`${what} must hold prices and quantities, was ${String(level)}`);
    }
    return parsed;
  });
}

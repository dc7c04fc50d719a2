/** Prices of one market: the touch, mark and index, and the value that rests within ten basis points. */
import type { Instrument } from '../../../domain/instrument.ts';
import type { FundingReading, Quote } from '../../../domain/snapshot.ts';
import { MalformedAnswer, number, optionalNumber, optionalText, row, timeMs } from '../answer.ts';
import type { Session } from '../session.ts';
import { type Market, marketOf } from './market.ts';

const DEPTH_SHARE = 0.001;
const HOUR_MS = 3_600_000;

type Level = { readonly price: number; readonly quantity: number };

/** @throws OperatingError where the book is empty or crossed: such a market has no price. */
export async function readQuote(session: Session, instrument: Instrument): Promise<Quote> {
  const { client, profile } = session;
  const { symbol } = instrument;
  await session.connect();
  const market = marketOf(session, symbol);
  const [bookAnswer, tickerAnswer] = await Promise.all([
    session.read(`book of ${symbol}`, () => client.fetchOrderBook(symbol, profile.bookLevels)),
    session.read(`ticker of ${symbol}`, () => client.fetchTicker(symbol)),
  ]);
  const what = `book of ${symbol}`;
  const book = row(bookAnswer, what);
  const bids = levels(book['bids'], `${what}: bids`);
  const asks = levels(book['asks'], `${what}: asks`);
  const bid = bids[0]?.price;
  const ask = asks[0]?.price;
  if (bid === undefined || ask === undefined || !(bid < ask)) {
    throw new MalformedAnswer(`${what} must have a bid below an ask, was ${bid} and ${ask}`);
  }
  const middle = (bid + ask) / 2;
  const size = Number(market.contractSize);
  const resting = (side: readonly Level[]): number =>
    side
      .filter(({ price }) => Math.abs(price / middle - 1) <= DEPTH_SHARE)
      .reduce((sum, { price, quantity }) => sum + price * quantity * size, 0);
  const ticker = row(tickerAnswer, `ticker of ${symbol}`);
  const { mark, index } = await marks(session, market, ticker, middle);
  return { bid, ask, mark, index, depthQuote: Math.min(resting(bids), resting(asks)) };
}

/** A spot market's mark is the middle: venues state none for it. */
async function marks(
  session: Session,
  market: Market,
  ticker: Readonly<Record<string, unknown>>,
  middle: number,
): Promise<{ readonly mark: number; readonly index: number | null }> {
  const what = `ticker of ${market.symbol}`;
  if (market.kind === 'spot') return { mark: middle, index: null };
  const stated = optionalNumber(ticker, 'markPrice', what);
  if (stated !== null) {
    return { mark: stated, index: optionalNumber(ticker, 'indexPrice', what) };
  }
  const answer = await session.read(what, () => session.client.fetchFundingRate(market.symbol));
  const funding = row(answer, what);
  return {
    mark: number(funding, 'markPrice', what),
    index: optionalNumber(funding, 'indexPrice', what),
  };
}

/** The rate that longs pay at the next settlement. */
export async function readFunding(
  session: Session,
  instrument: Instrument,
): Promise<FundingReading> {
  const what = `funding of ${instrument.symbol}`;
  const answer = await session.read(what, () => session.client.fetchFundingRate(instrument.symbol));
  const found = row(answer, what);
  const hours = /^(\d+)h$/.exec(optionalText(found, 'interval') ?? '')?.[1];
  const intervalMs = hours === undefined ? instrument.fundingIntervalMs : Number(hours) * HOUR_MS;
  const isNextStated = optionalText(found, 'nextFundingTimestamp') !== null;
  const field = isNextStated ? 'nextFundingTimestamp' : 'fundingTimestamp';
  return {
    rate: number(found, 'fundingRate', what),
    intervalMs,
    nextMs: timeMs(found, field, what),
  };
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

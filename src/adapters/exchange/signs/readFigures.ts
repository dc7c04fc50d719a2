/** What a venue shows of its soundness beside its switches: markets to compare, its insurance pool, its own token. */
import type { Instrument } from '../../../domain/instrument.ts';
import type { FundingReading, Quote } from '../../../domain/snapshot.ts';
import type { MarketFigure, VenueFigures } from '../../../signals/solvency/figures.ts';
import { RATE_COIN } from '../../../signals/solvency/memory.ts';
import type { Signal } from '../../../signals/solvency/observations.ts';
import type { Session } from '../session.ts';
import { EmptyBook } from '../unified/quote.ts';
import { insuranceUsd } from './insurance.ts';
import { listedMarket, rateMarket } from './listed.ts';
import { offered } from './offered.ts';
import { ownTokenMove } from './ownToken.ts';

const EIGHT_HOURS_MS = 8 * 3_600_000;

/** The reader's own readings of a market. */
export type MarketReads = {
  load(symbol: string): Promise<Instrument>;
  quote(instrument: Instrument): Promise<Quote>;
  funding(instrument: Instrument): Promise<FundingReading>;
};

/** @throws OperatingError where the venue cannot be connected to; a figure that fails is unknown by itself. */
export async function readFigures(
  session: Session,
  coins: readonly string[],
  reads: MarketReads,
): Promise<VenueFigures> {
  await session.refreshMarkets();
  const [markets, insurance, ownToken] = await Promise.all([
    readMarkets(session, coins, reads),
    figure(session, insuranceUsd(session)),
    figure(session, ownTokenMove(session)),
  ]);
  return { markets, insuranceUsd: insurance, ownToken };
}

const figure = <T>(session: Session, read: (() => Promise<T>) | null): Promise<Signal<T>> =>
  read === null ? Promise.resolve({ kind: 'notOffered' }) : offered(session, read);

/** All that are listed; unknown where one of them cannot be read, since that may be the one that is off. */
async function readMarkets(
  session: Session,
  coins: readonly string[],
  reads: MarketReads,
): Promise<VenueFigures['markets']> {
  const symbols = [
    ...coins.map((coin) => listedMarket(session, coin)),
    rateMarket(session, RATE_COIN),
  ].filter((symbol) => symbol !== null);
  const all = await Promise.all(
    symbols.map((symbol) => offered(session, () => readMarket(symbol, reads))),
  );
  const failed = all.find((each) => each.kind === 'unknown');
  if (failed !== undefined) return failed;
  const read = all.flatMap((each) => (each.kind === 'observed' ? [each.value] : []));
  if (read.length === 0) return { kind: 'notOffered' };
  return { kind: 'observed', value: read, observedAtMs: session.clock.nowMs() };
}

async function readMarket(symbol: string, reads: MarketReads): Promise<MarketFigure> {
  const instrument = await reads.load(symbol);
  const [quote, funding] = await Promise.all([
    quoteOrNone(instrument, reads),
    instrument.kind === 'perpetual' ? reads.funding(instrument) : null,
  ]);
  return {
    coin: instrument.baseCoin,
    quoteCoin: instrument.quoteCoin,
    // What it trades at: a mark leans on prices elsewhere and would hide that these are not theirs.
    price: quote === null ? null : (quote.bid + quote.ask) / 2,
    index: quote?.index ?? null,
    depthQuote: quote?.depthQuote ?? 0,
    funding8hRate: funding === null ? null : (funding.rate * EIGHT_HOURS_MS) / funding.intervalMs,
  };
}

/** null: nothing rests there on one side, which is a reading, not a failure to read. */
async function quoteOrNone(instrument: Instrument, reads: MarketReads): Promise<Quote | null> {
  try {
    return await reads.quote(instrument);
  } catch (error) {
    if (error instanceof EmptyBook) return null;
    throw error;
  }
}

/** What a venue shows of its soundness beside its switches: markets to compare, its insurance pool, its own token. */
import type { Instrument } from '../../../domain/instrument.ts';
import type { FundingReading, Quote } from '../../../domain/snapshot.ts';
import type { MarketFigure, VenueFigures } from '../../../signals/solvency/figures.ts';
import { RATE_COIN } from '../../../signals/solvency/memory.ts';
import type { Signal } from '../../../signals/solvency/observations.ts';
import type { Session } from '../session.ts';
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

/** Those that can be read; unknown only where none can. */
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
  const read = all.flatMap((each) => (each.kind === 'observed' ? [each.value] : []));
  if (read.length > 0) {
    return { kind: 'observed', value: read, observedAtMs: session.clock.nowMs() };
  }
  const failed = all.find((each) => each.kind === 'unknown');
  return failed ?? { kind: 'notOffered' };
}

async function readMarket(symbol: string, reads: MarketReads): Promise<MarketFigure> {
  const instrument = await reads.load(symbol);
  const [quote, funding] = await Promise.all([
    reads.quote(instrument),
    instrument.kind === 'perpetual' ? reads.funding(instrument) : null,
  ]);
  return {
    coin: instrument.baseCoin,
    quoteCoin: instrument.quoteCoin,
    // What it trades at: a mark leans on prices elsewhere and would hide that these are not theirs.
    price: (quote.bid + quote.ask) / 2,
    index: quote.index,
    depthQuote: quote.depthQuote,
    funding8hRate: funding === null ? null : (funding.rate * EIGHT_HOURS_MS) / funding.intervalMs,
  };
}

/** One market's book to 50 bps, and its bars with what was traded in them, through ccxt's unified methods. */
import type { Instrument } from '../../../domain/instrument.ts';
import type { BookLevels, TradedBar } from '../../../rebalance/ports/signals.ts';
import { MalformedAnswer, row } from '../answer.ts';
import type { Session } from '../session.ts';
import { type Market, marketOf } from '../unified/market.ts';
import { askBook } from '../unified/quote.ts';
import { readCommonly } from './readCommonly.ts';

const HOUR_MS = 3_600_000;
const WEEK_BARS = 168;

export async function readBook(session: Session, { symbol }: Instrument): Promise<BookLevels> {
  await session.connect();
  const size = Number(marketOf(session, symbol).contractSize);
  const what = `book of ${symbol}`;
  // What a quote was read from a moment ago tells its depth as well.
  const book = row(session.books.find(symbol) ?? (await askBook(session, symbol)), what);
  const side = (name: 'bids' | 'asks'): BookLevels['bids'] =>
    tuples(book[name], `${what}: ${name}`).map((level) => {
      const [price, quantity] = [finite(level[0], what), finite(level[1], what)];
      if (price > 0 && quantity >= 0) return [price, quantity * size];
      throw new MalformedAnswer(`${what} must hold prices and quantities, was ${String(level)}`);
    });
  return { bids: side('bids'), asks: side('asks') };
}

/**
 * Whole hours of the last week; null where it is not known in what the venue counts its volume.
 *
 * ccxt hands on contracts at some venues and coins at others: where one contract is one coin they are the same, and OKX
 * states coins.
 */
export async function readTradedBars(
  session: Session,
  { symbol }: Instrument,
): Promise<readonly TradedBar[] | null> {
  await session.connect();
  if (!isVolumeInCoins(session, marketOf(session, symbol))) return null;
  const what = `traded bars of ${symbol}`;
  const toMs = Math.floor(session.venueNowMs() / HOUR_MS) * HOUR_MS;
  const limit = Math.min(WEEK_BARS, session.profile.barsMax);
  const fromMs = toMs - limit * HOUR_MS;
  const bars = await readCommonly(session, what, async () =>
    tuples(await session.client.fetchOHLCV(symbol, '1h', fromMs, limit, {}), what).map((bar) => {
      const [openMs, open, close] = [bar[0], bar[1], bar[4]].map((each) => finite(each, what));
      const volumeBase = finite(bar[5], what);
      if (openMs === undefined || !(open !== undefined && open > 0)) throw unreadable(what, bar);
      if (!(close !== undefined && close > 0) || !(volumeBase >= 0)) throw unreadable(what, bar);
      return { openMs, open, close, volumeBase };
    }),
  );
  return bars
    .filter((bar) => bar.openMs >= fromMs && bar.openMs + HOUR_MS <= toMs)
    .sort((a, b) => a.openMs - b.openMs);
}

const isVolumeInCoins = (session: Session, market: Market): boolean =>
  Number(market.contractSize) === 1 || session.exchange === 'okx';

const unreadable = (what: string, found: unknown): MalformedAnswer =>
  new MalformedAnswer(`${what} must hold times, prices and volumes, was ${String(found)}`);

function tuples(value: unknown, what: string): readonly (readonly unknown[])[] {
  if (!Array.isArray(value)) {
    throw new MalformedAnswer(`${what} must be a list, was ${typeof value}`);
  }
  return value.map((each: unknown) => {
    if (Array.isArray(each)) return each as readonly unknown[];
    throw new MalformedAnswer(`${what} must be a list of lists, was ${typeof each}`);
  });
}

function finite(value: unknown, what: string): number {
  const found = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof found === 'number' && Number.isFinite(found)) return found;
  throw new MalformedAnswer(`${what} must hold numbers, was ${String(value)}`);
}

/** Dated futures on a coin: the two whose deliveries are nearest to a quarter away, and a week at least, by their tickers. */
import type { Instrument } from '../../../domain/instrument.ts';
import type { DatedFuture } from '../../../rebalance/ports/signals.ts';
import { isRow, number, optionalNumber, type Row, row, text } from '../answer.ts';
import type { Session } from '../session.ts';

/** Closer to delivery a basis of a basis point is half a per cent a year. */
const LEAST_MS = 7 * 86_400_000;
/** Venues list weeklies before the quarters; the term basis is that of a quarter. */
const TERM_MS = 90 * 86_400_000;
const MOST = 2;

/** Linear and settled as the instrument is; null where none of that kind is listed. */
export async function readFutures(
  session: Session,
  instrument: Instrument,
): Promise<readonly DatedFuture[] | null> {
  await session.connect();
  const listed = Object.values(session.client.markets ?? {}).filter(
    (market): market is Row => isRow(market) && isLikeIt(market, instrument),
  );
  if (listed.length === 0) return null;
  const nowMs = session.venueNowMs();
  const near = listed
    .map((market) => ({
      symbol: text(market, 'symbol', 'future'),
      deliveryMs: number(market, 'expiry', 'future'),
    }))
    .filter(({ deliveryMs }) => deliveryMs >= nowMs + LEAST_MS)
    .sort((a, b) => fromTerm(a.deliveryMs, nowMs) - fromTerm(b.deliveryMs, nowMs))
    .slice(0, MOST)
    .sort((a, b) => a.deliveryMs - b.deliveryMs);
  return Promise.all(
    near.map(async ({ symbol, deliveryMs }) => {
      const what = `ticker of ${symbol}`;
      const ticker = row(await session.read(what, () => session.client.fetchTicker(symbol)), what);
      const price = optionalNumber(ticker, 'markPrice', what) ?? number(ticker, 'last', what);
      return { symbol, deliveryMs, price, indexPrice: number(ticker, 'indexPrice', what) };
    }),
  );
}

const fromTerm = (deliveryMs: number, nowMs: number): number =>
  Math.abs(deliveryMs - nowMs - TERM_MS);

const isLikeIt = (market: Row, { baseCoin, quoteCoin }: Instrument): boolean =>
  market['future'] === true &&
  market['linear'] === true &&
  market['active'] !== false &&
  market['base'] === baseCoin &&
  market['settle'] === quoteCoin;

/** Dated futures on a coin: the two nearest deliveries that are a week away at least, by their tickers. */
import type { Instrument } from '../../../domain/instrument.ts';
import type { DatedFuture } from '../../../rebalance/ports/signals.ts';
import { isRow, number, optionalNumber, type Row, row, text } from '../answer.ts';
import type { Session } from '../session.ts';

/** Closer to delivery a basis of a basis point is half a per cent a year. */
const LEAST_MS = 7 * 86_400_000;
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
    .sort((a, b) => a.deliveryMs - b.deliveryMs)
    .slice(0, MOST);
  return Promise.all(
    near.map(async ({ symbol, deliveryMs }) => {
      const what = `ticker of ${symbol}`;
      const ticker = row(await session.read(what, () => session.client.fetchTicker(symbol)), what);
      const price = optionalNumber(ticker, 'markPrice', what) ?? number(ticker, 'last', what);
      return { symbol, deliveryMs, price, indexPrice: number(ticker, 'indexPrice', what) };
    }),
  );
}

const isLikeIt = (market: Row, { baseCoin, quoteCoin }: Instrument): boolean =>
  market['future'] === true &&
  market['linear'] === true &&
  market['active'] !== false &&
  market['base'] === baseCoin &&
  market['settle'] === quoteCoin;

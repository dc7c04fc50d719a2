/**
 * Options of a coin as one summary, and Deribit's volatility index.
 *
 * Bybit: tickers of category option, volatilities as fractions. Deribit: the book summary by currency, volatilities in percent, and
 * neither states a delta that holds for both, so none is read. Names are coin, day, strike, C or P: BTC-26JUN26-100000-C(-USDT).
 */
import type { OptionQuote } from '../../../rebalance/ports/signals.ts';
import type { Reading } from '../../../rebalance/ports/stores.ts';
import { MalformedAnswer, number, optionalNumber, type Row, row, rows, text } from '../answer.ts';
import { resultOf } from '../bybit/rows.ts';
import { callImplicit } from '../ccxtClient.ts';
import type { Session } from '../session.ts';
import { readCommonly } from './readCommonly.ts';
import { hasImplicit } from './unifiedCall.ts';

const NAME =
  /^([A-Z0-9]+(?:_[A-Z]+)?)-(\d{1,2})([A-Z]{3})(\d{2})-(\d+(?:d\d+)?)-([CP])(?:-[A-Z]+)?$/;
const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
/** Both deliver at 08:00 UTC. */
const DELIVERY_HOUR = 8;
const DAY_MS = 86_400_000;
const INDEX_DAYS = 30;

/** Null where the venue's class has no such summary; an empty list: no options on that coin. */
export async function readOptions(
  session: Session,
  coin: string,
): Promise<readonly OptionQuote[] | null> {
  const what = `options on ${coin}`;
  if (session.exchange === 'bybit') {
    const fields = { name: 'symbol', volatility: 'markIv', forward: 'underlyingPrice' };
    return await readCommonly(session, what, async () => {
      const params = { category: 'option', baseCoin: coin };
      const answer = await callImplicit(session.client, 'publicGetV5MarketTickers', params);
      return rows(resultOf(answer, what)['list'], what).flatMap((each) =>
        quoteOf(each, { ...fields, open: 'openInterest', unit: 1, what }),
      );
    });
  }
  if (session.exchange !== 'deribit') return null;
  const params = { currency: coin, kind: 'option' };
  const fields = { name: 'instrument_name', volatility: 'mark_iv', forward: 'underlying_price' };
  return await readCommonly(session, what, async () => {
    const answer = await callImplicit(session.client, 'publicGetGetBookSummaryByCurrency', params);
    return rows(row(answer, what)['result'], what).flatMap((each) =>
      quoteOf(each, { ...fields, open: 'open_interest', unit: 0.01, what }),
    );
  });
}

/** Deribit's index of thirty days, daily closes of the last month; null elsewhere and for coins without one. */
export async function readVolatilityIndex(
  session: Session,
  coin: string,
): Promise<readonly Reading[] | null> {
  const method = 'publicGetGetVolatilityIndexData';
  if (!hasImplicit(session, method) || !['BTC', 'ETH'].includes(coin)) return null;
  const what = `volatility index of ${coin}`;
  const toMs = Math.floor(session.venueNowMs());
  const params = {
    currency: coin,
    start_timestamp: toMs - INDEX_DAYS * DAY_MS,
    end_timestamp: toMs,
    resolution: '43200',
  };
  const data = await session.read(what, async () => {
    const answer = await callImplicit(session.client, method, params);
    return row(row(answer, what)['result'], what)['data'];
  });
  if (!Array.isArray(data)) throw new MalformedAnswer(`${what} must be a list, was ${typeof data}`);
  return data.map((candle: unknown) => {
    const [atMs, , , , close] = Array.isArray(candle) ? candle.map(Number) : [];
    if (atMs === undefined || !(atMs > 0) || close === undefined || !(close > 0)) {
      throw new MalformedAnswer(`${what} must hold times and closes, was ${String(candle)}`);
    }
    return { atMs, value: close / 100 };
  });
}

/** An option that nobody has priced says nothing; one whose name cannot be read is no option that we know. */
function quoteOf(
  each: Row,
  fields: {
    readonly name: string;
    readonly volatility: string;
    readonly forward: string;
    readonly open: string;
    readonly unit: number;
    readonly what: string;
  },
): readonly OptionQuote[] {
  const { what } = fields;
  const name = text(each, fields.name, what);
  const [, , day, month = '', year, strike = '', side] = NAME.exec(name) ?? [];
  const monthIndex = MONTHS.indexOf(month);
  if (side === undefined || monthIndex < 0) {
    throw new MalformedAnswer(
      `${what}: an option must be named as BTC-26JUN26-100000-C, was ${name}`,
    );
  }
  const volatility = optionalNumber(each, fields.volatility, what) ?? 0;
  const forward = number(each, fields.forward, what);
  if (!(volatility > 0) || !(forward > 0)) return [];
  return [
    {
      option: side === 'C' ? 'call' : 'put',
      strike: Number(strike.replace('d', '.')),
      deliveryMs: Date.UTC(2000 + Number(year), monthIndex, Number(day), DELIVERY_HOUR),
      underlyingPrice: forward,
      volatilityAnnual: volatility * fields.unit,
      openInterest: optionalNumber(each, fields.open, what) ?? 0,
    },
  ];
}

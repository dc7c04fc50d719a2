/**
 * Books, candles and tickers, spot and USD-M.
 *
 * As on the venue a call that names a symbol gets one row, one that names none gets all.
 */
import { barsOf } from '../core/bars.ts';
import { levels, touch } from '../core/book.ts';
import { dayOf } from '../core/crowd.ts';
import { toGrid } from '../core/decimals.ts';
import { findInstrument, instrumentsNow, quoteNow } from '../core/quotes.ts';
import type { Venue } from '../core/venue.ts';
import type { Json, Row } from '../http/json.ts';
import { integer, text } from '../http/request.ts';
import type { Candle, CandleKind, Category, Quote, SimulatedInstrument } from '../market/market.ts';
import { type Call, type CallContext, named } from './call.ts';
import { failed, ok, type Reply, unknownSymbol } from './reply.ts';

const hourMs = 3_600_000;
const hoursOf: Readonly<Record<string, number>> = {
  '1h': 1,
  '2h': 2,
  '4h': 4,
  '6h': 6,
  '8h': 8,
  '12h': 12,
  '1d': 24,
};
const depths: readonly number[] = [5, 10, 20, 50, 100, 500, 1000, 5000];

/** A price on the instrument's grid. */
export function priceText(value: number, { tickSize }: SimulatedInstrument): string {
  return toGrid(value, tickSize, 'nearest');
}

type Told = (venue: Venue, instrument: SimulatedInstrument, quote: Quote) => Row;

/** One row for a symbol that is named, else a list of all that trade. */
export function perSymbol(category: Category, row: Told): (context: CallContext) => Reply {
  return ({ venue, parameters }) => {
    const symbol = text(parameters, 'symbol');
    const asked =
      symbol === '' ? instrumentsNow(venue) : [findInstrument(venue, category, symbol) ?? null];
    const rows: Row[] = [];
    for (const instrument of asked) {
      const quote = instrument === null ? undefined : quoteNow(venue, instrument);
      if (instrument?.category !== category || quote === undefined) continue;
      rows.push(row(venue, instrument, quote));
    }
    if (symbol === '') return ok(rows);
    return rows[0] === undefined ? unknownSymbol : ok(rows[0]);
  };
}

function depth(category: Category): (context: CallContext) => Reply {
  return (context) => {
    const { venue, parameters } = context;
    const instrument = named(context, category);
    const quote = instrument && quoteNow(venue, instrument);
    if (instrument === undefined || quote === undefined) return unknownSymbol;
    const limit = integer(parameters, 'limit') ?? (category === 'spot' ? 100 : 500);
    if (category === 'linear' && !depths.includes(limit))
      return failed(-4021, `${limit} is not valid depth limit.`);
    const side = (which: 'Buy' | 'Sell'): Json =>
      levels(quote, instrument, which)
        .slice(0, limit)
        .map((level) => [level.price, level.quantity]);
    const { nowMs } = venue.live;
    return ok({
      lastUpdateId: nowMs,
      ...(category === 'spot' ? {} : { E: nowMs, T: nowMs }),
      bids: side('Buy'),
      asks: side('Sell'),
    });
  };
}

function klines(category: Category, kind: CandleKind): (context: CallContext) => Reply {
  return ({ venue, parameters }) => {
    const symbol = text(parameters, kind === 'index' ? 'pair' : 'symbol');
    const instrument = findInstrument(venue, category, symbol);
    if (instrument === undefined) return unknownSymbol;
    const hours = hoursOf[text(parameters, 'interval')];
    if (hours === undefined) return failed(-1120, 'Invalid interval.');
    const most = category === 'spot' ? 1000 : 1500;
    const bars = barsOf(venue, instrument, kind, {
      hours,
      limit: Math.min(integer(parameters, 'limit') ?? 500, most),
      startMs: integer(parameters, 'startTime'),
      endMs: integer(parameters, 'endTime'),
    });
    return ok(bars.map((bar) => candleRow(bar, instrument, kind, hours)));
  };
}

function candleRow(
  bar: Candle,
  instrument: SimulatedInstrument,
  kind: CandleKind,
  hours: number,
): Json {
  const price = (value: number) => priceText(value, instrument);
  const volume = kind === 'last' ? bar.volumeBase : 0;
  const turnover = volume * ((bar.open + bar.close) / 2);
  return [
    bar.openMs,
    price(bar.open),
    price(bar.high),
    price(bar.low),
    price(bar.close),
    toGrid(volume, instrument.quantityStep, 'nearest'),
    bar.openMs + hours * hourMs - 1,
    turnover.toFixed(4),
    0,
    toGrid(volume / 2, instrument.quantityStep, 'nearest'),
    (turnover / 2).toFixed(4),
    '0',
  ];
}

const book: Told = (venue, instrument, quote) => {
  const { bid, ask } = touch(quote, instrument);
  return {
    symbol: instrument.symbol,
    bidPrice: bid,
    bidQty: levels(quote, instrument, 'Buy', 1)[0]?.quantity ?? '0',
    askPrice: ask,
    askQty: levels(quote, instrument, 'Sell', 1)[0]?.quantity ?? '0',
    ...(instrument.category === 'spot' ? {} : { time: venue.live.nowMs }),
  };
};

const price: Told = (venue, instrument, quote) => ({
  symbol: instrument.symbol,
  price: priceText(quote.last, instrument),
  ...(instrument.category === 'spot' ? {} : { time: venue.live.nowMs }),
});

const day: Told = (venue, instrument, quote) => {
  const { open, high, low, volumeBase, turnover } = dayOf(venue, instrument, quote);
  const text = (value: number) => priceText(value, instrument);
  const { nowMs } = venue.live;
  const touched = instrument.category === 'spot' ? book(venue, instrument, quote) : {};
  return {
    ...touched,
    symbol: instrument.symbol,
    priceChange: text(quote.last - open),
    priceChangePercent: ((quote.last / open - 1) * 100).toFixed(3),
    weightedAvgPrice: text(volumeBase > 0 ? turnover / volumeBase : quote.last),
    lastPrice: text(quote.last),
    lastQty: instrument.quantityStep,
    openPrice: text(open),
    highPrice: text(high),
    lowPrice: text(low),
    volume: toGrid(volumeBase, instrument.quantityStep, 'nearest'),
    quoteVolume: turnover.toFixed(4),
    openTime: nowMs - 24 * hourMs,
    closeTime: nowMs,
    firstId: 0,
    lastId: 0,
    count: 0,
  };
};

const open = { method: 'GET', permission: 'public' } as const;

export const marketCalls: readonly Call[] = [
  { ...open, path: '/api/v3/depth', weight: 5, answer: depth('spot') },
  { ...open, path: '/fapi/v1/depth', weight: 10, answer: depth('linear') },
  { ...open, path: '/api/v3/klines', weight: 2, answer: klines('spot', 'last') },
  { ...open, path: '/fapi/v1/klines', weight: 5, answer: klines('linear', 'last') },
  { ...open, path: '/fapi/v1/markPriceKlines', weight: 5, answer: klines('linear', 'mark') },
  { ...open, path: '/fapi/v1/indexPriceKlines', weight: 5, answer: klines('linear', 'index') },
  { ...open, path: '/api/v3/ticker/24hr', weight: 80, answer: perSymbol('spot', day) },
  { ...open, path: '/fapi/v1/ticker/24hr', weight: 40, answer: perSymbol('linear', day) },
  { ...open, path: '/api/v3/ticker/bookTicker', weight: 4, answer: perSymbol('spot', book) },
  { ...open, path: '/fapi/v1/ticker/bookTicker', weight: 5, answer: perSymbol('linear', book) },
  { ...open, path: '/api/v3/ticker/price', weight: 4, answer: perSymbol('spot', price) },
  { ...open, path: '/fapi/v1/ticker/price', weight: 2, answer: perSymbol('linear', price) },
  { ...open, path: '/fapi/v2/ticker/price', weight: 2, answer: perSymbol('linear', price) },
];

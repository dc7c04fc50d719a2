/**
 * Candles, whole hours and multiples of them up to a day; the newest one is still running.
 *
 * Newest first. With a start and no end the first `limit` bars from there, otherwise the last `limit` before the end.
 */
import { candlesNow } from '../core/candles.ts';
import { toGrid } from '../core/decimals.ts';
import { findInstrument, quoteNow } from '../core/quotes.ts';
import type { Venue } from '../core/venue.ts';
import { integer, text } from '../http/request.ts';
import type { Candle, CandleKind, SimulatedInstrument } from '../market/market.ts';
import { type Call, type CallContext, categoryOf } from './call.ts';
import { failed, ok, type Reply } from './reply.ts';

const hourMs = 3_600_000;
const hoursOf: Readonly<Record<string, number>> = {
  '60': 1,
  '120': 2,
  '240': 4,
  '360': 6,
  '720': 12,
  D: 24,
};

/** The hour that is not over: from the last close to the quote now. */
function running(venue: Venue, instrument: SimulatedInstrument, kind: CandleKind): Candle | null {
  const quote = quoteNow(venue, instrument);
  if (quote === undefined) return null;
  const openMs = Math.floor(venue.live.nowMs / hourMs) * hourMs;
  const before = candlesNow(venue, instrument, kind, openMs - hourMs, openMs)[0];
  const close = quote[kind];
  const open = before?.close ?? close;
  return {
    openMs,
    open,
    high: Math.max(open, close),
    low: Math.min(open, close),
    close,
    volumeBase: 0,
  };
}

/** Bars of several hours out of hours, aligned to 1970; a bar whose hours are missing is made of the rest. */
function gather(hours: readonly Candle[], count: number): Candle[] {
  const bars: Candle[] = [];
  for (const hour of hours) {
    const openMs = Math.floor(hour.openMs / (count * hourMs)) * count * hourMs;
    const last = bars.at(-1);
    if (last?.openMs !== openMs) bars.push({ ...hour, openMs });
    else
      bars[bars.length - 1] = {
        openMs,
        open: last.open,
        high: Math.max(last.high, hour.high),
        low: Math.min(last.low, hour.low),
        close: hour.close,
        volumeBase: last.volumeBase + hour.volumeBase,
      };
  }
  return bars;
}

function kline(kind: CandleKind): (context: CallContext) => Reply {
  return ({ venue, parameters }) => {
    const category = categoryOf(parameters);
    const instrument =
      category === undefined
        ? undefined
        : findInstrument(venue, category, text(parameters, 'symbol'));
    if (category === undefined || instrument === undefined)
      return failed(10001, `Not supported symbols: ${text(parameters, 'symbol')}`);
    const count = hoursOf[text(parameters, 'interval')];
    if (count === undefined)
      return failed(10001, `Invalid period! ${text(parameters, 'interval')} is not simulated`);
    const limit = Math.min(integer(parameters, 'limit') ?? 200, 1000);
    const bars = barsOf(venue, instrument, kind, { count, limit, parameters });
    const list = bars.reverse().map((bar) => candleRow(bar, instrument, kind));
    return ok({ category, symbol: instrument.symbol, list });
  };
}

function barsOf(
  venue: Venue,
  instrument: SimulatedInstrument,
  kind: CandleKind,
  query: { count: number; limit: number; parameters: CallContext['parameters'] },
): Candle[] {
  const { count, limit, parameters } = query;
  const { nowMs } = venue.live;
  const barMs = count * hourMs;
  const start = integer(parameters, 'start');
  const end = Math.min(integer(parameters, 'end') ?? nowMs, nowMs);
  const fromStart = start !== undefined && integer(parameters, 'end') === undefined;
  const lastOpen = Math.floor(end / barMs) * barMs;
  const firstOpen = Math.max(start ?? 0, fromStart ? 0 : lastOpen - (limit - 1) * barMs);
  const fromMs = Math.ceil(firstOpen / barMs) * barMs;
  const toMs = fromStart ? Math.min(fromMs + limit * barMs, lastOpen + barMs) : lastOpen + barMs;
  const hours = [...candlesNow(venue, instrument, kind, fromMs, Math.min(toMs, nowMs))];
  const open = running(venue, instrument, kind);
  if (open !== null && open.openMs >= fromMs && open.openMs < toMs) hours.push(open);
  const bars = gather(hours, count).filter((bar) => bar.openMs <= end);
  return fromStart ? bars.slice(0, limit) : bars.slice(-limit);
}

function candleRow(bar: Candle, instrument: SimulatedInstrument, kind: CandleKind): string[] {
  const price = (value: number) => toGrid(value, instrument.tickSize, 'nearest');
  const row = [
    String(bar.openMs),
    price(bar.open),
    price(bar.high),
    price(bar.low),
    price(bar.close),
  ];
  if (kind !== 'last') return row;
  const turnover = bar.volumeBase * ((bar.open + bar.close) / 2);
  return [...row, toGrid(bar.volumeBase, instrument.quantityStep, 'nearest'), turnover.toFixed(4)];
}

export const candleCalls: readonly Call[] = [
  { method: 'GET', path: '/v5/market/kline', permission: 'public', answer: kline('last') },
  {
    method: 'GET',
    path: '/v5/market/mark-price-kline',
    permission: 'public',
    answer: kline('mark'),
  },
  {
    method: 'GET',
    path: '/v5/market/index-price-kline',
    permission: 'public',
    answer: kline('index'),
  },
];

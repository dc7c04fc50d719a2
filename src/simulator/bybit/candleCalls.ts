/**
 * Candles, whole hours and multiples of them up to a day, newest first; the newest one is still running.
 */
import { barsOf } from '../core/bars.ts';
import { toGrid } from '../core/decimals.ts';
import { findInstrument } from '../core/quotes.ts';
import { integer, text } from '../http/request.ts';
import type { Candle, CandleKind, SimulatedInstrument } from '../market/market.ts';
import { type Call, type CallContext, categoryOf } from './call.ts';
import { failed, ok, type Reply } from './reply.ts';

const hoursOf: Readonly<Record<string, number>> = {
  '60': 1,
  '120': 2,
  '240': 4,
  '360': 6,
  '720': 12,
  D: 24,
};

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
    const bars = barsOf(venue, instrument, kind, {
      hours: count,
      limit,
      startMs: integer(parameters, 'start'),
      endMs: integer(parameters, 'end'),
    });
    const list = bars.toReversed().map((bar) => candleRow(bar, instrument, kind));
    return ok({ category, symbol: instrument.symbol, list });
  };
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

/**
 * Tickers, books, funding history and price limits.
 */
import Big from 'big.js';
import { levels, touch } from '../core/book.ts';
import { dayOf, openInterestAt } from '../core/crowd.ts';
import { toGrid } from '../core/decimals.ts';
import { fundingRateAt } from '../core/funding.ts';
import { findInstrument, instrumentsNow, quoteNow, usdIndexNow } from '../core/quotes.ts';
import type { Venue } from '../core/venue.ts';
import type { Row } from '../http/json.ts';
import { integer, text } from '../http/request.ts';
import type { Quote, SimulatedInstrument } from '../market/market.ts';
import { type Call, type CallContext, categoryOf } from './call.ts';
import { optionTickers } from './optionCalls.ts';
import { failed, ok, type Reply } from './reply.ts';

const hourMs = 3_600_000;

function commonRow(venue: Venue, instrument: SimulatedInstrument, quote: Quote): Row {
  const day = dayOf(venue, instrument, quote);
  const price = (value: number) => toGrid(value, instrument.tickSize, 'nearest');
  const { bid, ask } = touch(quote, instrument);
  return {
    symbol: instrument.symbol,
    bid1Price: bid,
    bid1Size: levels(quote, instrument, 'Buy', 1)[0]?.quantity ?? '0',
    ask1Price: ask,
    ask1Size: levels(quote, instrument, 'Sell', 1)[0]?.quantity ?? '0',
    lastPrice: price(quote.last),
    prevPrice24h: price(day.open),
    price24hPcnt: (quote.last / day.open - 1).toFixed(4),
    highPrice24h: price(day.high),
    lowPrice24h: price(day.low),
    turnover24h: day.turnover.toFixed(4),
    volume24h: toGrid(day.volumeBase, instrument.quantityStep, 'nearest'),
  };
}

function linearTicker(venue: Venue, instrument: SimulatedInstrument, quote: Quote): Row {
  const common = commonRow(venue, instrument, quote);
  const openInterest = openInterestAt(venue, instrument, venue.live.nowMs);
  return {
    ...common,
    indexPrice: toGrid(quote.index, instrument.tickSize, 'nearest'),
    markPrice: toGrid(quote.mark, instrument.tickSize, 'nearest'),
    prevPrice1h: common['prevPrice24h'] ?? '',
    openInterest: toGrid(openInterest, instrument.quantityStep, 'nearest'),
    openInterestValue: (openInterest * quote.mark).toFixed(4),
    ...(instrument.deliveryMs === undefined
      ? fundingFields(venue, instrument)
      : deliveryFields(venue, instrument.deliveryMs, quote)),
    preOpenPrice: '',
    preQty: '',
    curPreListingPhase: '',
  };
}

function fundingFields(venue: Venue, instrument: SimulatedInstrument): Row {
  const interval = instrument.fundingIntervalMs;
  const next = (Math.floor(venue.live.nowMs / interval) + 1) * interval;
  const rate = fundingRateAt(venue, instrument, next);
  return {
    fundingRate: rate === undefined ? '' : new Big(rate).toFixed(),
    nextFundingTime: String(next),
    fundingIntervalHour: String(interval / hourMs),
    fundingCap: String(instrument.fundingRateCap),
    predictedDeliveryPrice: '',
    basisRate: '',
    basis: '',
    basisRateYear: '',
    deliveryFeeRate: '',
    deliveryTime: '0',
  };
}

function deliveryFields(venue: Venue, deliveryMs: number, quote: Quote): Row {
  const basis = quote.last - quote.index;
  const rate = basis / quote.index;
  const years = (deliveryMs - venue.live.nowMs) / (365 * 24 * hourMs);
  return {
    fundingRate: '',
    nextFundingTime: '',
    fundingIntervalHour: '',
    fundingCap: '',
    predictedDeliveryPrice: '',
    basisRate: rate.toFixed(8),
    basis: basis.toFixed(8),
    basisRateYear: (rate / years).toFixed(8),
    deliveryFeeRate: '0',
    deliveryTime: String(deliveryMs),
  };
}

function spotTicker(venue: Venue, instrument: SimulatedInstrument, quote: Quote): Row {
  const index = usdIndexNow(venue, instrument.baseCoin);
  return { ...commonRow(venue, instrument, quote), usdIndexPrice: index.toFixed(6) };
}

function tickers(context: CallContext): Reply {
  const { venue, parameters } = context;
  if (text(parameters, 'category') === 'option') return optionTickers(context);
  const category = categoryOf(parameters);
  if (category === undefined) return ok({ category: text(parameters, 'category'), list: [] });
  const symbol = text(parameters, 'symbol');
  if (symbol !== '' && findInstrument(venue, category, symbol) === undefined)
    return failed(10001, `Not supported symbols: ${symbol}`);
  const list: Row[] = [];
  for (const instrument of instrumentsNow(venue)) {
    if (instrument.category !== category || (symbol !== '' && instrument.symbol !== symbol))
      continue;
    const quote = quoteNow(venue, instrument);
    if (quote === undefined) continue;
    list.push(
      category === 'linear'
        ? linearTicker(venue, instrument, quote)
        : spotTicker(venue, instrument, quote),
    );
  }
  return ok({ category, list });
}

function orderbook({ venue, parameters }: CallContext): Reply {
  const category = categoryOf(parameters);
  const symbol = text(parameters, 'symbol');
  const instrument = category === undefined ? undefined : findInstrument(venue, category, symbol);
  const quote = instrument === undefined ? undefined : quoteNow(venue, instrument);
  if (instrument === undefined || quote === undefined)
    return failed(10001, `Not supported symbols: ${symbol}`);
  const limit = integer(parameters, 'limit') ?? (category === 'spot' ? 1 : 25);
  const side = (which: 'Buy' | 'Sell') =>
    levels(quote, instrument, which)
      .slice(0, limit)
      .map((level) => [level.price, level.quantity]);
  const { nowMs } = venue.live;
  return ok({
    s: symbol,
    a: side('Sell'),
    b: side('Buy'),
    ts: nowMs,
    u: Math.floor(nowMs / 100),
    seq: nowMs,
    cts: nowMs,
  });
}

function fundingHistory({ venue, parameters }: CallContext): Reply {
  const symbol = text(parameters, 'symbol');
  const instrument = findInstrument(venue, 'linear', symbol);
  if (instrument === undefined || categoryOf(parameters) !== 'linear')
    return failed(10001, `Not supported symbols: ${symbol}`);
  const start = integer(parameters, 'startTime');
  const end = integer(parameters, 'endTime');
  if (start !== undefined && end === undefined) return failed(10001, 'endTime is missing');
  const interval = instrument.fundingIntervalMs;
  const limit = Math.min(integer(parameters, 'limit') ?? 200, 200);
  const latest = Math.min(end ?? venue.live.nowMs, venue.live.nowMs);
  const list: Row[] = [];
  const first = Math.max(start ?? 0, instrument.launchMs, latest - 4000 * interval);
  for (let at = Math.floor(latest / interval) * interval; at >= first; at -= interval) {
    if (list.length === limit) break;
    const rate = fundingRateAt(venue, instrument, at);
    if (rate !== undefined)
      list.push({
        symbol,
        fundingRate: new Big(rate).toFixed(),
        fundingRateTimestamp: String(at),
      });
  }
  return ok({ category: 'linear', list });
}

function priceLimit({ venue, parameters }: CallContext): Reply {
  const category = categoryOf(parameters) ?? 'linear';
  const instrument = findInstrument(venue, category, text(parameters, 'symbol'));
  const quote = instrument === undefined ? undefined : quoteNow(venue, instrument);
  if (instrument === undefined || quote === undefined)
    return failed(10001, `Not supported symbols: ${text(parameters, 'symbol')}`);
  const reference = category === 'linear' ? quote.mark : quote.last;
  const share = venue.settings.priceBandShare;
  return ok({
    symbol: instrument.symbol,
    buyLmt: toGrid(reference * (1 + share), instrument.tickSize, 'floor'),
    sellLmt: toGrid(reference * (1 - share), instrument.tickSize, 'ceil'),
    ts: String(venue.live.nowMs),
  });
}

export const tickerCalls: readonly Call[] = [
  { method: 'GET', path: '/v5/market/tickers', permission: 'public', answer: tickers },
  { method: 'GET', path: '/v5/market/orderbook', permission: 'public', answer: orderbook },
  {
    method: 'GET',
    path: '/v5/market/funding/history',
    permission: 'public',
    answer: fundingHistory,
  },
  { method: 'GET', path: '/v5/market/price-limit', permission: 'public', answer: priceLimit },
];

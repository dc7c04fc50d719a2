/**
 * Options as Bybit lists them: a summary to read demand from, not a market to trade in.
 */
import { candlesNow } from '../core/candles.ts';
import { findInstrument, quoteNow } from '../core/quotes.ts';
import type { Venue } from '../core/venue.ts';
import type { Row } from '../http/json.ts';
import { text } from '../http/request.ts';
import { type OptionRow, optionBoard } from '../market/options.ts';
import type { CallContext } from './call.ts';
import { failed, ok, type Reply } from './reply.ts';

const hourMs = 3_600_000;
const hoursPerYear = 8760;
const optionCoins: readonly string[] = ['BTC', 'ETH'];

/** The board of one coin, or of all of them where none is named. */
function boardOf(venue: Venue, coin: string): readonly OptionRow[] {
  const coins = optionCoins.filter((one) => coin === '' || coin === one);
  return coins.flatMap((one) => {
    const perpetual = findInstrument(venue, 'linear', `${one}USDT`);
    const quote = perpetual && quoteNow(venue, perpetual);
    if (quote === undefined) return [];
    const realised = realisedVolatility(venue, one, venue.live.nowMs, 7);
    if (realised === null) return [];
    const world = {
      coin: one,
      index: quote.index,
      realisedVolatility: realised,
      basisAnnual: 0.04,
    };
    return optionBoard(world, venue.live.nowMs);
  });
}

/** Of the last days: zero mean, hourly moves of the index; null where there are too few. */
function realisedVolatility(venue: Venue, coin: string, atMs: number, days: number) {
  const perpetual = findInstrument(venue, 'linear', `${coin}USDT`);
  if (perpetual === undefined) return null;
  const toMs = Math.floor(atMs / hourMs) * hourMs;
  const candles = candlesNow(venue, perpetual, 'index', toMs - days * 24 * hourMs, toMs);
  if (candles.length < 24) return null;
  const squares = candles.map((candle) => Math.log(candle.close / candle.open) ** 2);
  const mean = squares.reduce((sum, square) => sum + square, 0) / squares.length;
  return Math.sqrt(mean * hoursPerYear);
}

export function optionInstruments(venue: Venue, coin: string): Reply {
  const list = boardOf(venue, coin).map(
    (option): Row => ({
      symbol: option.symbol,
      status: 'Trading',
      baseCoin: option.baseCoin,
      quoteCoin: 'USDT',
      settleCoin: 'USDT',
      optionsType: option.isCall ? 'Call' : 'Put',
      launchTime: String(option.launchMs),
      deliveryTime: String(option.deliveryMs),
      deliveryFeeRate: '0.00015',
      priceFilter: { minPrice: '0.1', maxPrice: '10000000', tickSize: '0.1' },
      lotSizeFilter: { maxOrderQty: '500', minOrderQty: '0.01', qtyStep: '0.01' },
    }),
  );
  return ok({ category: 'option', list, nextPageCursor: '' });
}

export function optionTickers({ venue, parameters }: CallContext): Reply {
  const coin = text(parameters, 'baseCoin');
  const symbol = text(parameters, 'symbol');
  if (coin === '' && symbol === '') return failed(10001, 'baseCoin or symbol is needed');
  const list = boardOf(venue, coin === '' ? (symbol.split('-')[0] ?? '') : coin)
    .filter((option) => symbol === '' || option.symbol === symbol)
    .map((option) => tickerRow(venue, option));
  return ok({ category: 'option', list });
}

function tickerRow(venue: Venue, option: OptionRow): Row {
  const perpetual = findInstrument(venue, 'linear', `${option.baseCoin}USDT`);
  const index = perpetual && quoteNow(venue, perpetual)?.index;
  const half = 0.01;
  const price = (value: number) => value.toFixed(4);
  const volatility = option.impliedVolatility;
  return {
    symbol: option.symbol,
    bid1Price: price(option.price * (1 - half)),
    bid1Size: '10',
    bid1Iv: (volatility * (1 - half)).toFixed(4),
    ask1Price: price(option.price * (1 + half)),
    ask1Size: '10',
    ask1Iv: (volatility * (1 + half)).toFixed(4),
    lastPrice: price(option.price),
    highPrice24h: price(option.price),
    lowPrice24h: price(option.price),
    markPrice: option.price.toFixed(8),
    indexPrice: price(index ?? option.forward),
    markIv: volatility.toFixed(6),
    underlyingPrice: option.forward.toFixed(8),
    openInterest: String(option.openInterest),
    turnover24h: price(option.volume24h * option.forward),
    volume24h: String(option.volume24h),
    totalVolume: String(option.volume24h),
    totalTurnover: price(option.volume24h * option.forward),
    delta: option.delta.toFixed(8),
    gamma: option.gamma.toFixed(10),
    vega: option.vega.toFixed(8),
    theta: option.theta.toFixed(8),
    predictedDeliveryPrice: '0',
    change24h: '0',
  };
}

/**
 * Goal: an answer that cannot be read is no reading: each of them fails by name, and none becomes a zero.
 * Method: the unmodified bybit class of ccxt against a server whose answers are set by hand.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type OpenedVenue, openVenue } from '../../../../src/adapters/exchange/openVenue.ts';
import type { Instrument } from '../../../../src/domain/instrument.ts';
import { OperatingError } from '../../../../src/domain/operatingError.ts';
import type { SignalsReader } from '../../../../src/rebalance/ports/signals.ts';
import { optionsOf, startMs } from '../bybitSimulator.ts';
import { type Answering, startAnswering } from './answering.ts';

const wrap = (result: unknown) => ({ retCode: 0, retMsg: 'OK', result, time: startMs });
const linear = {
  symbol: 'BTCUSDT',
  contractType: 'LinearPerpetual',
  status: 'Trading',
  baseCoin: 'BTC',
  quoteCoin: 'USDT',
  settleCoin: 'USDT',
  launchTime: '1584230400000',
  deliveryTime: '0',
  fundingInterval: 480,
  leverageFilter: { minLeverage: '1', maxLeverage: '100' },
  priceFilter: { minPrice: '0.1', maxPrice: '1999999', tickSize: '0.1' },
  lotSizeFilter: { minOrderQty: '0.001', maxOrderQty: '1000', qtyStep: '0.001' },
};
const futureOf = (date: string, month: number, day: number) => ({
  ...linear,
  symbol: `BTCUSDT-${date}`,
  contractType: 'LinearFutures',
  deliveryTime: String(Date.UTC(2025, month, day, 8)),
});
/** Two weeklies before the quarters; the first of these is 55 days off, the second 146. */
const futures = [
  futureOf('14FEB25', 1, 14),
  futureOf('21FEB25', 1, 21),
  futureOf('28MAR25', 2, 28),
  futureOf('27JUN25', 5, 27),
];
const instrument = {
  kind: 'perpetual',
  symbol: 'BTC/USDT:USDT',
  id: 'alpha|BTC/USDT:USDT',
  venue: 'alpha',
  baseCoin: 'BTC',
  quoteCoin: 'USDT',
} as Instrument;

let server: Answering;
let venue: OpenedVenue;
let signals: SignalsReader;

beforeAll(async () => {
  server = await startAnswering(wrap({ list: [] }));
  server.answers.set(
    '/v5/market/instruments-info',
    wrap({ category: 'linear', list: [linear, ...futures] }),
  );
  const world = { origin: server.origin, nowMs: () => startMs, advanceTo: () => {} };
  venue = await openVenue(optionsOf(world, {}));
  signals = venue.reader.signals as SignalsReader;
});
afterAll(async () => {
  await venue.destroy();
  server.close();
});
beforeEach(() => {
  for (const path of server.answers.keys()) {
    if (path !== '/v5/market/instruments-info') server.answers.delete(path);
  }
});

const bar = (over: Readonly<Record<number, string>>) =>
  Object.assign([String(startMs - 3_600_000), '100', '101', '99', '100', '5', '500'], over);
const option = {
  symbol: 'BTC-28MAR25-100000-C-USDT',
  markIv: '0.6',
  underlyingPrice: '100000',
  openInterest: '3',
};

describe('a reading fails by name', () => {
  it.each([
    [
      'a book of texts',
      '/v5/market/orderbook',
      { b: [['x', '1']], a: [] },
      () => signals.book(instrument),
    ],
    [
      'a book with a price of nothing',
      '/v5/market/orderbook',
      { b: [['0', '1']], a: [] },
      () => signals.book(instrument),
    ],
    [
      'a bar without a volume',
      '/v5/market/kline',
      { list: [bar({ 5: '' })] },
      () => signals.tradedBars(instrument),
    ],
    [
      'a bar that opens at nothing',
      '/v5/market/kline',
      { list: [bar({ 1: '0' })] },
      () => signals.tradedBars(instrument),
    ],
    [
      'open interest without an amount',
      '/v5/market/open-interest',
      { symbol: 'BTCUSDT', list: [{ timestamp: String(startMs) }] },
      () => signals.openInterest(instrument),
    ],
    [
      'open interest below zero',
      '/v5/market/open-interest',
      { symbol: 'BTCUSDT', list: [{ openInterest: '-1', timestamp: String(startMs) }] },
      () => signals.openInterest(instrument),
    ],
    [
      'a ratio of texts',
      '/v5/market/account-ratio',
      { list: [{ buyRatio: 'x', sellRatio: '0.5', timestamp: String(startMs) }] },
      () => signals.longShare(instrument),
    ],
    [
      'a ratio without a time',
      '/v5/market/account-ratio',
      { list: [{ buyRatio: '0.5', sellRatio: '0.5' }] },
      () => signals.longShare(instrument),
    ],
    [
      'a future without an index',
      '/v5/market/tickers',
      { list: [{ symbol: 'BTCUSDT-28MAR25', lastPrice: '1', markPrice: '1' }] },
      () => signals.futures(instrument),
    ],
    ['a board that is no list', '/v5/market/tickers', { list: {} }, () => signals.options('BTC')],
    [
      'an option of another name',
      '/v5/market/tickers',
      { list: [{ ...option, symbol: 'BTC-PERP' }] },
      () => signals.options('BTC'),
    ],
    [
      'an option without a forward',
      '/v5/market/tickers',
      { list: [{ ...option, underlyingPrice: '' }] },
      () => signals.options('BTC'),
    ],
  ] as const)('%s', async (_, path, result, read) => {
    server.answers.set(path, wrap(result));
    await expect(read()).rejects.toThrow(OperatingError);
  });

  it('also where the whole answer is HTML', async () => {
    server.answers.set('/v5/market/account-ratio', '<html>Just a moment</html>');
    await expect(signals.longShare(instrument)).rejects.toThrow('HTML');
  });
});

describe('dated futures', () => {
  it('are those nearest to a quarter away, not the weeklies that come first', async () => {
    const ticker = { lastPrice: '101', markPrice: '101', indexPrice: '100' };
    const list = futures.map(({ symbol }) => ({ symbol, ...ticker }));
    server.answers.set('/v5/market/tickers', wrap({ category: 'linear', list }));
    server.asked.length = 0;
    const found = await signals.futures(instrument);
    expect(found?.map(({ deliveryMs }) => deliveryMs)).toEqual([
      Date.UTC(2025, 2, 28, 8),
      Date.UTC(2025, 5, 27, 8),
    ]);
    expect(server.asked.filter((path) => path.includes('tickers'))).toHaveLength(2);
  });
});

describe('a reading that is empty', () => {
  it('of a book, bars or open interest is empty, not zero', async () => {
    server.answers.set('/v5/market/orderbook', wrap({ b: [], a: [] }));
    server.answers.set('/v5/market/open-interest', wrap({ symbol: 'BTCUSDT', list: [] }));
    expect(await signals.book(instrument)).toEqual({ bids: [], asks: [] });
    expect(await signals.openInterest(instrument)).toEqual([]);
    expect(await signals.tradedBars(instrument)).toEqual([]);
  });

  it('an option that nobody has priced is passed over', async () => {
    const rows = [{ ...option, markIv: '0' }, option];
    server.answers.set('/v5/market/tickers', wrap({ list: rows }));
    expect(await signals.options('BTC')).toEqual([
      {
        option: 'call',
        strike: 100_000,
        deliveryMs: Date.UTC(2025, 2, 28, 8),
        underlyingPrice: 100_000,
        volatilityAnnual: 0.6,
        openInterest: 3,
      },
    ]);
  });
});

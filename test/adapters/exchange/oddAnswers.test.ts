/**
 * Goal: an answer that cannot be read says nothing: an order without an id is unknown, a list that is missing is no empty
 * list, and another order than the one asked for is not ours.
 * Method: a server of a few lines in place of the venue, whose answers are set by hand.
 */
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type OpenedVenue, openVenue } from '../../../src/adapters/exchange/openVenue.ts';
import type { Instrument } from '../../../src/domain/instrument.ts';
import { approvedOf, optionsOf, recordOf, startMs } from './bybitSimulator.ts';

type Answer = { readonly body: string; readonly status?: number };
const answers = new Map<string, Answer>();
const asked: string[] = [];
const wrap = (result: unknown): Answer => ({
  body: JSON.stringify({ retCode: 0, retMsg: 'OK', result, retExtInfo: {}, time: startMs }),
});

let server: ReturnType<typeof serve>;
let venue: OpenedVenue;
const btc = {
  kind: 'perpetual',
  symbol: 'BTC/USDT:USDT',
  id: 'alpha|BTC/USDT:USDT',
  venue: 'alpha',
};
const instrument = btc as Instrument;

beforeAll(async () => {
  const app = new Hono();
  app.all('*', (context) => {
    const { pathname } = new URL(context.req.url);
    asked.push(`${context.req.header('x-original-host')}${pathname}`);
    const { body, status = 200 } = answers.get(pathname) ?? wrap({ list: [] });
    return new Response(body, { status, headers: { 'content-type': 'application/json' } });
  });
  const port = await new Promise<number>((resolve) => {
    server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, (info) =>
      resolve(info.port),
    );
  });
  const clock = { origin: `http://127.0.0.1:${port}`, nowMs: () => startMs, advanceTo: () => {} };
  venue = await openVenue(optionsOf(clock, {}));
});
afterAll(async () => {
  await venue.destroy();
  server.close();
});
beforeEach(() => {
  answers.clear();
  answers.set('/v5/market/instruments-info', wrap({ category: 'linear', list: [market] }));
});

const market = {
  symbol: 'BTCUSDT',
  contractType: 'LinearPerpetual',
  status: 'Trading',
  baseCoin: 'BTC',
  quoteCoin: 'USDT',
  settleCoin: 'USDT',
  launchTime: '1584230400000',
  fundingInterval: 480,
  leverageFilter: { minLeverage: '1', maxLeverage: '100' },
  priceFilter: { minPrice: '0.1', maxPrice: '1999999', tickSize: '0.1' },
  lotSizeFilter: {
    minOrderQty: '0.001',
    maxOrderQty: '1000',
    qtyStep: '0.001',
    minNotionalValue: '5',
  },
};

describe('an accepted order', () => {
  it.each([
    ['without an id', wrap({ orderLinkId: 'x' })],
    ['with an empty id', wrap({ orderId: '' })],
    ['with an empty body', { body: '' }],
    ['with a text', { body: 'OK' }],
    ['with half a document', { body: '{"retCode":0,"result":{"orderId":"1"' }],
    ['with HTML', { body: '<html>Just a moment</html>' }],
    ['without a code', { body: '{"result":{"orderId":"1"}}' }],
    ['with a redirect', { body: '', status: 302 }],
  ] as const)('%s is unknown', async (_, answer) => {
    answers.set('/v5/order/create', answer);
    const record = recordOf(instrument);
    expect((await venue.gateway.send(approvedOf(record), record)).kind).toBe('unknown');
  });

  it('with an id is accepted, addressed to the live host and sent to the endpoint', async () => {
    answers.set('/v5/order/create', wrap({ orderId: '77', orderLinkId: 'x' }));
    const record = recordOf(instrument);
    const sent = await venue.gateway.send(approvedOf(record), record);
    expect(sent).toEqual({ kind: 'accepted', venueOrderId: '77' });
    expect(asked).toContain('api.bybit.com/v5/order/create');
  });
});

describe('a look-up', () => {
  it.each([
    ['no list', wrap({})],
    ['no result', { body: '{"retCode":0}' }],
    ['a list that is none', wrap({ list: {} })],
    ['another order', wrap({ list: [{ orderLinkId: 'another', orderId: '5' }] })],
    [
      'an unknown status',
      wrap({ list: [{ orderLinkId: 'x', orderId: '5', orderStatus: 'Strange' }] }),
    ],
  ] as const)('that is answered with %s is unknown', async (_, answer) => {
    answers.set('/v5/order/history', answer);
    expect((await venue.gateway.lookUp(recordOf(instrument), instrument)).kind).toBe('unknown');
  });

  it('is absent only when both lists are there and empty', async () => {
    expect(await venue.gateway.lookUp(recordOf(instrument), instrument)).toEqual({
      kind: 'absent',
    });
  });
});

describe('figures', () => {
  const wallet = {
    totalEquity: '100.5',
    totalInitialMargin: '1',
    totalMaintenanceMargin: '0.5',
    coin: [{ coin: 'USDT', walletBalance: '100.123456789012345678', equity: '200', locked: '' }],
  };
  beforeEach(() => {
    answers.set('/v5/account/info', wrap({ marginMode: 'REGULAR_MARGIN', unifiedMarginStatus: 6 }));
  });

  it('keep every digit', async () => {
    answers.set('/v5/account/wallet-balance', wrap({ list: [wallet] }));
    const account = await venue.reader.account();
    expect(account.coins[0]?.wallet).toBe('100.123456789012345678');
    expect(account.equityUsd).toBe(100.5);
  });

  it.each([
    ['missing', { ...wallet, totalEquity: undefined }],
    ['empty', { ...wallet, totalEquity: '' }],
    ['not a number', { ...wallet, totalEquity: 'NaN' }],
    ['infinite', { ...wallet, totalEquity: 'Infinity' }],
  ])('that are %s raise, and name the field', async (_, odd) => {
    answers.set('/v5/account/wallet-balance', wrap({ list: [odd] }));
    await expect(venue.reader.account()).rejects.toMatchObject({
      name: 'MalformedAnswer',
      message: expect.stringContaining('totalEquity'),
    });
  });

  it('of a crossed or empty book are no price', async () => {
    answers.set(
      '/v5/market/tickers',
      wrap({ list: [{ symbol: 'BTCUSDT', openInterestValue: '1' }] }),
    );
    answers.set(
      '/v5/market/orderbook',
      wrap({ s: 'BTCUSDT', b: [['2', '1']], a: [['1', '1']], ts: startMs }),
    );
    await expect(venue.reader.quote(instrument)).rejects.toThrow('bid below an ask');
    answers.set('/v5/market/orderbook', wrap({ s: 'BTCUSDT', b: [], a: [], ts: startMs }));
    await expect(venue.reader.quote(instrument)).rejects.toThrow('bid below an ask');
  });
});

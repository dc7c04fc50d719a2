/**
 * Goal: Deribit's options and volatility index are read without keys, from a source that nothing is traded on.
 * Method: the unmodified deribit class of ccxt against a server that answers its public calls.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { signalsSchema } from '../src/config/signalsSchema.ts';
import type { SignalsReader } from '../src/rebalance/ports/signals.ts';
import { openSignalSources, type SignalSources } from '../src/signalSource.ts';
import { startMs } from './adapters/exchange/bybitSimulator.ts';
import { type Answering, startAnswering } from './adapters/exchange/signals/answering.ts';

const base = '/api/v2/public';
const wrap = (result: unknown) => ({ jsonrpc: '2.0', result, usIn: 0, usOut: 0, usDiff: 0 });
const clock = { nowMs: () => startMs, sleep: async () => undefined };
let server: Answering;
let sources: SignalSources;
let signals: SignalsReader;

beforeAll(async () => {
  server = await startAnswering(wrap([]));
  server.answers.set(`${base}/get_time`, wrap(startMs));
  const settings = signalsSchema.parse({
    source: { exchange: 'deribit', environment: 'simulated', endpoint: server.origin },
  });
  sources = await openSignalSources({ signals: settings }, clock);
  signals = sources.signalSources[0]?.signals as SignalsReader;
});
afterAll(async () => {
  await sources.close();
  server.close();
});

it('the board comes from one summary, percent as fractions, without what nobody has priced', async () => {
  const row = {
    instrument_name: 'BTC-28MAR25-90000-P',
    mark_iv: 61.5,
    underlying_price: 101_000.5,
    open_interest: 12.5,
  };
  const unpriced = { ...row, instrument_name: 'BTC-28MAR25-200000-C', mark_iv: 0 };
  const small = { ...row, instrument_name: 'XRP_USDC-28MAR25-2d5-C', underlying_price: 2.4 };
  server.answers.set(`${base}/get_book_summary_by_currency`, wrap([row, unpriced, small]));
  const board = await signals.options('BTC');
  expect(board).toHaveLength(2);
  expect(board?.[0]).toEqual({
    option: 'put',
    strike: 90_000,
    deliveryMs: Date.UTC(2025, 2, 28, 8),
    underlyingPrice: 101_000.5,
    volatilityAnnual: 0.615,
    openInterest: 12.5,
  });
  expect(board?.[1]).toMatchObject({ option: 'call', strike: 2.5 });
  const call = server.asked.find((each) => each.includes('book_summary'));
  expect(call).toContain('www.deribit.com');
  expect(call).toMatch(/currency=BTC&kind=option|kind=option&currency=BTC/);
});

it('the volatility index comes by its implicit call, closes as fractions, a month of them', async () => {
  const data = [
    [startMs - 86_400_000, 60, 62, 59, 61],
    [startMs - 43_200_000, 61, 63, 60, 62.5],
  ];
  server.answers.set(`${base}/get_volatility_index_data`, wrap({ data, continuation: null }));
  expect(await signals.volatilityIndex('BTC')).toEqual([
    { atMs: startMs - 86_400_000, value: 0.61 },
    { atMs: startMs - 43_200_000, value: 0.625 },
  ]);
  expect(server.asked.at(-1)).toContain(`start_timestamp=${startMs - 30 * 86_400_000}`);
  expect(await signals.volatilityIndex('SOL')).toBeNull();
});

it.each([
  ['no list', { data: {} }],
  ['a close of nothing', { data: [[startMs, 60, 62, 59, 0]] }],
  ['no candle', { data: [7] }],
])('an index with %s is no reading', async (_, result) => {
  server.answers.set(`${base}/get_volatility_index_data`, wrap(result));
  await expect(signals.volatilityIndex('ETH')).rejects.toThrow('volatility index of ETH');
});

it('without a source, or with signals switched off, nothing is opened', async () => {
  const off = signalsSchema.parse({ enabled: false, source: { exchange: 'deribit' } });
  for (const settings of [signalsSchema.parse({}), off]) {
    expect((await openSignalSources({ signals: settings }, clock)).signalSources).toEqual([]);
  }
});

it('a source that is simulated needs an endpoint, and no other has one', () => {
  const parse = (source: object) => signalsSchema.safeParse({ source }).success;
  expect(parse({ exchange: 'deribit', environment: 'simulated' })).toBe(false);
  expect(parse({ exchange: 'deribit', endpoint: 'http://127.0.0.1:1' })).toBe(false);
  expect(parse({ exchange: 'deribit' })).toBe(true);
});

/**
 * Goal: what venues show of their soundness is read in each one's own words, is unknown where it cannot be, and drops out where there
 * is no such thing.
 * Method: a session whose client answers as ccxt does, per exchange; then the unmodified Bybit class against the simulator.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MalformedAnswer } from '../../../../src/adapters/exchange/answer.ts';
import { readFigures } from '../../../../src/adapters/exchange/signs/readFigures.ts';
import { EmptyBook } from '../../../../src/adapters/exchange/unified/quote.ts';
import { type Rig, startRig } from '../bybitSimulator.ts';
import {
  figuresOf,
  type Given,
  instrumentOf,
  mainCoins,
  missing,
  nowMs,
  sessionOf,
  slow,
} from './figuresGiven.ts';

describe('markets to compare', () => {
  test('are the venue’s own of each coin, perpetuals first, and the one of USDC', async () => {
    const symbols = ['BTC/USDC:USDC', 'BTC/USDT', 'ETH/USDC', 'USDC/USDT'];
    const { markets } = await figuresOf({ symbols, exchange: 'kraken' });
    expect(markets.kind === 'observed' && markets.value).toEqual([
      {
        coin: 'BTC',
        quoteCoin: 'USDC',
        price: 100,
        index: 100,
        depthQuote: 1e6,
        funding8hRate: 8e-4,
      },
      {
        coin: 'ETH',
        quoteCoin: 'USDC',
        price: 100,
        index: 100,
        depthQuote: 1e6,
        funding8hRate: null,
      },
      {
        coin: 'USDC',
        quoteCoin: 'USDT',
        price: 100,
        index: 100,
        depthQuote: 1e6,
        funding8hRate: null,
      },
    ]);
  });

  test('one of which fails are unknown, it may be the one that is off; none are not offered', async () => {
    const symbols = ['BTC/USDT:USDT', 'ETH/USDT:USDT'];
    for (const failing of [symbols.slice(0, 1), symbols]) {
      expect((await figuresOf({ symbols }, failing)).markets).toEqual({
        kind: 'unknown',
        reason: 'timeout',
      });
    }
    expect((await figuresOf({})).markets).toEqual({ kind: 'notOffered' });
  });

  test('one whose book is empty has no price and no depth; one whose book is crossed is unknown', async () => {
    const symbols = ['BTC/USDT:USDT', 'ETH/USDT:USDT'];
    const told = (error: Error) =>
      readFigures(sessionOf({ symbols }), ['BTC', 'ETH'], {
        load: async (symbol) => instrumentOf(symbol),
        quote: async ({ symbol }) => {
          if (symbol === 'BTC/USDT:USDT') throw error;
          return { bid: 99, ask: 101, mark: 105, index: 100, depthQuote: 1e6 };
        },
        funding: async () => ({ rate: 1e-4, intervalMs: 3_600_000, nextMs: nowMs }),
      });
    const empty = await told(new EmptyBook('no bids'));
    expect(empty.markets).toMatchObject({
      value: [
        { coin: 'BTC', price: null, depthQuote: 0 },
        { coin: 'ETH', price: 100 },
      ],
    });
    expect((await told(new MalformedAnswer('crossed'))).markets.kind).toBe('unknown');
  });
});

describe('the insurance pool', () => {
  const poolOf = async (given: Given) => {
    const { insuranceUsd } = await figuresOf(given);
    return insuranceUsd.kind === 'observed' ? insuranceUsd.value : insuranceUsd.kind;
  };
  const bybit = (list: unknown): Given => ({
    answers: { publicGetV5MarketInsurance: { result: { list } } },
  });
  const row = (value: unknown) => ({ coin: 'USDT', symbols: '', balance: '1', value });

  test('is the sum of Bybit’s values, of Binance’s dollars, OKX’s total', async () => {
    expect(await poolOf(bybit([row('150.5'), row('0.5')]))).toBe(151);
    const asset = (name: string, marginBalance: string) => ({ asset: name, marginBalance });
    const group = { symbols: ['BTCUSDT'], assets: [asset('USDT', '70'), asset('BNB', '9')] };
    const balances = [group, { symbols: [], assets: [asset('USDC', '30')] }];
    for (const answer of [balances, { ...group, assets: [asset('USDT', '100')] }]) {
      const answers = { fapiPublicGetInsuranceBalance: answer };
      expect(await poolOf({ exchange: 'binanceusdm', answers })).toBe(100);
    }
    const answers = { publicGetPublicInsuranceFund: { data: [{ total: '12.5' }, { total: '9' }] } };
    expect(await poolOf({ exchange: 'okx', answers })).toBe(12.5);
  });

  test.each([
    ['a text', [row('much')]],
    ['nothing', [row('')]],
    ['no pool', []],
    ['no list', undefined],
    ['a row that is none', ['x']],
  ])('that states %s is unknown, not empty', async (_, list) => {
    expect(await poolOf(bybit(list))).toBe('unknown');
  });

  test('is not offered where there is no endpoint, or a test environment refuses it for good', async () => {
    const refused = { answers: { publicGetV5MarketInsurance: missing } };
    expect(await poolOf({ exchange: 'deribit' })).toBe('notOffered');
    expect(await poolOf({ ...refused, environment: 'testnet' })).toBe('notOffered');
    expect(await poolOf(refused)).toBe('unknown');
    const timeout = { answers: { publicGetV5MarketInsurance: slow } };
    expect(await poolOf({ ...timeout, environment: 'testnet' })).toBe('unknown');
  });
});

describe('the venue’s own token', () => {
  const ticker = (moves: Readonly<Record<string, unknown>>) => ({
    fetchTicker: (symbol: string) => ({ percentage: moves[symbol] }),
  });

  test('is compared with bitcoin by the venue’s tickers, in shares', async () => {
    const { ownToken } = await figuresOf({
      exchange: 'okx',
      symbols: ['OKB/USDT', 'BTC/USDT:USDT'],
      answers: ticker({ 'OKB/USDT': '-25', 'BTC/USDT:USDT': '5' }),
    });
    expect(ownToken).toMatchObject({
      value: { token: 'OKB', tokenMove: -0.25, bitcoinMove: 0.05 },
    });
  });

  test('is not offered where the exchange has none or does not list it, and unknown where it says no move', async () => {
    const symbols = ['BTC/USDT:USDT', 'MNT/USDT:USDT'];
    const kindOf = async (given: Given) => (await figuresOf(given)).ownToken.kind;
    expect(await kindOf({ exchange: 'deribit', symbols })).toBe('notOffered');
    expect(await kindOf({ exchange: 'bybit', symbols: ['BTC/USDT:USDT'] })).toBe('notOffered');
    expect(await kindOf({ symbols, answers: ticker({}) })).toBe('unknown');
  });
});

describe('the unmodified Bybit class', () => {
  let rig: Rig;
  beforeAll(async () => {
    // Not about time: a busy machine must not decide what is read.
    const timeouts = { connectMs: 5_000, headersMs: 10_000, bodyMs: 10_000, deadlineMs: 15_000 };
    rig = await startRig({ timeouts });
  });
  afterAll(() => rig.close());

  test('reads markets, the pool and no token from the simulator', async () => {
    const found = await rig.venue.reader.figures?.(['BTC', 'ETH']);
    expect(
      found?.markets.kind === 'observed' && found.markets.value.map(({ coin }) => coin),
    ).toEqual(['BTC', 'ETH', 'USDC']);
    expect(found?.insuranceUsd).toMatchObject({ kind: 'observed', value: 155e6 });
    expect(found?.ownToken).toEqual({ kind: 'notOffered' });
  });

  test('sees a pool that is drawn and a chain that is shut', async () => {
    rig.simulator.inject({ kind: 'insuranceDraw', coin: 'USDT', share: 0.4 });
    const found = await rig.venue.reader.figures?.(['BTC']);
    expect(found?.insuranceUsd).toMatchObject({ value: 0.6 * 150e6 + 5e6 });
    const { chains } = await rig.venue.reader.signs(mainCoins);
    expect(chains?.filter(({ coin }) => coin === 'USDT').map(({ chain }) => chain)).toHaveLength(2);
  });
});

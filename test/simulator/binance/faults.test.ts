/**
 * Goal: every injected fault reaches a client of Binance as on a bad day, as often as asked, and the journal stays the truth.
 * Method: the unmodified classes of ccxt on a virtual clock; each fault once, then the same call again.
 */
import type { binance as Binance, binanceusdm as BinanceUsdm } from 'ccxt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { binanceDialect } from '../../../src/simulator/binance/dialect.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/http/server.ts';
import { connect } from '../client.ts';
import { pathMarket, startMs } from '../core/pathMarket.ts';
import { createdOrders } from '../createdOrders.ts';
import { outcome } from '../outcome.ts';

const btc = 'BTC/USDT:USDT';
const path = '/fapi/v1/order';

let simulator: Simulator;
let futures: BinanceUsdm;

beforeEach(async () => {
  simulator = await startSimulator({
    dialect: binanceDialect,
    market: pathMarket(),
    clock: { kind: 'virtual', nowMs: startMs },
    balances: { USDT: '10000', 'spot:USDT': '5000' },
  });
  futures = await connect('binanceusdm', simulator);
  await futures.loadMarkets();
});
afterEach(async () => {
  await simulator.close();
});

function buy(clientOrderId: string) {
  return futures.createOrder(btc, 'market', 'buy', 0.02, undefined, { clientOrderId });
}

describe('transport faults', () => {
  const unknown = { retCode: -1007, retMsg: 'Timeout waiting for response from backend server.' };
  const cases = [
    ['dropBefore', {}, 'NetworkError', 0],
    ['dropAfter', {}, 'NetworkError', 1],
    ['stall', {}, 'BodyTimeoutError', 1],
    ['truncate', {}, 'SocketError', 1],
    ['serverError', { status: 502 }, 'ExchangeNotAvailable', 0],
    ['serverError', { status: 504, accepted: true }, 'RequestTimeout', 1],
    ['html', {}, 'TypeError', 0],
    ['html', { accepted: true }, 'TypeError', 1],
    ['rateLimit', {}, 'DDoSProtection', 0],
    ['ban', {}, 'DDoSProtection', 0],
    ['rejected', {}, 'InsufficientFunds', 0],
    ['rejected', unknown, 'RequestTimeout', 0],
    ['rejected', { ...unknown, accepted: true }, 'RequestTimeout', 1],
    ['delay', { delayMs: 20 }, 'answered', 1],
  ] as const;
  for (const [kind, more, expected, made] of cases)
    it(`${kind} ${JSON.stringify(more)} gives ${expected} and ${made} orders, once`, async () => {
      simulator.inject({ kind, path, ...more } as Parameters<Simulator['inject']>[0]);
      expect(await outcome(buy('a'))).toBe(expected);
      expect(createdOrders(simulator)).toBe(made);
      expect((await buy('b')).id).toBeDefined();
      expect(createdOrders(simulator)).toBe(made + 1);
    });

  it('strike a cancellation, which is a method of its own', async () => {
    const { id } = await futures.createOrder(btc, 'limit', 'buy', 0.02, 9900);
    simulator.inject({ kind: 'dropAfter', path, method: 'DELETE' });
    expect(await outcome(futures.cancelOrder(String(id), btc))).toBe('NetworkError');
    expect((await futures.fetchOrder(String(id), btc)).status).toBe('canceled');
  });

  it('tell a client that is turned away when to come back', async () => {
    const ask = () => fetch(`${simulator.origin}/fapi/v1/ping`);
    simulator.inject({ kind: 'rateLimit', retryAfterMs: 1500 });
    const limited = await ask();
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '2']);
    simulator.inject({ kind: 'ban', retryAfterMs: 60_000 });
    const banned = await ask();
    expect([banned.status, banned.headers.get('retry-after')]).toEqual([418, '60']);
    expect((await ask()).status).toBe(200);
  });

  it('hide what is young from reads, or list trades twice under one id', async () => {
    await buy('a');
    simulator.inject({ kind: 'laggingReads', lagMs: 1000, path, method: 'GET' });
    await expect(futures.fetchOrderWithClientOrderId('a', btc)).rejects.toThrow('-2013');
    expect((await futures.fetchOrderWithClientOrderId('a', btc)).status).toBe('closed');
    simulator.inject({ kind: 'laggingReads', lagMs: 1000, path: 'userTrades' });
    expect(await futures.fetchMyTrades(btc)).toHaveLength(0);
    simulator.inject({ kind: 'duplicateFills', path: 'userTrades' });
    const trades = await futures.fetchMyTrades(btc);
    expect(trades).toHaveLength(2);
    expect(trades[0]?.id).toBe(trades[1]?.id);
  });
});

describe('the world', () => {
  it('in maintenance refuses everything but its status and time, and then ends', async () => {
    simulator.inject({ kind: 'maintenance', durationMs: 60_000 });
    await expect(buy('a')).rejects.toThrow('-1008');
    expect(await futures.fetchStatus()).toMatchObject({ status: 'maintenance' });
    expect(await futures.fetchTime()).toBe(startMs);
    simulator.advanceTo(startMs + 60_000);
    expect((await buy('b')).id).toBeDefined();
  });

  it('can halt withdrawals, move prices, pegs and funding, and fill in parts', async () => {
    simulator.inject([
      { kind: 'withdrawalHalt', coins: ['USDC'] },
      { kind: 'priceShock', coin: 'BTC', move: -0.2, durationMs: 1000 },
      { kind: 'fundingSpike', symbol: 'BTCUSDT', rate: 0.003 },
      { kind: 'clockSkew', skewMs: 60_000, durationMs: 1000 },
    ]);
    expect(await futures.fetchTime()).toBe(startMs + 60_000);
    expect(await outcome(buy('a'))).toBe('InvalidNonce');
    expect(await futures.fetchFundingRate(btc)).toMatchObject({
      markPrice: 8000,
      fundingRate: 0.003,
    });
    simulator.advanceTo(startMs + 1000);
    const currencies = await futures.fetchCurrencies();
    expect(currencies['USDC']?.withdraw).toBe(false);
    expect(currencies['USDT']?.withdraw).toBe(true);
    expect((await futures.fetchTicker(btc)).last).toBe(10_000);
    simulator.inject({ kind: 'partialFills', share: 0.5 });
    await futures.createOrder(btc, 'limit', 'buy', 0.02, 10_100, { clientOrderId: 'p' });
    expect((await futures.fetchOrderWithClientOrderId('p', btc)).filled).toBe(0.01);
    simulator.inject({ kind: 'depeg', coin: 'USDT', move: -0.1 });
    const state = (await (await fetch(`${simulator.origin}/simulator/state`)).json()) as {
      equityUsd: number;
    };
    // Both wallets lose a tenth, less what the trade cost; the coin held keeps its 100 USD, which the position's cost does not.
    expect(state.equityUsd).toBeCloseTo(0.9 * (15_000 - 100.01 - 100.01 * 0.0005) + 100, 1);
  });

  it('brings coins into a wallet from outside, or takes them', async () => {
    const spot = await connect('binance', simulator, {
      options: { fetchMarkets: { types: ['spot'] } },
    });
    simulator.inject([
      { kind: 'transfer', coin: 'USDT', amount: '-1000' },
      { kind: 'transfer', coin: 'USDT', amount: '250', wallet: 'spot' },
    ]);
    expect((await futures.fetchBalance())['USDT']?.total).toBe(9000);
    expect((await spot.fetchBalance())['USDT']?.total).toBe(5250);
  });

  it('deleverages a winner, and liquidates at the bracket’s margin', async () => {
    await futures.setLeverage(100, btc);
    await futures.createOrder(btc, 'market', 'buy', 20);
    simulator.inject({ kind: 'autoDeleveraging', symbol: 'BTCUSDT', share: 0.5 });
    expect((await futures.fetchPositions([btc]))[0]?.contracts).toBe(10);
    simulator.inject({ kind: 'priceShock', coin: 'BTC', move: -0.12 });
    simulator.advanceTo(startMs + 60_000);
    expect((await futures.fetchPositions([btc]))[0]?.contracts ?? 0).toBe(0);
    expect(simulator.journal().some((entry) => entry.kind === 'liquidation')).toBe(true);
  });
});

describe('the timing', () => {
  let quick: Simulator;
  let client: Binance;

  beforeEach(async () => {
    quick = await startSimulator({
      dialect: binanceDialect,
      market: pathMarket(),
      clock: { kind: 'virtual', nowMs: startMs },
      balances: { 'spot:USDT': '5000' },
      timing: { receiveWindowMsMax: 200, readLagMs: 50 },
    });
    client = await connect('binance', quick, { options: { fetchMarkets: { types: ['spot'] } } });
    await client.loadMarkets();
  });
  afterEach(async () => {
    await quick.close();
  });

  it('refuses what is older than the window, whatever window it names', async () => {
    const later = (ms: number) => {
      (client as unknown as { milliseconds: () => number }).milliseconds = () => startMs - ms;
      return outcome(client.fetchBalance({ recvWindow: 10_000 }));
    };
    expect(await later(200)).toBe('answered');
    expect(await later(201)).toBe('InvalidNonce');
  });

  it('shows what it did only after a while', async () => {
    const pair = 'BTC/USDT';
    await client.createOrder(pair, 'limit', 'buy', 0.01, 9900, { clientOrderId: 'a' });
    await expect(client.fetchOrderWithClientOrderId('a', pair)).rejects.toThrow('-2013');
    quick.advanceTo(startMs + 50);
    expect((await client.fetchOrderWithClientOrderId('a', pair)).status).toBe('open');
  });
});

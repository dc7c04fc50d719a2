/**
 * Goal: every injected fault reaches the client as on a bad day, as often as asked, and the journal stays the truth.
 * Method: the unmodified class of ccxt on a virtual clock; each fault once, then the same call again.
 */
import type { bybit as Bybit } from 'ccxt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bybitDialect } from '../../../src/simulator/bybit/dialect.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/http/server.ts';
import { connect } from '../client.ts';
import { pathMarket, startMs } from '../core/pathMarket.ts';
import { createdOrders } from '../createdOrders.ts';
import { outcome } from '../outcome.ts';

const btc = 'BTC/USDT:USDT';
const create = '/v5/order/create';

let simulator: Simulator;
let exchange: Bybit;
let count = 0;

beforeEach(async () => {
  simulator = await startSimulator({
    dialect: bybitDialect,
    market: pathMarket(),
    clock: { kind: 'virtual', nowMs: startMs },
    balances: { USDT: '100000' },
  });
  exchange = await connect('bybit', simulator, {
    options: { fetchMarkets: { types: ['linear'] } },
  });
  await exchange.loadMarkets();
  await exchange.fetchBalance();
});
afterEach(async () => {
  await simulator.close();
});

function buy(clientOrderId: string) {
  return exchange.createOrder(btc, 'market', 'buy', 0.01, undefined, { clientOrderId });
}

describe('transport faults', () => {
  const cases = [
    ['dropBefore', {}, 'NetworkError', 0],
    ['dropAfter', {}, 'NetworkError', 1],
    ['stall', {}, 'BodyTimeoutError', 1],
    ['truncate', {}, 'SocketError', 1],
    ['serverError', { status: 502 }, 'ExchangeNotAvailable', 0],
    ['serverError', { status: 504, accepted: true }, 'RequestTimeout', 1],
    ['html', {}, 'answered', 0],
    ['html', { accepted: true }, 'answered', 1],
    ['rateLimit', {}, 'RateLimitExceeded', 0],
    ['ban', {}, 'RateLimitExceeded', 0],
    ['rejected', {}, 'InsufficientFunds', 0],
    ['rejected', { retCode: 10016, retMsg: 'busy', accepted: true }, 'ExchangeError', 1],
    ['delay', { delayMs: 20 }, 'answered', 1],
  ] as const;
  for (const [kind, more, expected, made] of cases)
    it(`${kind} ${JSON.stringify(more)} gives ${expected} and ${made} orders, once`, async () => {
      simulator.inject({ kind, path: create, ...more } as Parameters<Simulator['inject']>[0]);
      expect(await outcome(buy('a'))).toBe(expected);
      expect(createdOrders(simulator)).toBe(made);
      count += 1;
      expect((await buy(`again-${count}`)).id).toBeDefined();
      expect(createdOrders(simulator)).toBe(made + 1);
    });

  it('an answer in HTML resolves to an order without an id', async () => {
    simulator.inject({ kind: 'html', path: create });
    expect((await buy('a')).id).toBeUndefined();
  });

  it('act on the paths and as often as they say', async () => {
    simulator.inject({ kind: 'serverError', path: '/v5/order', method: 'GET', count: 2 });
    expect((await buy('a')).id).toBeDefined();
    expect(await outcome(exchange.fetchOpenOrders(btc))).toBe('ExchangeNotAvailable');
    expect(await outcome(exchange.fetchOpenOrders(btc))).toBe('ExchangeNotAvailable');
    expect(await outcome(exchange.fetchOpenOrders(btc))).toBe('answered');
  });

  it('strike a seeded share of what they aim at, the same one again, as often as they say', async () => {
    const struck = async (seed: number): Promise<string> => {
      const paths = ['/v5/order', '/v5/market/time'];
      simulator.inject({ kind: 'serverError', paths, method: 'GET', share: 0.5, seed, count: 8 });
      let marks = '';
      for (let asked = 0; asked < 40; asked += 1)
        marks += (await outcome(exchange.fetchTime())) === 'answered' ? '.' : 'x';
      return marks;
    };
    const first = await struck(7);
    expect(first.replaceAll('.', '')).toBe('xxxxxxxx');
    expect(first).toMatch(/^.{9,39}x?\.+$/);
    expect(await struck(7)).toBe(first);
    expect(await struck(8)).not.toBe(first);
  });

  it('lagging reads do not know what is young', async () => {
    await buy('young');
    simulator.inject({ kind: 'laggingReads', lagMs: 1000, path: '/v5/order/realtime' });
    const find = () =>
      exchange.fetchOpenOrders(btc, undefined, undefined, { orderLinkId: 'young' });
    expect(await find()).toHaveLength(0);
    expect(await find()).toHaveLength(1);
  });

  it('duplicate fills are listed twice under one id', async () => {
    await buy('a');
    simulator.inject({ kind: 'duplicateFills', path: '/v5/execution/list' });
    const rows = (await exchange.request('v5/execution/list', 'private', 'GET', {
      category: 'linear',
    })) as { result: { list: { execId: string }[] } };
    expect(rows.result.list).toHaveLength(2);
    expect(new Set(rows.result.list.map((row) => row.execId)).size).toBe(1);
  });
});

describe('the world', () => {
  it('in maintenance refuses everything but its status, and then ends', async () => {
    simulator.inject({ kind: 'maintenance', durationMs: 60_000 });
    expect(await outcome(buy('a'))).toBe('ExchangeNotAvailable');
    expect(await exchange.fetchStatus()).toMatchObject({ status: 'maintenance' });
    simulator.advanceTo(startMs + 60_000);
    expect(await exchange.fetchStatus()).toMatchObject({ status: 'ok' });
    expect((await buy('b')).id).toBeDefined();
  });

  it('can halt the withdrawal of a coin', async () => {
    simulator.inject({ kind: 'withdrawalHalt', coins: ['USDC'] });
    const currencies = await exchange.fetchCurrencies();
    expect(currencies['USDC']?.withdraw).toBe(false);
    expect(currencies['USDT']?.withdraw).toBe(true);
  });

  it('with a wrong clock refuses signed requests and tells its wrong time', async () => {
    simulator.inject({ kind: 'clockSkew', skewMs: 60_000 });
    expect(await outcome(buy('a'))).toBe('InvalidNonce');
    expect(await exchange.fetchTime()).toBe(startMs + 60_000);
  });

  it('has its wrong clock for a time', async () => {
    simulator.inject({ kind: 'clockSkew', skewMs: 60_000, durationMs: 1000 });
    expect(await exchange.fetchTime()).toBe(startMs + 60_000);
    simulator.advanceTo(startMs + 1000);
    expect(await exchange.fetchTime()).toBe(startMs + 1000);
  });

  it('moves prices, pegs and funding when told', async () => {
    simulator.inject({ kind: 'priceShock', coin: 'BTC', move: -0.2, durationMs: 1000 });
    expect((await exchange.fetchTicker(btc)).last).toBe(8000);
    simulator.advanceTo(startMs + 1000);
    expect((await exchange.fetchTicker(btc)).last).toBe(10_000);
    simulator.inject({ kind: 'depeg', coin: 'USDT', move: -0.1 });
    const balance = await exchange.fetchBalance();
    const info = balance['info'] as { result: { list: { totalEquity: string }[] } };
    expect(Number(info.result.list[0]?.totalEquity)).toBeCloseTo(90_000, 6);
    simulator.inject({ kind: 'fundingSpike', symbol: 'BTCUSDT', rate: 0.003 });
    expect((await exchange.fetchFundingRates([btc]))[btc]?.fundingRate).toBe(0.003);
  });

  it('fills only a share of an order when told', async () => {
    simulator.inject({ kind: 'partialFills', share: 0.4 });
    const placed = await exchange.createOrder(btc, 'limit', 'buy', 0.01, 10_100);
    const order = await exchange.fetchOrder(placed.id ?? '', btc, { acknowledged: true });
    expect(order).toMatchObject({ status: 'open', filled: 0.004 });
  });

  it('deleverages a winner', async () => {
    await buy('a');
    simulator.inject({ kind: 'autoDeleveraging', symbol: 'BTCUSDT', share: 0.5 });
    expect((await exchange.fetchPositions([btc]))[0]?.contracts).toBe(0.005);
  });

  it('can be in hedge mode, or give the key other rights', async () => {
    simulator.inject({ kind: 'positionMode', mode: 'hedge' });
    const rows = await exchange.fetchPositions([btc]);
    expect(rows.map((row) => (row.info as { positionIdx: number }).positionIdx)).toEqual([1, 2]);
    simulator.inject({ kind: 'permissions', permissions: ['read', 'withdraw'] });
    const key = (await exchange.request('v5/user/query-api', 'private', 'GET', {})) as {
      result: { readOnly: number; permissions: { Wallet: string[] } };
    };
    expect(key.result.readOnly).toBe(1);
    expect(key.result.permissions.Wallet).toContain('Withdraw');
    expect(await outcome(buy('a'))).toBe('PermissionDenied');
  });

  it('refuses a fault that is none, naming what is wrong', async () => {
    const answer = await fetch(`${simulator.origin}/simulator/faults`, {
      method: 'POST',
      body: JSON.stringify({ kind: 'serverError', status: 200 }),
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: expect.stringContaining('status') });
  });

  it('takes several faults at once, all or none', async () => {
    const post = (body: unknown) =>
      fetch(`${simulator.origin}/simulator/faults`, { method: 'POST', body: JSON.stringify(body) });
    const good = { kind: 'dropAfter', paths: [create], share: 0.5, seed: 3, count: 10_000 };
    for (const bad of [
      { kind: 'ban', share: 0 },
      { kind: 'ban', share: 1.1 },
      { kind: 'ban', paths: [] },
      { kind: 'ban', count: 100_001 },
      { kind: 'fundingSpike', symbol: 'NOUSDT', rate: 0.01 },
      { kind: 'fundingSpike', symbol: 'NOUSDT', rate: 0.01, afterMs: 1 },
    ])
      expect((await post([good, bad])).status).toBe(400);
    const answer = (await (await post([good, { kind: 'ban' }])).json()) as { active: unknown[] };
    expect(answer.active).toMatchObject([
      { fault: good, remaining: 10_000, asked: 0 },
      { fault: { kind: 'ban' }, remaining: 1 },
    ]);
    expect((await post(Array.from({ length: 999 }, () => good))).status).toBe(400);
    expect((await (await post([])).json()) as unknown).toEqual(answer);
  });
});

describe('the signature', () => {
  const cases = [
    ['a wrong key', { apiKey: 'other' }, 'AuthenticationError'],
    ['a wrong secret', { secret: 'other' }, 'AuthenticationError'],
    ['an old timestamp', { options: { timeDifference: 60_000 } }, 'InvalidNonce'],
    ['a timestamp of the future', { options: { timeDifference: -60_000 } }, 'InvalidNonce'],
  ] as const;
  for (const [name, overrides, expected] of cases)
    it(`with ${name} is refused`, async () => {
      const other = await connect('bybit', simulator, {
        has: { fetchCurrencies: false },
        ...overrides,
      });
      expect(await outcome(other.fetchBalance())).toBe(expected);
    });

  it('notes the host that a request was meant for', async () => {
    const answer = await fetch(`${simulator.origin}/simulator/state`);
    expect(await answer.json()).toMatchObject({ hosts: ['api.bybit.com'] });
  });
});

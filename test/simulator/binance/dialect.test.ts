/**
 * Goal: the unmodified binance and binanceusdm classes of ccxt trade on the simulator as on the venue, its traps included.
 * Method: both classes on a virtual clock and a market computed by hand; refusals by the error that the class makes of them.
 */
import type { binance as Binance, binanceusdm as BinanceUsdm, Order } from 'ccxt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { binanceDialect } from '../../../src/simulator/binance/dialect.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/http/server.ts';
import { hourMs, pathMarket, startMs } from '../core/pathMarket.ts';
import { connect } from './client.ts';

const btc = 'BTC/USDT:USDT';
const pair = 'BTC/USDT';

let simulator: Simulator;
let futures: BinanceUsdm;
let spot: Binance;

beforeEach(async () => {
  simulator = await startSimulator({
    dialect: binanceDialect,
    market: pathMarket({ redemptionMs: 1000 }),
    clock: { kind: 'virtual', nowMs: startMs },
    balances: { USDT: '10000', 'spot:USDT': '5000', 'spot:BTC': '1', 'spot:USDC': '3000' },
  });
  futures = await connect('binanceusdm', simulator);
  spot = await connect('binance', simulator, { options: { fetchMarkets: { types: ['spot'] } } });
  await Promise.all([futures.loadMarkets(), spot.loadMarkets()]);
});
afterEach(async () => {
  await simulator.close();
});

async function outcome(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'answered',
    (error: Error) => error.constructor.name,
  );
}

const limit = async (clientOrderId: string, price: number, more: object = {}) =>
  withId(await futures.createOrder(btc, 'limit', 'buy', 0.02, price, { clientOrderId, ...more }));

/** An order whose id is there. */
const withId = (order: Order) => ({ ...order, id: String(order.id) });

describe('markets', () => {
  it('have lots, ticks, minima and brackets under the terms of the venue', async () => {
    expect(futures.market(btc)).toMatchObject({
      id: 'BTCUSDT',
      contractSize: 1,
      precision: { amount: 0.001, price: 0.1 },
      limits: { amount: { min: 0.001 }, cost: { min: 100 } },
    });
    expect(spot.market(pair)).toMatchObject({ precision: { amount: 0.00001, price: 0.01 } });
    const tiers = (await futures.fetchLeverageTiers([btc]))[btc];
    expect(tiers?.[2]).toMatchObject({ maxNotional: 3e6, maintenanceMarginRate: 0.0065 });
    // 50,000 * 0.001 + 600,000 * 0.0015.
    expect(tiers?.[2]?.info).toMatchObject({ cum: 950 });
  });

  it('show books, tickers, marks and funding, spot and contracts apart', async () => {
    expect((await futures.fetchOrderBook(btc, 5)).bids[0]?.[0]).toBe(9999);
    expect((await spot.fetchOrderBook(pair, 5)).asks[0]?.[0]).toBe(10_001);
    expect(await futures.fetchTicker(btc)).toMatchObject({ last: 10_000 });
    expect(await spot.fetchTicker(pair)).toMatchObject({ bid: 9999, ask: 10_001 });
    expect(await futures.fetchFundingRate(btc)).toMatchObject({
      markPrice: 10_000,
      fundingRate: 0.0001,
      fundingTimestamp: startMs + 8 * hourMs,
    });
    const rates = await futures.fetchFundingRateHistory(btc, undefined, 2);
    expect(rates.map((rate) => rate.timestamp)).toEqual([startMs - 8 * hourMs, startMs]);
    expect((await futures.fetchFundingIntervals([btc]))[btc]?.interval).toBe('8h');
    expect(await futures.fetchTime()).toBe(startMs);
  });
});

describe('an order of the contracts', () => {
  it('rests, is found by its client id, is cancelled once', async () => {
    const placed = await limit('a', 9900);
    expect(placed).toMatchObject({ status: 'open', clientOrderId: 'a', filled: 0 });
    const found = await futures.fetchOrderWithClientOrderId('a', btc);
    expect(found.id).toBe(placed.id);
    expect(await futures.fetchOpenOrders(btc)).toHaveLength(1);
    const gone = await futures.cancelOrder('', btc, { clientOrderId: 'a' });
    expect(gone.status).toBe('canceled');
    await expect(futures.cancelOrder(placed.id, btc)).rejects.toThrow('-2011');
    expect(await outcome(futures.cancelOrder(placed.id, btc))).toBe('OrderNotFound');
  });

  it('has a client id that is taken only while it is open; then the id names the latest', async () => {
    const first = await limit('a', 9900);
    await expect(limit('a', 9900)).rejects.toThrow('-4116');
    await futures.cancelOrder(first.id, btc);
    const second = await limit('a', 9800);
    expect((await futures.fetchOrderWithClientOrderId('a', btc)).id).toBe(second.id);
    expect((await futures.fetchOrder(first.id, btc)).status).toBe('canceled');
  });

  it('that is not there is unknown by name, and after three days if it never traded', async () => {
    await expect(futures.fetchOrderWithClientOrderId('none', btc)).rejects.toThrow('-2013');
    const { id } = await limit('a', 9900);
    await futures.cancelOrder(id, btc);
    simulator.advanceTo(startMs + 72 * hourMs);
    expect((await futures.fetchOrder(id, btc)).status).toBe('canceled');
    simulator.advanceTo(startMs + 72 * hourMs + 1);
    await expect(futures.fetchOrder(id, btc)).rejects.toThrow('-2013');
  });

  it('that rests is answered as new even where it has traded already', async () => {
    expect(await limit('a', 10_100)).toMatchObject({ status: 'open', filled: 0 });
    const found = await futures.fetchOrderWithClientOrderId('a', btc);
    expect(found).toMatchObject({ status: 'closed', filled: 0.02, average: 10_001 });
  });

  it('that must fill at once expires with what it did not get', async () => {
    expect((await limit('a', 9900, { timeInForce: 'IOC' })).status).toBe('expired');
    simulator.inject({ kind: 'partialFills', share: 0.5 });
    const part = await limit('b', 10_100, { timeInForce: 'IOC' });
    expect(part).toMatchObject({ status: 'expired', filled: 0.01 });
    expect((await limit('c', 9900, { timeInForce: 'FOK' })).status).toBe('expired');
  });

  it('that is post-only and would take never was', async () => {
    const refused = limit('a', 10_100, { postOnly: true });
    await expect(refused).rejects.toThrow('-5022');
    await expect(futures.fetchOrderWithClientOrderId('a', btc)).rejects.toThrow('-2013');
    expect(simulator.journal().filter((entry) => entry.kind === 'order')).toEqual([]);
    expect((await limit('b', 9900, { postOnly: true })).status).toBe('open');
  });

  const refusals = [
    ['too little margin', 'limit', 100, 9900, {}, '-2019', 'InsufficientFunds'],
    ['too small', 'limit', 0.001, 9900, {}, '-4164', 'InvalidOrder'],
    ['outside the band', 'limit', 0.02, 11_000, {}, '-4016', 'BadRequest'],
    [
      'a reduction of nothing',
      'market',
      0.02,
      undefined,
      { reduceOnly: true },
      '-2022',
      'InvalidOrder',
    ],
    [
      'a client id with a blank',
      'limit',
      0.02,
      9900,
      { clientOrderId: 'a b' },
      '-4015',
      'BadRequest',
    ],
  ] as const;
  for (const [name, type, amount, price, params, code, error] of refusals)
    it(`is refused for ${name}`, async () => {
      const placing = futures.createOrder(btc, type, 'buy', amount, price, params);
      await expect(placing).rejects.toThrow(code);
      await expect(placing).rejects.toMatchObject({ name: error });
    });

  it('can be amended, which leaves its id', async () => {
    const { id } = await limit('a', 9900);
    const amended = await futures.editOrder(id, btc, 'limit', 'buy', 0.03, 9800);
    expect(amended).toMatchObject({ id, amount: 0.03, price: 9800 });
  });

  it('comes in batches with an answer an item', async () => {
    const item = (clientOrderId: string, amount: number) => ({
      symbol: btc,
      type: 'limit' as const,
      side: 'buy' as const,
      amount,
      price: 9900,
      params: { clientOrderId },
    });
    const placed = await futures.createOrders([item('a', 0.02), item('b', 100), item('c', 0.03)]);
    expect(placed.map((order) => order.status)).toEqual(['open', 'rejected', 'open']);
    const ids = (await futures.fetchOpenOrders(btc)).map((order) => String(order.id));
    const gone = await futures.cancelOrders([...ids, '999'], btc);
    expect(gone.map((order) => order.status)).toEqual(['canceled', 'canceled']);
    // The class leaves out what was not there, and throws where that is the only answer; the venue says so of each.
    await expect(futures.cancelOrders(['999'], btc)).rejects.toThrow('-2011');
    const many = Array.from({ length: 6 }, (_, index) => item(`m${index}`, 0.02));
    await expect(futures.createOrders(many)).rejects.toThrow('-4082');
  });

  it('ends with all others when the countdown is not put off', async () => {
    await limit('a', 9900);
    const count = (ms: number) =>
      futures.request('countdownCancelAll', 'fapiPrivate', 'POST', {
        symbol: 'BTCUSDT',
        countdownTime: ms,
      });
    await count(60_000);
    simulator.advanceTo(startMs + 50_000);
    await count(59_500);
    simulator.advanceTo(startMs + 109_499);
    expect(await futures.fetchOpenOrders(btc)).toHaveLength(1);
    simulator.advanceTo(startMs + 200_000);
    expect(await futures.fetchOpenOrders(btc)).toEqual([]);
    const gone = await futures.fetchOrderWithClientOrderId('a', btc);
    expect(gone).toMatchObject({ status: 'canceled', lastUpdateTimestamp: startMs + 109_500 });
    await limit('b', 9900);
    await count(60_000);
    await count(0);
    simulator.advanceTo(startMs + 300_000);
    expect(await futures.fetchOpenOrders(btc)).toHaveLength(1);
  });
});

describe('the contracts’ account', () => {
  it('has positions, margin by bracket, fills and income that add up to the wallet', async () => {
    await futures.setLeverage(10, btc);
    await futures.createOrder(btc, 'market', 'buy', 0.5);
    expect((await futures.fetchPositions([btc]))[0]).toMatchObject({
      side: 'long',
      contracts: 0.5,
      entryPrice: 10_001,
      markPrice: 10_000,
      unrealizedPnl: -0.5,
      info: { maintMargin: '20.00000000', positionInitialMargin: '500.00000000' },
    });
    simulator.advanceTo(startMs + 8 * hourMs);
    await futures.createOrder(btc, 'market', 'sell', 0.5, undefined, { reduceOnly: true });
    const income = (await futures.request('income', 'fapiPrivate', 'GET', {
      startTime: startMs,
    })) as { incomeType: string; income: string }[];
    // Half a coin bought at 10,001 and sold at 9,999; funding of a basis point on 5,000; 5 bp on both trades.
    const sums = new Map<string, number>();
    for (const row of income)
      sums.set(row.incomeType, (sums.get(row.incomeType) ?? 0) + Number(row.income));
    expect(sums.get('REALIZED_PNL')).toBeCloseTo(-1, 8);
    expect(sums.get('FUNDING_FEE')).toBeCloseTo(-0.5, 8);
    expect(sums.get('COMMISSION')).toBeCloseTo(-5, 8);
    expect(sums.get('TRANSFER')).toBe(10_000);
    const balance = await futures.fetchBalance();
    expect(balance['USDT']?.total).toBeCloseTo(10_000 - 6.5, 8);
    const trades = await futures.fetchMyTrades(btc);
    expect(trades.map((trade) => [trade.side, trade.amount, trade.fee?.cost])).toEqual([
      ['buy', 0.5, 2.50025],
      ['sell', 0.5, 2.49975],
    ]);
    expect((await futures.fetchFundingHistory(btc))[0]?.amount).toBe(-0.5);
  });

  it('says that nothing changed with an error, but for the leverage', async () => {
    await expect(futures.setPositionMode(false, btc)).rejects.toThrow('-4059');
    expect(await outcome(futures.setMarginMode('cross', btc))).toBe('MarginModeAlreadySet');
    await futures.setLeverage(7, btc);
    await futures.setLeverage(7, btc);
    expect(await futures.fetchLeverage(btc)).toMatchObject({ longLeverage: 7 });
    await expect(futures.setLeverage(126, btc)).rejects.toThrow();
    expect(await futures.fetchPositionMode(btc)).toMatchObject({ hedged: false });
    await futures.setPositionMode(true, btc);
    await expect(limit('a', 9900)).rejects.toThrow('-4061');
  });

  it('tells of trades under the ids that the journal has', async () => {
    const { id } = await futures.createOrder(btc, 'market', 'buy', 0.02);
    const [trade] = await futures.fetchMyTrades(btc);
    const fill = simulator.journal().find((entry) => entry.kind === 'fill');
    expect(fill).toMatchObject({ execId: trade?.id, orderId: id });
  });
});

describe('the pairs’ account', () => {
  it('trades out of a wallet of its own and answers with what an order got', async () => {
    const bought = await spot.createOrder(pair, 'market', 'buy', 0.1);
    expect(bought).toMatchObject({ status: 'closed', filled: 0.1, average: 10_001 });
    expect(bought.fee).toMatchObject({ cost: 0.0001, currency: 'BTC' });
    const balance = await spot.fetchBalance();
    expect(balance['BTC']?.free).toBe(1.0999);
    expect(balance['USDT']?.free).toBeCloseTo(5000 - 1000.1, 8);
    expect((await futures.fetchBalance())['USDT']?.total).toBe(10_000);
    const poor = spot.createOrder(pair, 'limit', 'buy', 1, 9900);
    await expect(poor).rejects.toThrow('insufficient balance');
    expect((await spot.createMarketBuyOrderWithCost(pair, 500)).filled).toBe(0.04999);
    expect(await spot.fetchMyTrades(pair)).toHaveLength(2);
  });

  it('locks what resting orders may need, and refuses a maker that would take', async () => {
    await spot.createOrder(pair, 'limit', 'buy', 0.1, 9900, { clientOrderId: 's' });
    expect((await spot.fetchBalance())['USDT']).toMatchObject({ free: 4010, used: 990 });
    const again = spot.createOrder(pair, 'limit', 'buy', 0.1, 9900, { clientOrderId: 's' });
    await expect(again).rejects.toThrow('Duplicate order sent');
    const maker = spot.createOrder(pair, 'limit', 'buy', 0.1, 10_100, { postOnly: true });
    await expect(maker).rejects.toMatchObject({ name: 'OrderImmediatelyFillable' });
    const now = spot.createOrder(pair, 'limit', 'buy', 0.1, 9900, { timeInForce: 'IOC' });
    expect((await now).status).toBe('expired');
    expect((await spot.fetchOrderWithClientOrderId('s', pair)).status).toBe('open');
    await spot.cancelAllOrders(pair);
    await expect(spot.cancelAllOrders(pair)).rejects.toThrow('-2011');
  });

  it('moves coins to the contracts and back, no more than is free', async () => {
    await spot.transfer('USDT', 1000, 'spot', 'future');
    expect((await futures.fetchBalance())['USDT']?.total).toBe(11_000);
    await futures.createOrder(btc, 'market', 'buy', 10, undefined);
    await expect(spot.transfer('USDT', 7000, 'future', 'spot')).rejects.toThrow('-5013');
    await expect(spot.transfer('USDT', 4001, 'spot', 'future')).rejects.toThrow('-5013');
    await spot.transfer('USDT', 500, 'future', 'spot');
    const told = await spot.fetchTransfers('USDT', undefined, undefined, {
      fromAccount: 'spot',
      toAccount: 'future',
    });
    expect(told).toMatchObject([{ amount: 1000, status: 'ok' }]);
    const sides = simulator
      .journal()
      .filter((entry) => entry.kind === 'balance' && entry.cause === 'transfer');
    expect(sides).toHaveLength(4);
    expect(sides[0]).toMatchObject({ reference: told[0]?.id });
  });

  it('subscribes to savings and redeems them, without an id of the client', async () => {
    const call = (path: string, method: 'GET' | 'POST', parameters: object) =>
      spot.request(`simple-earn/flexible/${path}`, 'sapi', method, parameters);
    expect(await call('list', 'GET', { asset: 'USDC' })).toMatchObject({
      rows: [{ productId: 'USDC001', latestAnnualPercentageRate: '0.08760000' }],
    });
    await call('subscribe', 'POST', { productId: 'USDC001', amount: 2000 });
    expect(await call('position', 'GET', {})).toMatchObject({ rows: [{ totalAmount: '2000' }] });
    expect((await spot.fetchBalance())['USDC']?.free).toBe(1000);
    await call('redeem', 'POST', { productId: 'USDC001', amount: 500 });
    const records = 'history/redemptionRecord';
    expect(await call(records, 'GET', {})).toMatchObject({ rows: [{ status: 'PENDING' }] });
    simulator.advanceTo(startMs + 1000);
    expect(await call(records, 'GET', {})).toMatchObject({ rows: [{ status: 'SUCCESS' }] });
    expect((await spot.fetchBalance())['USDC']?.free).toBe(1500);
    await expect(call('redeem', 'POST', { productId: 'USDC001', amount: 9999 })).rejects.toThrow();
  });
});

describe('the desk', () => {
  const cases = [
    ['a wrong key', { apiKey: 'other' }, '-2015'],
    ['a wrong secret', { secret: 'other' }, '-1022'],
    ['an old timestamp', { options: { timeDifference: 60_000 } }, '-1021'],
    ['a timestamp of the future', { options: { timeDifference: -60_000 } }, '-1021'],
  ] as const;
  for (const [name, overrides, code] of cases)
    it(`refuses ${name}`, async () => {
      const other = await connect('binanceusdm', simulator, {
        ...overrides,
        has: { fetchCurrencies: false },
      });
      await expect(other.fetchBalance()).rejects.toThrow(code);
    });

  it('counts weight and orders in its headers', async () => {
    await limit('a', 9900);
    const headers = futures.last_response_headers as Record<string, string>;
    expect(Number(headers['X-Mbx-Used-Weight-1m'])).toBeGreaterThan(0);
    expect(headers['X-Mbx-Order-Count-1m']).toBe('1');
  });

  it('serves a host its own paths only, and notes the hosts', async () => {
    const ask = (path: string, host: string) =>
      fetch(`${simulator.origin}${path}`, { headers: { 'x-original-host': host } });
    expect((await ask('/fapi/v1/ping', 'fapi.binance.com')).status).toBe(200);
    expect((await ask('/fapi/v1/ping', 'api.binance.com')).status).toBe(404);
    expect((await ask('/api/v3/ping', 'fapi.binance.com')).status).toBe(404);
    const state = await fetch(`${simulator.origin}/simulator/state`);
    expect(await state.json()).toMatchObject({
      dialect: 'binance',
      hosts: expect.arrayContaining(['fapi.binance.com', 'api.binance.com']),
    });
  });

  it('says what a key may do', async () => {
    simulator.inject({ kind: 'permissions', permissions: ['read', 'withdraw'] });
    expect(await spot.request('account/apiRestrictions', 'sapi', 'GET', {})).toMatchObject({
      enableReading: true,
      enableFutures: false,
      enableWithdrawals: true,
    });
    await expect(limit('a', 9900)).rejects.toThrow('-2015');
  });
});

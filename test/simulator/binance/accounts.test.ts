/**
 * Goal: the contracts' account and the pairs' are wallets of their own, whose figures add up as on the venue.
 * Method: both classes on a virtual clock and a market computed by hand; fills, income and transfers held against the journal.
 */
import { describe, expect, it } from 'vitest';
import { hourMs, startMs } from '../core/pathMarket.ts';
import { outcome } from '../outcome.ts';
import { btc, clientsForEach, pair } from './clientsGiven.ts';

const given = clientsForEach();
const { limit } = given;

describe('the contracts’ account', () => {
  it('has positions, margin by bracket, fills and income that add up to the wallet', async () => {
    await given.futures.setLeverage(10, btc);
    await given.futures.createOrder(btc, 'market', 'buy', 0.5);
    expect((await given.futures.fetchPositions([btc]))[0]).toMatchObject({
      side: 'long',
      contracts: 0.5,
      entryPrice: 10_001,
      markPrice: 10_000,
      unrealizedPnl: -0.5,
      info: { maintMargin: '20.00000000', positionInitialMargin: '500.00000000' },
    });
    given.simulator.advanceTo(startMs + 8 * hourMs);
    await given.futures.createOrder(btc, 'market', 'sell', 0.5, undefined, { reduceOnly: true });
    const income = (await given.futures.request('income', 'fapiPrivate', 'GET', {
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
    const balance = await given.futures.fetchBalance();
    expect(balance['USDT']?.total).toBeCloseTo(10_000 - 6.5, 8);
    const trades = await given.futures.fetchMyTrades(btc);
    expect(trades.map((trade) => [trade.side, trade.amount, trade.fee?.cost])).toEqual([
      ['buy', 0.5, 2.50025],
      ['sell', 0.5, 2.49975],
    ]);
    expect((await given.futures.fetchFundingHistory(btc))[0]?.amount).toBe(-0.5);
  });

  it('says that nothing changed with an error, but for the leverage', async () => {
    await expect(given.futures.setPositionMode(false, btc)).rejects.toThrow('-4059');
    expect(await outcome(given.futures.setMarginMode('cross', btc))).toBe('MarginModeAlreadySet');
    await given.futures.setLeverage(7, btc);
    await given.futures.setLeverage(7, btc);
    expect(await given.futures.fetchLeverage(btc)).toMatchObject({ longLeverage: 7 });
    await expect(given.futures.setLeverage(126, btc)).rejects.toThrow();
    expect(await given.futures.fetchPositionMode(btc)).toMatchObject({ hedged: false });
    await given.futures.setPositionMode(true, btc);
    await expect(limit('a', 9900)).rejects.toThrow('-4061');
  });

  it('tells of trades under the ids that the journal has', async () => {
    const { id } = await given.futures.createOrder(btc, 'market', 'buy', 0.02);
    const [trade] = await given.futures.fetchMyTrades(btc);
    const fill = given.simulator.journal().find((entry) => entry.kind === 'fill');
    expect(fill).toMatchObject({ execId: trade?.id, orderId: id });
  });
});

describe('the pairs’ account', () => {
  it('trades out of a wallet of its own and answers with what an order got', async () => {
    const bought = await given.spot.createOrder(pair, 'market', 'buy', 0.1);
    expect(bought).toMatchObject({ status: 'closed', filled: 0.1, average: 10_001 });
    expect(bought.fee).toMatchObject({ cost: 0.0001, currency: 'BTC' });
    const balance = await given.spot.fetchBalance();
    expect(balance['BTC']?.free).toBe(1.0999);
    expect(balance['USDT']?.free).toBeCloseTo(5000 - 1000.1, 8);
    expect((await given.futures.fetchBalance())['USDT']?.total).toBe(10_000);
    const poor = given.spot.createOrder(pair, 'limit', 'buy', 1, 9900);
    await expect(poor).rejects.toThrow('insufficient balance');
    expect((await given.spot.createMarketBuyOrderWithCost(pair, 500)).filled).toBe(0.04999);
    expect(await given.spot.fetchMyTrades(pair)).toHaveLength(2);
  });

  it('locks what resting orders may need, and refuses a maker that would take', async () => {
    await given.spot.createOrder(pair, 'limit', 'buy', 0.1, 9900, { clientOrderId: 's' });
    expect((await given.spot.fetchBalance())['USDT']).toMatchObject({ free: 4010, used: 990 });
    const again = given.spot.createOrder(pair, 'limit', 'buy', 0.1, 9900, { clientOrderId: 's' });
    await expect(again).rejects.toThrow('Duplicate order sent');
    const maker = given.spot.createOrder(pair, 'limit', 'buy', 0.1, 10_100, { postOnly: true });
    await expect(maker).rejects.toMatchObject({ name: 'OrderImmediatelyFillable' });
    const now = given.spot.createOrder(pair, 'limit', 'buy', 0.1, 9900, { timeInForce: 'IOC' });
    expect((await now).status).toBe('expired');
    expect((await given.spot.fetchOrderWithClientOrderId('s', pair)).status).toBe('open');
    await given.spot.cancelAllOrders(pair);
    await expect(given.spot.cancelAllOrders(pair)).rejects.toThrow('-2011');
  });

  it('moves coins to the contracts and back, no more than is free', async () => {
    await given.spot.transfer('USDT', 1000, 'spot', 'future');
    expect((await given.futures.fetchBalance())['USDT']?.total).toBe(11_000);
    await given.futures.createOrder(btc, 'market', 'buy', 10, undefined);
    await expect(given.spot.transfer('USDT', 7000, 'future', 'spot')).rejects.toThrow('-5013');
    await expect(given.spot.transfer('USDT', 4001, 'spot', 'future')).rejects.toThrow('-5013');
    await given.spot.transfer('USDT', 500, 'future', 'spot');
    const told = await given.spot.fetchTransfers('USDT', undefined, undefined, {
      fromAccount: 'spot',
      toAccount: 'future',
    });
    expect(told).toMatchObject([{ amount: 1000, status: 'ok' }]);
    const sides = given.simulator
      .journal()
      .filter((entry) => entry.kind === 'balance' && entry.cause === 'transfer');
    expect(sides).toHaveLength(4);
    expect(sides[0]).toMatchObject({ reference: told[0]?.id });
  });

  it('subscribes to savings and redeems them, without an id of the client', async () => {
    const call = (path: string, method: 'GET' | 'POST', parameters: object) =>
      given.spot.request(`simple-earn/flexible/${path}`, 'sapi', method, parameters);
    expect(await call('list', 'GET', { asset: 'USDC' })).toMatchObject({
      rows: [{ productId: 'USDC001', latestAnnualPercentageRate: '0.08760000' }],
    });
    await call('subscribe', 'POST', { productId: 'USDC001', amount: 2000 });
    expect(await call('position', 'GET', {})).toMatchObject({ rows: [{ totalAmount: '2000' }] });
    expect((await given.spot.fetchBalance())['USDC']?.free).toBe(1000);
    await call('redeem', 'POST', { productId: 'USDC001', amount: 500 });
    const records = 'history/redemptionRecord';
    expect(await call(records, 'GET', {})).toMatchObject({ rows: [{ status: 'PENDING' }] });
    given.simulator.advanceTo(startMs + 1000);
    expect(await call(records, 'GET', {})).toMatchObject({ rows: [{ status: 'SUCCESS' }] });
    expect((await given.spot.fetchBalance())['USDC']?.free).toBe(1500);
    await expect(call('redeem', 'POST', { productId: 'USDC001', amount: 9999 })).rejects.toThrow();
  });
});

/**
 * Goal: the unmodified bybit class of ccxt trades and saves on the simulator as it does on the venue.
 * Method: the real class over HTTP on a virtual clock and a generated market; answers compared with the journal.
 */
import { describe, expect, it } from 'vitest';
import { btc, eth, exchangeForFile, hourMs, market, startMs } from './exchangeGiven.ts';

const given = exchangeForFile();

describe('an account', () => {
  it('sets leverage once, is one-way and cross, and says so', async () => {
    await given.exchange.setLeverage(5, btc);
    await expect(given.exchange.setLeverage(5, btc)).rejects.toThrow('110043');
    await expect(given.exchange.setPositionMode(false, btc)).rejects.toThrow('110025');
    expect(await given.exchange.fetchMarginMode(btc)).toMatchObject({ marginMode: 'cross' });
    const [row] = await given.exchange.fetchPositions([eth]);
    expect(row?.info).toMatchObject({ positionIdx: 0, size: '0' });
  });

  it('trades: order, fills, position, balance and journal agree', async () => {
    const placed = await given.exchange.createOrder(btc, 'market', 'buy', 0.5, undefined, {
      clientOrderId: 'first',
    });
    expect(placed.status).toBeUndefined();
    const order = await given.exchange.fetchOrder(placed.id ?? '', btc, { acknowledged: true });
    expect(order).toMatchObject({ status: 'closed', filled: 0.5, clientOrderId: 'first' });
    const trades = await given.exchange.fetchMyTrades(btc, undefined, undefined, {
      orderLinkId: 'first',
    });
    const fills = given.simulator.journal().filter((entry) => entry.kind === 'fill');
    expect(trades.map((t) => [t.id, t.amount, t.price, t.fee?.cost])).toEqual(
      fills.map((f) => [f.execId, Number(f.quantity), Number(f.price), Number(f.fee)]),
    );
    const [position] = await given.exchange.fetchPositions([btc]);
    expect(position).toMatchObject({ contracts: 0.5, side: 'long', leverage: 5 });
    const balance = await given.exchange.fetchBalance();
    const paid = fills.reduce((sum, fill) => sum + Number(fill.fee), 0);
    expect(balance['USDT']?.total).toBeCloseTo(100_000 - paid, 8);
  });

  it('refuses a client id twice and finds orders by it, open or over, or not at all', async () => {
    await expect(
      given.exchange.createOrder(btc, 'market', 'buy', 0.5, undefined, { clientOrderId: 'first' }),
    ).rejects.toThrow('110072');
    const bid = (await given.exchange.fetchTicker(btc)).bid ?? 0;
    await given.exchange.createOrder(btc, 'limit', 'buy', 0.1, bid * 0.98, {
      clientOrderId: 'rests',
    });
    const open = (id: string) =>
      given.exchange.fetchOpenOrders(btc, undefined, undefined, { orderLinkId: id });
    const over = (id: string) =>
      given.exchange.fetchCanceledAndClosedOrders(btc, undefined, undefined, { orderLinkId: id });
    expect(await open('rests')).toHaveLength(1);
    expect(await over('rests')).toHaveLength(0);
    expect(await over('first')).toHaveLength(1);
    expect(await open('nothing')).toHaveLength(0);
    expect(await over('nothing')).toHaveLength(0);
    await given.exchange.cancelOrder(undefined as unknown as string, btc, { orderLinkId: 'rests' });
    expect((await over('rests'))[0]).toMatchObject({ status: 'canceled', filled: 0 });
    await expect(
      given.exchange.cancelOrder(undefined as unknown as string, btc, { orderLinkId: 'rests' }),
    ).rejects.toThrow('110001');
  });

  it('answers some other order to a client id in the wrong parameter, as the venue does', async () => {
    const bid = (await given.exchange.fetchTicker(btc)).bid ?? 0;
    const other = await given.exchange.createOrder(btc, 'limit', 'buy', 0.1, bid * 0.98);
    const wrong = await given.exchange.fetchOrder('', btc, {
      clientOrderId: 'nothing',
      acknowledged: true,
    });
    expect(wrong.id).toBe(other.id);
    await given.exchange.cancelAllOrders(btc);
  });

  it('accepts a post-only order that would take, and cancels it', async () => {
    const ask = (await given.exchange.fetchTicker(btc)).ask ?? 0;
    const placed = await given.exchange.createOrder(btc, 'limit', 'buy', 0.1, ask * 1.001, {
      postOnly: true,
    });
    const order = await given.exchange.fetchOrder(placed.id ?? '', btc, { acknowledged: true });
    expect(order).toMatchObject({ status: 'canceled', filled: 0 });
    expect(order.info).toMatchObject({ rejectReason: 'EC_PostOnlyWillTakeLiquidity' });
  });

  it('answers a batch item by item', async () => {
    const bid = (await given.exchange.fetchTicker(btc)).bid ?? 0;
    const item = (amount: number, clientOrderId: string) => ({
      symbol: btc,
      type: 'limit' as const,
      side: 'buy' as const,
      amount,
      price: bid * 0.98,
      params: { clientOrderId },
    });
    const [good, poor] = await given.exchange.createOrders([item(0.1, 'b1'), item(100, 'b2')]);
    expect(good?.id).toBeDefined();
    expect(poor).toMatchObject({ status: 'rejected', info: { code: 110007 } });
    await given.exchange.editOrder(good?.id ?? '', btc, 'limit', 'buy', 0.2, bid * 0.97);
    const [edited] = await given.exchange.fetchOpenOrders(btc);
    const settled = (settleCoin: string) =>
      given.exchange.fetchOpenOrders(undefined, undefined, undefined, { type: 'swap', settleCoin });
    expect([await settled('USDT'), await settled('USDC')].map((o) => o.length)).toEqual([1, 0]);
    expect(edited).toMatchObject({ id: good?.id, amount: 0.2 });
    expect(await given.exchange.cancelAllOrders(btc)).toHaveLength(1);
  });

  it('maps insufficient funds, reduce-only and bands to the classes that ccxt has for them', async () => {
    const fails = async (order: Promise<unknown>) =>
      order.then(
        () => 'accepted',
        (error: Error) => error.constructor.name,
      );
    expect(await fails(given.exchange.createOrder(btc, 'market', 'buy', 100))).toBe(
      'InsufficientFunds',
    );
    const reduce = given.exchange.createOrder(eth, 'market', 'sell', 1, undefined, {
      reduceOnly: true,
    });
    expect(await fails(reduce)).toBe('InvalidOrder');
    const last = (await given.exchange.fetchTicker(btc)).last ?? 0;
    expect(await fails(given.exchange.createOrder(btc, 'limit', 'buy', 0.1, last * 1.2))).toBe(
      'InvalidOrder',
    );
  });

  it('buys spot with the fee in the coin that was bought', async () => {
    const placed = await given.exchange.createOrder('ETH/USDT', 'market', 'buy', 2, undefined, {
      clientOrderId: 'spot',
    });
    const [trade] = await given.exchange.fetchMyTrades('ETH/USDT');
    expect(trade).toMatchObject({ order: placed.id, fee: { currency: 'ETH', cost: 0.002 } });
    const balance = await given.exchange.fetchBalance();
    expect(balance['ETH']?.total).toBe(1.998);
  });

  it('saves: stake, yield and redemption', async () => {
    const place = (orderType: string, amount: string, orderLinkId: string) =>
      given.exchange.request('v5/earn/place-order', 'private', 'POST', {
        category: 'FlexibleSaving',
        orderType,
        accountType: 'UNIFIED',
        amount,
        coin: 'USDC',
        productId: market.earnProducts.find((p) => p.coin === 'USDC')?.productId,
        orderLinkId,
      });
    const get = async (path: string, more: object = {}) => {
      const answer = (await given.exchange.request(path, 'private', 'GET', {
        category: 'FlexibleSaving',
        ...more,
      })) as { result: { list?: Record<string, string>[]; yield?: Record<string, string>[] } };
      return answer.result.list ?? answer.result.yield ?? [];
    };
    await place('Stake', '20000', 'stake-1');
    await expect(place('Stake', '20000', 'stake-1')).rejects.toThrow('180010');
    expect(await get('v5/earn/order', { orderLinkId: 'stake-1' })).toMatchObject([
      { status: 'Success', orderValue: '20000' },
    ]);
    given.simulator.advanceTo(given.simulator.nowMs() + 25 * hourMs);
    expect(await get('v5/earn/hourly-yield', { limit: 100 })).toHaveLength(24);
    const [paid] = await get('v5/earn/yield');
    const coin = given.simulator.journal().find((e) => e.kind === 'balance' && e.cause === 'yield');
    expect(paid?.['amount']).toBe(coin?.kind === 'balance' ? coin.change : '');
    await place('Redeem', '5000', 'redeem-1');
    expect(await get('v5/earn/order', { orderLinkId: 'redeem-1' })).toMatchObject([
      { status: 'Pending' },
    ]);
    given.simulator.advanceTo(given.simulator.nowMs() + hourMs);
    expect(await get('v5/earn/order', { orderLinkId: 'redeem-1' })).toMatchObject([
      { status: 'Success' },
    ]);
    expect(await get('v5/earn/position', { coin: 'USDC' })).toMatchObject([{ amount: '15000' }]);
  });

  it('books funding as executions (paid is positive) and in the log (received is positive)', async () => {
    const history = await given.exchange.fetchFundingHistory(btc);
    const journal = given.simulator.journal().filter((entry) => entry.kind === 'funding');
    expect(history.map((one) => one.amount)).toEqual(journal.map((e) => Number(e.fee)));
    expect(history.length).toBe(3);
    const log = await given.exchange.fetchLedger('USDT', undefined, 50);
    const settled = log.filter((one) => (one.info as { type: string }).type === 'SETTLEMENT');
    expect(settled.at(-1)?.info).toMatchObject({
      funding: String(-Number(journal.at(-1)?.fee)),
      fee: '0',
    });
  });

  it('pages its log by cursor and its records by windows of at most seven days', async () => {
    const seen: string[] = [];
    let cursor = '';
    for (let page = 0; page < 50; page += 1) {
      const answer = (await given.exchange.request('v5/account/transaction-log', 'private', 'GET', {
        accountType: 'UNIFIED',
        startTime: startMs,
        endTime: given.simulator.nowMs(),
        limit: 3,
        ...(cursor === '' ? {} : { cursor }),
      })) as { result: { list: { id: string }[]; nextPageCursor: string } };
      seen.push(...answer.result.list.map((row) => row.id));
      cursor = answer.result.nextPageCursor;
      if (cursor === '') break;
    }
    const journal = given.simulator.journal().flatMap((e) => (e.kind === 'balance' ? [e.id] : []));
    expect(seen.reverse()).toEqual(journal);
    await expect(
      given.exchange.fetchMyTrades(btc, startMs, undefined, { until: startMs + 8 * 24 * hourMs }),
    ).rejects.toThrow('10001');
  });
});

/**
 * Goal: the unmodified binanceusdm class of ccxt places orders on the simulator as on the venue, its traps included.
 * Method: the class on a virtual clock and a market computed by hand; refusals by the error that the class makes of them.
 */
import { describe, expect, it } from 'vitest';
import { hourMs, startMs } from '../core/pathMarket.ts';
import { outcome } from '../outcome.ts';
import { btc, clientsForEach } from './clientsGiven.ts';

const given = clientsForEach();
const { limit } = given;

describe('an order of the contracts', () => {
  it('rests, is found by its client id, is cancelled once', async () => {
    const placed = await limit('a', 9900);
    expect(placed).toMatchObject({ status: 'open', clientOrderId: 'a', filled: 0 });
    const found = await given.futures.fetchOrderWithClientOrderId('a', btc);
    expect(found.id).toBe(placed.id);
    expect(await given.futures.fetchOpenOrders(btc)).toHaveLength(1);
    const gone = await given.futures.cancelOrder('', btc, { clientOrderId: 'a' });
    expect(gone.status).toBe('canceled');
    await expect(given.futures.cancelOrder(placed.id, btc)).rejects.toThrow('-2011');
    expect(await outcome(given.futures.cancelOrder(placed.id, btc))).toBe('OrderNotFound');
  });

  it('has a client id that is taken only while it is open; then the id names the latest', async () => {
    const first = await limit('a', 9900);
    await expect(limit('a', 9900)).rejects.toThrow('-4116');
    await given.futures.cancelOrder(first.id, btc);
    const second = await limit('a', 9800);
    expect((await given.futures.fetchOrderWithClientOrderId('a', btc)).id).toBe(second.id);
    expect((await given.futures.fetchOrder(first.id, btc)).status).toBe('canceled');
  });

  it('that is not there is unknown by name, and after three days if it never traded', async () => {
    await expect(given.futures.fetchOrderWithClientOrderId('none', btc)).rejects.toThrow('-2013');
    const { id } = await limit('a', 9900);
    await given.futures.cancelOrder(id, btc);
    given.simulator.advanceTo(startMs + 72 * hourMs);
    expect((await given.futures.fetchOrder(id, btc)).status).toBe('canceled');
    given.simulator.advanceTo(startMs + 72 * hourMs + 1);
    await expect(given.futures.fetchOrder(id, btc)).rejects.toThrow('-2013');
  });

  it('that rests is answered as new even where it has traded already', async () => {
    expect(await limit('a', 10_100)).toMatchObject({ status: 'open', filled: 0 });
    const found = await given.futures.fetchOrderWithClientOrderId('a', btc);
    expect(found).toMatchObject({ status: 'closed', filled: 0.02, average: 10_001 });
  });

  it('that must fill at once expires with what it did not get', async () => {
    expect((await limit('a', 9900, { timeInForce: 'IOC' })).status).toBe('expired');
    given.simulator.inject({ kind: 'partialFills', share: 0.5 });
    const part = await limit('b', 10_100, { timeInForce: 'IOC' });
    expect(part).toMatchObject({ status: 'expired', filled: 0.01 });
    expect((await limit('c', 9900, { timeInForce: 'FOK' })).status).toBe('expired');
  });

  it('that is post-only and would take never was', async () => {
    const refused = limit('a', 10_100, { postOnly: true });
    await expect(refused).rejects.toThrow('-5022');
    await expect(given.futures.fetchOrderWithClientOrderId('a', btc)).rejects.toThrow('-2013');
    expect(given.simulator.journal().filter((entry) => entry.kind === 'order')).toEqual([]);
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
      const placing = given.futures.createOrder(btc, type, 'buy', amount, price, params);
      await expect(placing).rejects.toThrow(code);
      await expect(placing).rejects.toMatchObject({ name: error });
    });

  it('can be amended, which leaves its id', async () => {
    const { id } = await limit('a', 9900);
    const amended = await given.futures.editOrder(id, btc, 'limit', 'buy', 0.03, 9800);
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
    const placed = await given.futures.createOrders([
      item('a', 0.02),
      item('b', 100),
      item('c', 0.03),
    ]);
    expect(placed.map((order) => order.status)).toEqual(['open', 'rejected', 'open']);
    const ids = (await given.futures.fetchOpenOrders(btc)).map((order) => String(order.id));
    const gone = await given.futures.cancelOrders([...ids, '999'], btc);
    expect(gone.map((order) => order.status)).toEqual(['canceled', 'canceled']);
    // The class leaves out what was not there, and throws where that is the only answer; the venue says so of each.
    await expect(given.futures.cancelOrders(['999'], btc)).rejects.toThrow('-2011');
    const many = Array.from({ length: 6 }, (_, index) => item(`m${index}`, 0.02));
    await expect(given.futures.createOrders(many)).rejects.toThrow('-4082');
  });

  it('ends with all others when the countdown is not put off', async () => {
    await limit('a', 9900);
    const count = (ms: number) =>
      given.futures.request('countdownCancelAll', 'fapiPrivate', 'POST', {
        symbol: 'BTCUSDT',
        countdownTime: ms,
      });
    await count(60_000);
    given.simulator.advanceTo(startMs + 50_000);
    await count(59_500);
    given.simulator.advanceTo(startMs + 109_499);
    expect(await given.futures.fetchOpenOrders(btc)).toHaveLength(1);
    given.simulator.advanceTo(startMs + 200_000);
    expect(await given.futures.fetchOpenOrders(btc)).toEqual([]);
    const gone = await given.futures.fetchOrderWithClientOrderId('a', btc);
    expect(gone).toMatchObject({ status: 'canceled', lastUpdateTimestamp: startMs + 109_500 });
    await limit('b', 9900);
    await count(60_000);
    await count(0);
    given.simulator.advanceTo(startMs + 300_000);
    expect(await given.futures.fetchOpenOrders(btc)).toHaveLength(1);
  });
});

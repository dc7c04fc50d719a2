/**
 * Goal: orders are refused, cancelled, rested and filled by the venue's rules.
 * Method: one case a rule, on a market at 10,000 (bid 9,999, ask 10,001); then paths that reach or miss a price.
 */
import { describe, expect, it } from 'vitest';
import { advance } from '../../../src/simulator/core/advance.ts';
import { amendOrder, cancel, findOpen } from '../../../src/simulator/core/orders.ts';
import { isRefusal } from '../../../src/simulator/core/refusal.ts';
import { type Path, pathVenue, startMs } from './pathMarket.ts';
import { attempt, limit, place } from './placing.ts';

describe('what is refused', () => {
  const cases = [
    ['an unknown instrument', { symbol: 'NOUSDT' }, 'unknownInstrument'],
    ['a quantity off its step', { quantity: '0.0015' }, 'quantityStep'],
    ['a quantity that is no number', { quantity: '1e3' }, 'quantityMin'],
    ['a quantity of zero', { quantity: '0' }, 'quantityMin'],
    ['a quantity above the most', { quantity: '101' }, 'quantityMax'],
    ['a price off its tick', { orderType: 'Limit', price: '9999.05' }, 'priceTick'],
    ['a price above the band', { orderType: 'Limit', price: '10500.1' }, 'priceBand'],
    ['a sale below the band', { orderType: 'Limit', side: 'Sell', price: '9499.9' }, 'priceBand'],
    [
      'less than the least notional',
      { orderType: 'Limit', price: '4000', quantity: '0.001' },
      'notionalMin',
    ],
    ['more than the margin allows', { quantity: '10' }, 'insufficientBalance'],
    ['a client id with a blank', { orderLinkId: 'a b' }, 'clientId'],
    ['a reduction of nothing', { reduceOnly: true }, 'reduceOnly'],
  ] as const;
  for (const [name, request, reason] of cases)
    it(name, () => {
      const venue = pathVenue();
      expect(attempt(venue, request)).toMatchObject({ kind: 'refused', reason });
      expect(venue.journal.filter((entry) => entry.kind !== 'balance')).toEqual([]);
    });

  it('a client id that was used, even by an order that is over', () => {
    const venue = pathVenue();
    place(venue, { quantity: '0.1', orderLinkId: 'x' });
    expect(attempt(venue, { quantity: '0.1', orderLinkId: 'x' })).toMatchObject({
      reason: 'duplicateClientId',
    });
  });

  it('a reduction on the side of the position', () => {
    const venue = pathVenue();
    place(venue, { quantity: '0.1' });
    expect(attempt(venue, { quantity: '0.1', reduceOnly: true })).toMatchObject({
      reason: 'reduceOnly',
    });
  });

  it('leverage above what the tier of the notional allows', () => {
    const venue = pathVenue({}, { USDT: '100000' });
    venue.live.leverages['BTCUSDT'] = '60';
    expect(attempt(venue, { quantity: '9' })).toMatchObject({ status: 'Filled' });
    expect(attempt(venue, { quantity: '9' })).toMatchObject({ reason: 'riskLimit' });
  });

  it('never a reduction for want of margin or value', () => {
    const venue = pathVenue({}, { USDT: '1010' });
    place(venue, { quantity: '1' });
    expect(attempt(venue, { side: 'Sell', quantity: '0.001', reduceOnly: true })).toMatchObject({
      status: 'Filled',
    });
  });
});

describe('what is accepted and then cancelled', () => {
  it('post-only that would take', () => {
    const venue = pathVenue();
    const order = limit(venue, 'Buy', '10001', '0.1', { timeInForce: 'PostOnly' });
    expect(order).toMatchObject({ status: 'Cancelled', cancelReason: 'postOnlyWouldTake' });
    expect(order.filledQuantity).toBe('0');
  });

  it('fill-or-kill that the book cannot fill, with nothing done', () => {
    const venue = pathVenue({ depthUsd: 1000 }, { USDT: '1000000' });
    const order = limit(venue, 'Buy', '10001', '5', { timeInForce: 'FOK' });
    expect(order).toMatchObject({ status: 'Cancelled', filledQuantity: '0' });
  });

  it('what an immediate order leaves', () => {
    const venue = pathVenue({ depthUsd: 10_000 }, { USDT: '1000000' });
    const order = limit(venue, 'Buy', '10001', '5', { timeInForce: 'IOC' });
    expect(order.status).toBe('Cancelled');
    expect(Number(order.filledQuantity)).toBeGreaterThan(0);
    expect(venue.live.openOrders).toEqual({});
  });

  it('the part of a reduction that goes beyond the position', () => {
    const venue = pathVenue();
    place(venue, { quantity: '0.2' });
    const order = place(venue, { side: 'Sell', quantity: '0.5', reduceOnly: true });
    expect(order).toMatchObject({ status: 'Cancelled', filledQuantity: '0.2' });
    expect(venue.live.positions['BTCUSDT']?.quantity).toBe('0');
  });
});

describe('resting orders', () => {
  const fallsTo = (low: number): Path => ({
    price: (at) => (at >= startMs + 60_000 ? low : 10_000),
  });

  it('fill as makers at their own price when the market passes it', () => {
    const venue = pathVenue(fallsTo(9900));
    const order = limit(venue, 'Buy', '9950', '0.4');
    advance(venue, startMs + 59_999);
    expect(order.status).toBe('New');
    advance(venue, startMs + 60_000);
    expect(order).toMatchObject({ status: 'Filled', filledValue: '3980' });
    expect(venue.history.executions.at(-1)).toMatchObject({ isMaker: true, fee: '0.796' });
  });

  it('stay when the market stops short', () => {
    const venue = pathVenue(fallsTo(9960));
    const order = limit(venue, 'Buy', '9950', '0.4');
    advance(venue, startMs + 600_000);
    expect(order.status).toBe('New');
  });

  it('wait at the touch behind what stood there, then fill in parts', () => {
    const venue = pathVenue({ depthUsd: 1e6 }, { USDT: '1000000' });
    const order = limit(venue, 'Buy', '9999', '3');
    const ahead = Number(order.queueAhead);
    expect(ahead).toBeGreaterThan(1);
    advance(venue, startMs + 5000);
    expect(order).toMatchObject({ status: 'New' });
    expect(Number(order.queueAhead)).toBeLessThan(ahead);
    advance(venue, startMs + 11_000);
    expect(order.status).toBe('PartiallyFilled');
    advance(venue, startMs + 60_000);
    expect(order.status).toBe('Filled');
    expect(venue.history.executions.length).toBeGreaterThan(1);
  });

  it('fill the better price first, and at one price the earlier', () => {
    const venue = pathVenue({ ...fallsTo(9900) }, { USDT: '1000000' });
    const early = limit(venue, 'Buy', '9950', '0.1');
    const better = limit(venue, 'Buy', '9960', '0.1');
    const late = limit(venue, 'Buy', '9950', '0.1');
    advance(venue, startMs + 60_000);
    const filled = venue.history.executions.map((e) => e.orderId);
    expect(filled).toEqual([better.orderId, early.orderId, late.orderId]);
  });

  it('of a reduction go when the position is gone', () => {
    const venue = pathVenue();
    place(venue, { quantity: '0.2' });
    const resting = limit(venue, 'Sell', '10100', '0.2', { reduceOnly: true });
    place(venue, { side: 'Sell', quantity: '0.2' });
    advance(venue, startMs + 1000);
    expect(resting).toMatchObject({ status: 'Cancelled', cancelReason: 'reduceOnlyNothingLeft' });
  });

  it('can be cancelled once, by either id, and not found after', () => {
    const venue = pathVenue();
    const order = limit(venue, 'Buy', '9000', '0.1', { orderLinkId: 'mine' });
    const key = {
      category: 'linear',
      symbol: 'BTCUSDT',
      orderId: '',
      orderLinkId: 'mine',
    } as const;
    const found = findOpen(venue, key);
    if (isRefusal(found)) throw new Error('not found');
    cancel(venue, found, 'byUser');
    expect(order.status).toBe('Cancelled');
    expect(findOpen(venue, key)).toMatchObject({ reason: 'orderNotFound' });
  });

  it('can be amended, and take when the new price crosses', () => {
    const venue = pathVenue();
    const order = limit(venue, 'Buy', '9000', '0.1');
    expect(amendOrder(venue, order, { price: '9000' })).toMatchObject({ reason: 'notModified' });
    expect(amendOrder(venue, order, { quantity: '500' })).toMatchObject({ reason: 'quantityMax' });
    expect(amendOrder(venue, order, { quantity: '50' })).toMatchObject({
      reason: 'insufficientBalance',
    });
    expect(order).toMatchObject({ status: 'New', quantity: '0.1' });
    amendOrder(venue, order, { price: '10001' });
    expect(order).toMatchObject({ status: 'Filled', filledValue: '1000.1' });
    expect(venue.live.openOrders).toEqual({});
  });
});

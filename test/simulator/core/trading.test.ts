/**
 * Goal: a fill moves exactly the money that it must: fees, realised profit, coins, margin.
 * Method: a market at 10,000 with a spread of 2 bps, so every figure is computed by hand.
 */
import { describe, expect, it } from 'vitest';
import { summarize } from '../../../src/simulator/core/account.ts';
import { advance } from '../../../src/simulator/core/advance.ts';
import { pathVenue, startMs } from './pathMarket.ts';
import { attempt, limit, place } from './placing.ts';

describe('a contract', () => {
  it('charges the taker fee on the value and marks the position at the mark', () => {
    const venue = pathVenue();
    const order = place(venue, { quantity: '1' });
    expect(order.status).toBe('Filled');
    expect(order.filledValue).toBe('10001');
    // 10001 * 0.00055
    expect(venue.live.wallets['USDT']).toBe('9994.49945');
    expect(summarize(venue).unrealisedUsd).toBe(-1);
    expect(venue.live.positions['BTCUSDT']).toMatchObject({ quantity: '1', entryValue: '10001' });
  });

  it('realises the profit of what it closes and keeps the cost of the rest', () => {
    const venue = pathVenue({ price: (at) => (at > startMs ? 11_000 : 10_000) });
    place(venue, { quantity: '1' });
    advance(venue, startMs + 60_000);
    const order = place(venue, { side: 'Sell', quantity: '0.25' });
    const [fill] = venue.history.executions.slice(-1);
    // best bid of 11,000 less 1 bp is 10,998.9; a quarter of 10,001 is 2,500.25
    expect(order.filledValue).toBe('2749.725');
    expect(fill).toMatchObject({ execPnl: '249.475', closedQuantity: '0.25' });
    expect(venue.live.positions['BTCUSDT']).toMatchObject({
      quantity: '0.75',
      entryValue: '7500.75',
    });
  });

  it('turns round: closes the whole and opens the rest at the new price', () => {
    const venue = pathVenue();
    place(venue, { quantity: '0.2' });
    place(venue, { side: 'Sell', quantity: '0.5' });
    expect(venue.live.positions['BTCUSDT']).toMatchObject({
      quantity: '-0.3',
      entryValue: '2999.7',
    });
    expect(venue.history.executions.at(-1)).toMatchObject({ execPnl: '-0.4' });
  });

  it('ties up initial margin for the worst exposure that orders can reach', () => {
    const venue = pathVenue();
    place(venue, { quantity: '1' });
    expect(summarize(venue).initialMarginUsd).toBeCloseTo(1000, 9);
    limit(venue, 'Sell', '10100', '1');
    expect(summarize(venue).initialMarginUsd).toBeCloseTo(1000, 9);
    limit(venue, 'Sell', '10100', '2.5');
    // long 1, short 2.5 if all sells fill
    expect(summarize(venue).initialMarginUsd).toBeCloseTo(2500, 9);
    expect(summarize(venue).maintenanceMarginUsd).toBeCloseTo(50, 9);
  });

  it('pays up level by level and finds the book taken right after, whole again a second later', () => {
    const venue = pathVenue({ depthUsd: 10_000, spreadBps: 2 }, { USDT: '1000000' });
    const first = place(venue, { quantity: '1' });
    const second = place(venue, { quantity: '1' });
    advance(venue, startMs + 1000);
    const third = place(venue, { quantity: '1' });
    expect(Number(first.filledValue)).toBeGreaterThan(10_001);
    expect(Number(second.filledValue)).toBeGreaterThan(Number(first.filledValue));
    expect(third.filledValue).toBe(first.filledValue);
  });
});

describe('spot', () => {
  it('charges a buyer in the base coin and a seller in the quote coin', () => {
    const venue = pathVenue();
    place(venue, { category: 'spot', quantity: '0.5' });
    expect(venue.live.wallets).toEqual({ USDT: '4999.5', BTC: '0.4995' });
    place(venue, { category: 'spot', side: 'Sell', quantity: '0.4' });
    // 0.4 * 9999 = 3999.6, less 0.1 %
    expect(venue.live.wallets).toEqual({ USDT: '8995.1004', BTC: '0.0995' });
  });

  it('buys for a quote amount, rounded down to the step', () => {
    const venue = pathVenue();
    const order = place(venue, { category: 'spot', quantity: '1000', quantityInQuote: true });
    expect(order.quantity).toBe('0.09999');
    expect(order.quoteQuantity).toBe('1000');
  });

  it('lends nothing: what is not there, or locked by another order, cannot be spent', () => {
    const venue = pathVenue();
    limit(venue, 'Buy', '9900', '1', { category: 'spot' });
    const more = attempt(venue, { category: 'spot', quantity: '0.5' });
    expect(more).toMatchObject({ reason: 'insufficientBalance' });
    expect(attempt(venue, { category: 'spot', side: 'Sell', quantity: '0.1' })).toMatchObject({
      reason: 'insufficientBalance',
    });
  });

  it('counts as collateral at its ratio', () => {
    const venue = pathVenue({}, { BTC: '1' });
    const account = summarize(venue);
    expect(account.equityUsd).toBe(10_000);
    expect(account.marginBalanceUsd).toBe(9500);
  });
});

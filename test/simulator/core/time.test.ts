/**
 * Goal: what time does to an account: funding, yields, redemptions, liquidation, in the order of their stamps.
 * Method: closed forms at the stamps; one jump must give what many small steps give.
 */
import { describe, expect, it } from 'vitest';
import { summarize } from '../../../src/simulator/core/account.ts';
import { advance } from '../../../src/simulator/core/advance.ts';
import { placeEarnOrder } from '../../../src/simulator/core/earn.ts';
import { deleverage } from '../../../src/simulator/core/liquidation.ts';
import { isRefusal } from '../../../src/simulator/core/refusal.ts';
import { hourMs, pathVenue, startMs } from './pathMarket.ts';
import { attempt, limit, place } from './placing.ts';

describe('funding', () => {
  it('is minus signed quantity times mark times rate at each stamp, and no other time', () => {
    const venue = pathVenue({ price: (at) => (at >= startMs + hourMs ? 12_000 : 10_000) });
    place(venue, { quantity: '0.5' });
    const before = Number(venue.live.wallets['USDT']);
    advance(venue, startMs + 8 * hourMs - 1);
    expect(Number(venue.live.wallets['USDT'])).toBe(before);
    advance(venue, startMs + 16 * hourMs);
    const funding = venue.journal.filter((entry) => entry.kind === 'funding');
    // 0.5 * 12000 * 0.0001, paid by a long
    expect(funding.map((entry) => [entry.settlementMs - startMs, entry.fee])).toEqual([
      [8 * hourMs, '0.6'],
      [16 * hourMs, '0.6'],
    ]);
    expect(Number(venue.live.wallets['USDT'])).toBeCloseTo(before - 1.2, 10);
  });

  it('is received by a short', () => {
    const venue = pathVenue();
    place(venue, { side: 'Sell', quantity: '0.5' });
    advance(venue, startMs + 8 * hourMs);
    expect(venue.history.balances.at(-1)).toMatchObject({ cause: 'funding', change: '0.5' });
  });

  it('follows an injected rate for as many settlements as it says', () => {
    const venue = pathVenue();
    const untilMs = startMs + 8 * hourMs;
    const spike = { symbol: 'BTCUSDT', rate: 0.01, fromMs: startMs, untilMs };
    venue.live.fundingOverrides.push(spike);
    place(venue, { quantity: '0.1' });
    advance(venue, startMs + 16 * hourMs);
    const fees = venue.journal.flatMap((entry) => (entry.kind === 'funding' ? [entry.fee] : []));
    expect(fees).toEqual(['10', '0.1']);
  });
});

describe('flexible saving', () => {
  const request = {
    productId: '431',
    coin: 'USDC',
    orderType: 'Stake',
    amount: '1000',
    orderLinkId: 'e1',
  } as const;

  it('accrues from the first full hour and pays at 00:30 UTC', () => {
    const venue = pathVenue({}, { USDC: '5000' });
    placeEarnOrder(venue, request);
    expect(venue.live.wallets['USDC']).toBe('4000');
    advance(venue, startMs + 24 * hourMs);
    // the first hour only makes the stake effective; 23 hours at 1000 * 0.0876 / 8760
    expect(venue.live.stakes['431']?.claimable).toBe('0.23');
    advance(venue, startMs + 24.5 * hourMs);
    expect(venue.live.wallets['USDC']).toBe('4000.23');
    expect(venue.live.stakes['431']).toMatchObject({ claimable: '0', yieldCum: '0.23' });
  });

  it('redeems after its latency, and all of it with what had accrued', () => {
    const venue = pathVenue({ redemptionMs: 2 * hourMs }, { USDC: '5000' });
    placeEarnOrder(venue, request);
    advance(venue, startMs + 10 * hourMs);
    const order = placeEarnOrder(venue, {
      ...request,
      orderType: 'Redeem',
      orderLinkId: 'e2',
    });
    if (isRefusal(order)) throw new Error(order.message);
    expect(order.status).toBe('Pending');
    expect(venue.live.wallets['USDC']).toBe('4000');
    advance(venue, startMs + 12 * hourMs - 1);
    expect(order.status).toBe('Pending');
    advance(venue, startMs + 12 * hourMs);
    expect(order.status).toBe('Success');
    expect(venue.live.wallets['USDC']).toBe('5000.09');
  });

  it('keeps what had accrued while a part stays', () => {
    const venue = pathVenue({}, { USDC: '5000' });
    placeEarnOrder(venue, request);
    advance(venue, startMs + 10 * hourMs);
    placeEarnOrder(venue, { ...request, orderType: 'Redeem', amount: '400', orderLinkId: 'e2' });
    expect(venue.live.wallets['USDC']).toBe('4400');
    expect(venue.live.stakes['431']).toMatchObject({ amount: '600', claimable: '0.09' });
  });

  it('refuses what is not there, not whole, or asked for twice', () => {
    const venue = pathVenue({}, { USDC: '500' });
    const reason = (more: object) => {
      const answer = placeEarnOrder(venue, { ...request, ...more });
      return isRefusal(answer) ? answer.reason : 'accepted';
    };
    expect(reason({})).toBe('earnBalance');
    expect(reason({ amount: '1.00001' })).toBe('earnAmount');
    expect(reason({ amount: '0.5' })).toBe('earnAmount');
    expect(reason({ productId: '1' })).toBe('earnProduct');
    expect(reason({ amount: '100', orderType: 'Redeem' })).toBe('earnBalance');
    expect(reason({ amount: '100' })).toBe('accepted');
    expect(reason({ amount: '100' })).toBe('earnDuplicate');
  });

  it('is no collateral', () => {
    const venue = pathVenue({}, { USDC: '1000' });
    place(venue, { quantity: '0.9' });
    expect(placeEarnOrder(venue, { ...request, amount: '500' })).toMatchObject({
      reason: 'earnBalance',
    });
  });
});

describe('liquidation', () => {
  it('comes exactly where the margin balance meets maintenance', () => {
    const venue = pathVenue({}, { USDT: '1000' });
    place(venue, { quantity: '0.5' });
    const [contract] = summarize(venue).contracts;
    const price = contract?.liquidationPrice ?? 0;
    // wallet + 0.5 (p - 10001) = 0.5 p 0.005, wallet = 1000 - 2.750275
    expect(price).toBeCloseTo((0.5 * 10_001 - 997.249725) / (0.5 * 0.995), 6);
    const fallsTo = (low: number) => {
      const falling = pathVenue(
        { price: (at) => (at > startMs ? low : 10_000), fundingRate: 0 },
        { USDT: '1000' },
      );
      place(falling, { quantity: '0.5' });
      advance(falling, startMs + hourMs);
      return falling.journal.some((entry) => entry.kind === 'liquidation');
    };
    expect(fallsTo(price + 0.5)).toBe(false);
    expect(fallsTo(price - 0.5)).toBe(true);
  });

  it('cancels orders, closes everything, and the journal says so', () => {
    const venue = pathVenue({ price: (at) => (at > startMs ? 8000 : 10_000) }, { USDT: '1000' });
    place(venue, { quantity: '0.5' });
    const resting = limit(venue, 'Buy', '5000', '0.01');
    advance(venue, startMs + hourMs);
    expect(resting).toMatchObject({ status: 'Cancelled', cancelReason: 'liquidation' });
    expect(venue.live.positions['BTCUSDT']?.quantity).toBe('0');
    expect(venue.history.executions.at(-1)).toMatchObject({ execType: 'BustTrade' });
    expect(venue.journal.filter((entry) => entry.kind === 'liquidation')).toHaveLength(1);
    expect(venue.history.balances.at(-1)).toMatchObject({ cause: 'liquidation' });
  });

  it('by the price of collateral counts too', () => {
    const venue = pathVenue({ price: (at) => (at > startMs ? 2000 : 10_000) }, { BTC: '1' });
    place(venue, { quantity: '1' });
    advance(venue, startMs + hourMs);
    expect(venue.journal.some((entry) => entry.kind === 'liquidation')).toBe(true);
  });

  it('auto-deleveraging takes a share at the mark without a fee', () => {
    const venue = pathVenue();
    place(venue, { quantity: '1' });
    deleverage(venue, 'BTCUSDT', 0.3);
    expect(venue.live.positions['BTCUSDT']?.quantity).toBe('0.7');
    expect(venue.history.executions.at(-1)).toMatchObject({
      execType: 'AdlTrade',
      price: '10000.0',
      fee: '0',
    });
  });
});

describe('time', () => {
  it('in one jump gives what it gives in small steps', () => {
    const wave = (at: number) => 10_000 + 300 * Math.sin((at - startMs) / 900_000);
    const run = (stepMs: number) => {
      const venue = pathVenue({ price: wave }, { USDT: '20000', USDC: '5000' });
      place(venue, { quantity: '0.5' });
      limit(venue, 'Sell', '10250', '0.2');
      placeEarnOrder(venue, {
        productId: '431',
        coin: 'USDC',
        orderType: 'Stake',
        amount: '1000',
        orderLinkId: 'e1',
      });
      for (let at = startMs; at < startMs + 2 * hourMs; at += stepMs) advance(venue, at + stepMs);
      return venue.live.wallets;
    };
    expect(run(2 * hourMs)).toEqual(run(1000));
  });

  it('does not go back', () => {
    const venue = pathVenue();
    advance(venue, startMs - 1);
    expect(venue.live.nowMs).toBe(startMs);
  });

  it('stops trading where there is no quote, and keeps the last mark for margin', () => {
    const venue = pathVenue();
    place(venue, { quantity: '0.1' });
    const silent = { ...venue, market: { ...venue.market, quote: () => undefined } };
    expect(attempt(silent, { quantity: '0.1' })).toMatchObject({ reason: 'notTrading' });
    expect(summarize(silent).contracts[0]?.mark).toBe(10_000);
  });
});

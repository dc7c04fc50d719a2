/**
 * Goal: money is neither made nor lost: the journal explains every balance, and a restart sees the same account.
 * Method: random orders, subscriptions, transfers and time steps on a moving market (fast-check), over one wallet and over
 * two; exact decimal sums.
 */
import Big from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { summarize } from '../../../src/simulator/core/account.ts';
import { advance } from '../../../src/simulator/core/advance.ts';
import { placeEarnOrder } from '../../../src/simulator/core/earn.ts';
import { trade } from '../../../src/simulator/core/position.ts';
import { spotFree } from '../../../src/simulator/core/spotWallet.ts';
import { restoreVenue, type Settings, type Venue } from '../../../src/simulator/core/venue.ts';
import { transferBetween } from '../../../src/simulator/core/wallet.ts';
import { pathVenue, startMs } from './pathMarket.ts';
import { attempt } from './placing.ts';

const seed = 20240101;

const side = fc.constantFrom('Buy', 'Sell');
const order = fc.record({
  category: fc.constantFrom('linear', 'spot'),
  side,
  orderType: fc.constantFrom('Limit', 'Market'),
  timeInForce: fc.constantFrom('GTC', 'IOC', 'FOK', 'PostOnly'),
  price: fc.integer({ min: 9600, max: 10_400 }).map(String),
  quantity: fc.integer({ min: 1, max: 900 }).map((n) => (n / 1000).toFixed(3)),
  reduceOnly: fc.boolean(),
});
const step = fc.oneof(
  fc.record({ kind: fc.constant('order' as const), order }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 3_000_000 }) }),
  fc.record({
    kind: fc.constant('earn' as const),
    orderType: fc.constantFrom('Stake', 'Redeem'),
    amount: fc.integer({ min: 1, max: 4000 }).map(String),
  }),
  fc.record({
    kind: fc.constant('transfer' as const),
    coin: fc.constantFrom('USDT', 'BTC'),
    from: fc.constantFrom('spot', 'contracts'),
    amount: fc.integer({ min: 1, max: 9000 }).map((n) => (n / 1000).toFixed(3)),
  }),
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

type Wallets = Settings['wallets'];
const kinds: readonly Wallets[] = ['unified', 'separate'];
const opening: Readonly<Record<Wallets, Record<string, string>>> = {
  unified: { USDT: '20000', USDC: '5000', BTC: '0.5' },
  separate: { USDT: '10000', 'spot:USDT': '10000', 'spot:USDC': '5000', 'spot:BTC': '0.5' },
};

function run(wallets: Wallets, steps: readonly Step[]): Venue {
  const wave = (at: number) => 10_000 + 300 * Math.sin((at - startMs) / 900_000);
  const venue = pathVenue(
    { price: wave, depthUsd: 50_000, redemptionMs: 1_000_000 },
    opening[wallets],
    { wallets },
  );
  for (const [i, one] of steps.entries()) {
    if (one.kind === 'wait') advance(venue, venue.live.nowMs + one.ms);
    else if (one.kind === 'order') attempt(venue, one.order);
    else if (one.kind === 'transfer') {
      const free = one.from === 'spot' ? spotFree(venue, one.coin) : summarize(venue).availableUsd;
      if (wallets === 'separate') transferBetween(venue, { ...one, free });
    } else placeEarnOrder(venue, { productId: '431', coin: 'USDC', orderLinkId: `e${i}`, ...one });
  }
  return venue;
}

describe.each(kinds)('the journal over %s wallets', (wallets) => {
  it('adds up to every balance, entry by entry', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const venue = run(wallets, steps);
        const totals: Record<string, Big> = {};
        for (const change of venue.history.balances) {
          const name = `${change.wallet ?? ''}:${change.coin}`;
          const total = (totals[name] ?? new Big(0)).plus(change.change);
          totals[name] = total;
          expect(total.toFixed()).toBe(new Big(change.balanceAfter).toFixed());
          const parts = new Big(change.cashFlow).plus(change.funding).minus(change.fee);
          expect(parts.toFixed()).toBe(new Big(change.change).toFixed());
        }
        const { wallets: own, spotWallets } = venue.live;
        const held = [
          ...Object.entries(own).map(([coin, balance]) => [`:${coin}`, balance] as const),
          ...Object.entries(spotWallets).map(
            ([coin, balance]) => [`spot:${coin}`, balance] as const,
          ),
        ];
        expect(held).toHaveLength(Object.keys(totals).length);
        for (const [name, balance] of held)
          expect(totals[name]?.toFixed()).toBe(new Big(balance).toFixed());
        for (const balance of Object.values(spotWallets))
          expect(new Big(balance).gte(0)).toBe(true);
      }),
      { seed, numRuns: 40 },
    );
  });

  it('has two sides to every transfer, which leave nothing over', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const sides = new Map<string, string[]>();
        for (const change of run(wallets, steps).history.balances)
          if (change.cause === 'transfer')
            sides.set(change.reference ?? '', [
              ...(sides.get(change.reference ?? '') ?? []),
              `${change.coin} ${change.wallet ?? 'contracts'} ${new Big(change.change).abs()}`,
            ]);
        for (const [first, second, ...more] of sides.values()) {
          expect(more).toEqual([]);
          expect(first).not.toBe(second);
          expect(first?.replace('spot', 'contracts')).toBe(second?.replace('spot', 'contracts'));
        }
      }),
      { seed, numRuns: 20 },
    );
  });

  it('holds fills that add up to each order and each position', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const venue = run(wallets, steps);
        let position = new Big(0);
        const filled = new Map<string, Big>();
        for (const e of venue.history.executions) {
          if (e.execType === 'Funding') continue;
          const signed = new Big(e.quantity).times(e.side === 'Buy' ? 1 : -1);
          if (e.category === 'linear') position = position.plus(signed);
          filled.set(e.orderId, (filled.get(e.orderId) ?? new Big(0)).plus(e.quantity));
        }
        const held = venue.live.positions['BTCUSDT']?.quantity ?? '0';
        expect(position.toFixed()).toBe(new Big(held).toFixed());
        for (const one of venue.history.orders.values()) {
          expect((filled.get(one.orderId) ?? new Big(0)).toFixed()).toBe(
            new Big(one.filledQuantity).toFixed(),
          );
          expect(new Big(one.filledQuantity).lte(one.quantity)).toBe(true);
        }
      }),
      { seed, numRuns: 40 },
    );
  });

  it('and the live state are all that a restart needs', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const venue = run(wallets, steps);
        const stored = JSON.parse(JSON.stringify([venue.live, venue.journal]));
        const again = restoreVenue(venue.market, venue.settings, stored[0], stored[1]);
        const later = venue.live.nowMs + 5_000_000;
        advance(venue, later);
        advance(again, later);
        expect(again.live).toEqual(venue.live);
        expect(again.journal).toEqual(venue.journal);
        expect(again.history).toEqual(venue.history);
      }),
      { seed, numRuns: 20 },
    );
  });
});

describe('a position', () => {
  it('realises in the end what was sold less what was bought, to the last digit', () => {
    const leg = fc.record({
      side,
      price: fc.integer({ min: 1, max: 999_999 }).map((n) => (n / 1e5).toFixed(5)),
      quantity: fc.integer({ min: 1, max: 9999 }).map((n) => (n / 1e5).toFixed(5)),
    });
    fc.assert(
      fc.property(fc.array(leg, { minLength: 1, maxLength: 30 }), (legs) => {
        let held = { quantity: '0', entryValue: '0' };
        let cash = new Big(0);
        let realised = new Big(0);
        const book = (way: 'Buy' | 'Sell', price: string, quantity: string) => {
          const after = trade(held, way, price, quantity);
          cash = cash.plus(new Big(price).times(quantity).times(way === 'Buy' ? -1 : 1));
          realised = realised.plus(after.realised);
          held = after;
        };
        for (const one of legs) book(one.side, one.price, one.quantity);
        const rest = new Big(held.quantity);
        if (!rest.eq(0)) book(rest.gt(0) ? 'Sell' : 'Buy', '123.45678', rest.abs().toFixed());
        expect(held.quantity).toBe('0');
        expect(new Big(held.entryValue).toFixed()).toBe('0');
        expect(realised.toFixed()).toBe(cash.toFixed());
      }),
      { seed, numRuns: 300 },
    );
  });
});

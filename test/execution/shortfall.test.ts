/**
 * Implementation shortfall: closed forms, then a property: the parts always add up to what was paid against the decision.
 *
 * Tried, and seen to fail: the sign of a sale, half a spread left out of the parts, and a fee at the quote coin's worth.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import type { Fill } from '../../src/domain/fill.ts';
import { clientOrderId, instrumentId, rebalanceId, venueId } from '../../src/domain/ids.ts';
import {
  inBps,
  type Shortfall,
  shortfallOf,
  sumShortfalls,
} from '../../src/execution/shortfall.ts';

const venue = venueId('alpha');
const instrument = instrumentId(venue, 'BTC/USDT:USDT');
const id = clientOrderId({
  installation: 'i',
  portfolio: 'p',
  rebalanceId: rebalanceId('r'),
  instrument,
  slice: 0,
  attempt: 0,
});
const fill = (price: number, quantity: number, fee: number, feeCoin = 'USDT'): Fill => ({
  fillId: `${price}`,
  venue,
  instrument,
  clientOrderId: id,
  venueOrderId: '1',
  side: 'buy',
  quantityBase: decimal(quantity),
  price: decimal(price),
  fee: decimal(fee),
  feeCoin,
  isMaker: false,
  filledAtMs: 0,
});
const usdOf =
  (worth: Readonly<Record<string, number>>) =>
  (coin: string): number | null =>
    worth[coin] ?? null;
const par = usdOf({ USDT: 1, BTC: 100 });
const arrival = { mid: 101, halfSpread: 0.5 };
const rounded = (shortfall: Shortfall | null) =>
  shortfall === null ? null : Object.values(shortfall).map((usd) => Math.round(usd * 1e9) / 1e9);

describe('the shortfall of an attempt', () => {
  test('of a purchase: the market rose, then half a spread and a tick were paid, and a fee', () => {
    const order = { action: 'buy', decisionPrice: 100, arrival } as const;
    const found = shortfallOf(order, [fill(101.6, 2, 0.3)], 'USDT', par);
    expect(rounded(found)).toEqual([2, 1, 0.2, 0.3, 3.5, 200]);
    expect(inBps(found as Shortfall)?.total).toBeCloseTo(175, 9);
  });

  test('of a sale: the same rise was a gain, and a maker earned the spread', () => {
    const order = { action: 'sell', decisionPrice: 100, arrival } as const;
    const found = shortfallOf(order, [fill(101.5, 2, -0.1)], 'USDT', par);
    expect(rounded(found)).toEqual([-2, 1, -2, -0.1, -3.1, 200]);
  });

  test('is in USD whatever coin it was quoted or paid in', () => {
    const order = { action: 'buy', decisionPrice: 100, arrival } as const;
    const worth = usdOf({ USDT: 0.9, BTC: 90 });
    const found = shortfallOf(order, [fill(101.5, 1, 0.01, 'BTC')], 'USDT', worth);
    expect(rounded(found)).toEqual([0.9, 0.45, 0, 0.9, 2.25, 90]);
  });

  test('is not known without an arrival, a worth, or a price', () => {
    const order = { action: 'buy', decisionPrice: 100 } as const;
    const fills = [fill(101, 1, 0)];
    expect(shortfallOf(order, fills, 'USDT', par)).toBe(null);
    expect(shortfallOf({ ...order, arrival }, fills, 'EUR', par)).toBe(null);
    expect(shortfallOf({ ...order, arrival }, [fill(1, 1, 1, 'X')], 'USDT', par)).toBe(null);
    expect(shortfallOf({ ...order, arrival, action: 'subscribe' }, fills, 'USDT', par)).toBe(null);
    expect(inBps(sumShortfalls([]))).toBe(null);
  });
});

test('whatever was filled, the parts add up to the price paid against the decision, and fees', () => {
  const price = fc.double({ min: 1, max: 1e5, noNaN: true }).map((x) => Number(x.toPrecision(6)));
  const quantity = fc.double({ min: 1e-3, max: 1e3, noNaN: true }).map((x) => Number(x.toFixed(3)));
  fc.assert(
    fc.property(
      fc.constantFrom('buy' as const, 'sell' as const),
      price,
      fc.record({ mid: price, halfSpread: fc.double({ min: 0, max: 10, noNaN: true }) }),
      fc.array(fc.tuple(price, quantity), { minLength: 1, maxLength: 5 }),
      (action, decisionPrice, seen, traded) => {
        const fills = traded.map(([at, base], index) => ({
          ...fill(at, base, 0.25),
          fillId: `${index}`,
        }));
        const found = shortfallOf({ action, decisionPrice, arrival: seen }, fills, 'USDT', par);
        if (found === null) throw new Error('all is known');
        const side = action === 'buy' ? 1 : -1;
        const paid = traded.reduce(
          (sum, [at, base]) => sum + side * (at - decisionPrice) * base,
          0,
        );
        const scale = 1 + Math.abs(paid) + found.notionalUsd + Math.abs(found.delayUsd);
        const { delayUsd, spreadUsd, impactUsd, feesUsd, totalUsd } = found;
        expect(Math.abs(totalUsd - paid - 0.25 * traded.length) / scale).toBeLessThan(1e-9);
        const parts = delayUsd + spreadUsd + impactUsd + feesUsd;
        expect(Math.abs(totalUsd - parts) / scale).toBeLessThan(1e-9);
      },
    ),
    { numRuns: 300 },
  );
});

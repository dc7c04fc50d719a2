/**
 * The way from one book to the next: neither gross leverage nor initial margin rises above both ends by more than what is at work
 * at once, and what is unhedged of a pair is never more than a slice.
 *
 * Method: random books and targets; the plan's orders filled one after another, the halves of a stage in a random order, each in
 * part and then in whole. At work at once is one stage: at most one slice of each instrument.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { grossUsd } from '../../src/checks/portfolioFacts.ts';
import { decimal, multiply } from '../../src/domain/decimal.ts';
import type { PlannedOrder } from '../../src/domain/order.ts';
import { afterOrders } from '../../src/execution/orderRisk.ts';
import { planOrders } from '../../src/execution/planOrders.ts';
import { evaluateAccount } from '../../src/margin/account.ts';
import { accountsAt, heldQuantities, type Quantities } from '../../src/parity/sizing/accounts.ts';
import { type Book, readBook } from '../../src/parity/sizing/book.ts';
import { netTargets } from '../../src/parity/sizing/netting.ts';
import { carryLeg, lendingLeg, perpetualLeg, stableLeg } from '../rebalance/legsGiven.ts';
import { policyOf } from '../rebalance/policyGiven.ts';
import { snapshotOf } from '../rebalance/snapshotWorld.ts';

const legs = [
  perpetualLeg('btc', 'BTC/USDT:USDT'),
  perpetualLeg('eth', 'ETH/USDT:USDT'),
  carryLeg,
  lendingLeg,
  stableLeg,
];

const usd = fc.double({ min: -20_000, max: 20_000, noNaN: true });
const funded = fc.double({ min: 0, max: 20_000, noNaN: true });
const units = (most: number, places: number, least = -most) =>
  fc.double({ min: least, max: most, noNaN: true }).map((value) => value.toFixed(places));

const scenes = fc.record({
  notionals: fc.tuple(usd, usd, funded, funded, funded),
  positions: fc.record({
    'BTC/USDT:USDT': units(1, 3),
    'ETH/USDT:USDT': units(10, 2),
    'ETH/USDT': units(10, 4, 0),
    'earn:USDC': units(20_000, 2, 0),
    'USDC/USDT': units(20_000, 2, 0),
    'USDE/USDT': units(20_000, 2, 0),
  }),
  orderUsdMax: fc.double({ min: 500, max: 10_000, noNaN: true }),
  unhedgedUsdMax: fc.double({ min: 500, max: 10_000, noNaN: true }),
  share: fc.constantFrom('0.25', '0.5', '0.75'),
  order: fc.array(fc.nat(1_000), { minLength: 8, maxLength: 8 }),
});

type Figures = { readonly grossUsd: number; readonly marginUsd: number };

const figuresOf = (book: Book, quantities: Quantities): Figures => ({
  grossUsd: grossUsd(book, quantities),
  marginUsd: accountsAt(book, quantities).reduce(
    (sum, { account }) => sum + evaluateAccount(account).initialMarginUsd,
    0,
  ),
});

const partOf = (order: PlannedOrder, share: string): PlannedOrder => ({
  ...order,
  quantityBase: multiply(order.quantityBase, decimal(share)),
});

/** Every state of the book on the way, and how much is at work in it. */
function* path(
  book: Book,
  orders: readonly PlannedOrder[],
  { share, order: chance }: { readonly share: string; readonly order: readonly number[] },
): Generator<{ readonly quantities: Quantities; readonly atWorkUsd: number }> {
  let before: Quantities = heldQuantities(book);
  for (const stage of new Set(orders.map((order) => order.stage))) {
    const ofStage = orders.filter((order) => order.stage === stage);
    const atWorkUsd = ofStage.reduce((sum, order) => sum + order.notionalUsd, 0);
    const shuffled = ofStage
      .map((order, index) => ({ order, at: chance[index % chance.length] ?? 0 }))
      .sort((a, b) => a.at - b.at)
      .map(({ order }) => order);
    for (let filled = 0; filled < shuffled.length; filled += 1) {
      const whole = shuffled.slice(0, filled);
      const part = shuffled.slice(filled, filled + 1).map((order) => partOf(order, share));
      yield { quantities: afterOrders(book, before, [...whole, ...part]), atWorkUsd };
    }
    before = afterOrders(book, before, ofStage);
    yield { quantities: before, atWorkUsd: 0 };
  }
}

describe('on the way', () => {
  test('gross leverage and initial margin stay below the higher end and what is at work at once', () => {
    let stages = 0;
    fc.assert(
      fc.property(scenes, (scene) => {
        const { notionals, positions, orderUsdMax, unhedgedUsdMax } = scene;
        const policy = policyOf(legs, { limits: { orderUsdMax }, execution: { unhedgedUsdMax } });
        const reading = readBook(snapshotOf(policy, { positions }), policy);
        if (reading.kind !== 'book') throw new Error(reading.reason);
        const { book } = reading;
        const { orders } = planOrders(book, netTargets(book, notionals), () => []);
        const start = figuresOf(book, heldQuantities(book));
        const end = figuresOf(book, afterOrders(book, heldQuantities(book), orders));
        for (const { quantities, atWorkUsd } of path(book, orders, scene)) {
          stages += 1;
          const now = figuresOf(book, quantities);
          const rounding = 1e-6;
          expect(now.grossUsd).toBeLessThanOrEqual(
            Math.max(start.grossUsd, end.grossUsd) + atWorkUsd + rounding,
          );
          expect(now.marginUsd).toBeLessThanOrEqual(
            Math.max(start.marginUsd, end.marginUsd) + atWorkUsd + rounding,
          );
        }
      }),
      { seed: 61, numRuns: 300 },
    );
    expect(stages).toBeGreaterThan(1_000);
  });

  test('what is unhedged of the pairs is never more than a slice of each', () => {
    fc.assert(
      fc.property(scenes, (scene) => {
        const { notionals, positions, orderUsdMax, unhedgedUsdMax } = scene;
        const policy = policyOf(legs, { limits: { orderUsdMax }, execution: { unhedgedUsdMax } });
        const reading = readBook(snapshotOf(policy, { positions }), policy);
        if (reading.kind !== 'book') throw new Error(reading.reason);
        const { orders } = planOrders(reading.book, netTargets(reading.book, notionals), () => []);
        for (const order of orders.filter((one) => one.pair !== null)) {
          const halves = orders.filter((one) => one.pair === order.pair);
          // Both leave in one stage: alone in the market is at most one of them.
          expect(new Set(halves.map((half) => half.stage)).size).toBe(1);
          expect(halves).toHaveLength(2);
          const leastUsd = 30;
          expect(order.notionalUsd).toBeLessThanOrEqual(Math.max(unhedgedUsdMax, leastUsd) + 1e-6);
        }
      }),
      { seed: 62, numRuns: 300 },
    );
  });
});

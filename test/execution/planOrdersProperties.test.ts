/**
 * Goal: nothing overshoots its target, quantities are on the lot and above the least order, reductions come first, halves match.
 * Method: a property over random books, positions and limits.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  absolute,
  add,
  compare,
  decimal,
  subtract,
  toStep,
  zero,
} from '../../src/domain/decimal.ts';
import type { PlannedOrder } from '../../src/domain/order.ts';
import { netTargets } from '../../src/parity/sizing/netting.ts';
import { carryLeg, lendingLeg } from '../rebalance/legsGiven.ts';
import { policyOf } from '../rebalance/policyGiven.ts';
import { btc, btcShort, eth, plan, signed } from './plannedGiven.ts';

describe('over random books', () => {
  const legs = [btc, btcShort, eth, carryLeg, lendingLeg];
  const usd = fc.double({ min: 0, max: 40_000, noNaN: true });
  const units = (max: number, digits: number, low = -max) =>
    fc.double({ min: low, max, noNaN: true }).map((value) => decimal(value.toFixed(digits)));
  const scenes = fc.record({
    notionals: fc.tuple(usd, usd, usd, usd, usd),
    positions: fc.record({
      'BTC/USDT:USDT': units(1, 3),
      'ETH/USDT:USDT': units(10, 2),
      'ETH/USDT': units(10, 4, 0),
      'earn:USDC': units(20_000, 2, 0),
      'USDC/USDT': units(20_000, 2, 0),
    }),
    orderUsdMax: fc.double({ min: 500, max: 50_000, noNaN: true }),
    unhedgedUsdMax: fc.double({ min: 500, max: 20_000, noNaN: true }),
    driftBandShare: fc.double({ min: 0, max: 0.3, noNaN: true }),
  });

  test('nothing overshoots, all is on the lot and large enough, reductions come first, halves match', () => {
    fc.assert(
      fc.property(
        scenes,
        ({ notionals, positions, orderUsdMax, unhedgedUsdMax, driftBandShare }) => {
          const policy = policyOf(legs, {
            sizing: { driftBandShare },
            limits: { orderUsdMax },
            execution: { unhedgedUsdMax },
          });
          const { book, plan: made } = plan(policy, notionals, { positions });
          const targets = netTargets(book, notionals);
          for (const target of targets) {
            if (target.parts.length === 0) continue;
            const own = made.orders.filter((order) => order.instrument === target.instrument);
            const moved = own.reduce((sum, order) => add(sum, signed(order)), zero);
            const gap = subtract(target.targetBase, target.positionBase);
            expect(compare(absolute(moved), absolute(gap))).toBeLessThanOrEqual(0);
            expect(Math.sign(Number(moved)) * Math.sign(Number(gap))).toBeGreaterThanOrEqual(0);
          }
          for (const order of made.orders) {
            const { instrument } = book.instrumentById.get(order.instrument) ?? {};
            const step = instrument?.quantityStepBase ?? zero;
            expect(toStep(order.quantityBase, step, 'down')).toBe(order.quantityBase);
            expect(
              compare(order.quantityBase, instrument?.quantityMinBase ?? 0),
            ).toBeGreaterThanOrEqual(0);
            if (!order.reduceOnly) {
              expect(order.notionalUsd).toBeGreaterThanOrEqual(instrument?.notionalMinQuote ?? 0);
            }
          }
          const pairs = pairsOf(made.orders);
          for (const halves of pairs.values()) {
            expect(halves).toHaveLength(2);
            expect(halves[0]?.quantityBase).toBe(halves[1]?.quantityBase);
          }
          const stages = made.orders.map((order) => order.stage);
          expect(stages).toEqual(stages.toSorted((a, b) => a - b));
          const firstOpening = made.orders.findIndex(
            (order) => !order.reduceOnly && order.symbol === 'BTC/USDT:USDT',
          );
          const lastReducing = made.orders.findLastIndex(
            (order) => order.reduceOnly && order.symbol === 'BTC/USDT:USDT',
          );
          if (firstOpening >= 0 && lastReducing >= 0)
            expect(lastReducing).toBeLessThan(firstOpening);
        },
      ),
      { seed: 20240603, numRuns: 200 },
    );
  });
});

function pairsOf(orders: readonly PlannedOrder[]): ReadonlyMap<string, readonly PlannedOrder[]> {
  const pairs = new Map<string, PlannedOrder[]>();
  for (const order of orders) {
    if (order.pair !== null) pairs.set(order.pair, [...(pairs.get(order.pair) ?? []), order]);
  }
  return pairs;
}

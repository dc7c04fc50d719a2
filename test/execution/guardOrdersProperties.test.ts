/**
 * Goal: nothing that the guard orders increases the stressed loss or overshoots, pairs stay paired, and the account is safe after.
 * Method: properties over random books.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DecimalText, toNumber } from '../../src/domain/decimal.ts';
import type { PlannedOrder } from '../../src/domain/order.ts';
import { deleverage } from '../../src/execution/deleverage.ts';
import {
  afterOrders,
  coinStress,
  signedQuantity,
  stressedLossUsd,
} from '../../src/execution/orderRisk.ts';
import type { GuardRung } from '../../src/margin/guard.ts';
import { heldQuantities } from '../../src/parity/sizing/accounts.ts';
import { alpha, carryLeg, lendingLeg } from '../rebalance/legsGiven.ts';
import {
  act,
  bookOf,
  btc,
  distanceAfter,
  ethLong,
  safe,
  sceneOf,
  sol,
} from './guardOrdersGiven.ts';

describe('properties', () => {
  const amount = (max: number) => fc.integer({ min: -max, max }).map((value) => String(value / 10));
  const scenes = fc
    .record({
      btc: amount(250),
      sol: amount(60_000),
      eth: amount(3_000),
      spot: fc.integer({ min: 0, max: 2_000 }).map((value) => String(value / 10)),
      lent: fc.integer({ min: 0, max: 50_000 }).map(String),
    })
    .map(({ btc: b, sol: s, eth: e, spot, lent }) =>
      sceneOf([btc, sol, ethLong, carryLeg, lendingLeg], {
        btc: { 'BTC/USDT:USDT': b },
        sol: { 'SOL/USDT:USDT': s },
        eth: { 'ETH/USDT:USDT': e },
        'eth-carry': { 'ETH/USDT': spot, 'ETH/USDT:USDT': String(-Number(spot)) },
        'usdc-earn': { 'earn:USDC': lent },
      }),
    );

  test('nothing increases the stressed loss or overshoots zero, pairs have equal halves, legs sum to the target', () => {
    fc.assert(
      fc.property(scenes, fc.constantFrom<GuardRung>('deleverage', 'flatten'), (scene, rung) => {
        const book = bookOf(scene);
        const { orders, targets } = act(scene, rung);
        const loss = (list: readonly PlannedOrder[]) =>
          stressedLossUsd(
            book,
            coinStress(book),
            alpha,
            afterOrders(book, heldQuantities(book), list),
          );
        expect(loss(orders)).toBeLessThanOrEqual(loss([]) * (1 + 1e-9));
        const changes = new Map<string, number>();
        for (const order of orders) {
          changes.set(
            order.instrument,
            (changes.get(order.instrument) ?? 0) + signedQuantity(order),
          );
        }
        for (const [id, change] of changes) {
          const held = toNumber(
            book.instruments.find((one) => one.instrument.id === id)?.positionBase ??
              ('0' as DecimalText),
          );
          expect(held * change).toBeLessThanOrEqual(0);
          expect(Math.abs(change)).toBeLessThanOrEqual(Math.abs(held) + 1e-9);
        }
        const pairs = new Set(orders.flatMap((order) => order.pair ?? []));
        for (const name of pairs) {
          const net = orders
            .filter((order) => order.pair === name)
            .reduce((sum, order) => sum + signedQuantity(order), 0);
          expect(Math.abs(net)).toBeLessThan(1e-9);
        }
        for (const target of targets) {
          const sum = target.parts.reduce((total, part) => total + part.targetBase, 0);
          expect(sum).toBeCloseTo(toNumber(target.targetBase), 6);
        }
      }),
      { seed: 11, numRuns: 60 },
    );
  });

  test('where anything can be done, the account is safe afterwards', () => {
    fc.assert(
      fc.property(scenes, (scene) => {
        const { closings, shortUsd } = deleverage(bookOf(scene), alpha, safe);
        const { orders } = act(scene, 'deleverage');
        if (shortUsd > 0 || closings.length === 0) return;
        expect(distanceAfter(bookOf(scene), orders)).toBeGreaterThanOrEqual(0.15 - 1e-6);
      }),
      { seed: 12, numRuns: 40 },
    );
  });
});

/**
 * Goal: an acknowledged order stays open while one proof that the venue has forgotten it is missing.
 * Method: each proof taken away by itself. Seen to fail with the deadline, the cancel, the list of open orders or the fills left out,
 * and with the settling time kept over a cancel that was taken or not answered.
 */
import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import type { OrderState } from '../../src/domain/order.ts';
import type { Work } from '../../src/rebalance/executionContext.ts';
import { askForgotten } from '../../src/rebalance/forgottenOrder.ts';
import type { VenueOrder } from '../../src/rebalance/ports/venue.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { reconcileVenues } from '../../src/rebalance/reconcileVenues.ts';
import { cancelOrder } from '../../src/rebalance/settleOrder.ts';
import { noAnswer } from '../simulation/venueFaults.ts';
import { startProcess } from '../simulation/world.ts';
import { contextOf, dayMs, hourMs, orphaned } from './forgottenGiven.ts';
import { attempts, planned, policy, withVenue } from './given.ts';

describe('one proof that is missing keeps it open', () => {
  const stillOpen = async (
    world: Awaited<ReturnType<typeof orphaned>>['world'],
    ports: Ports,
    state: OrderState = 'working',
  ): Promise<void> => {
    const report = await reconcileVenues(ports, policy, { adjust: true });
    expect(attempts(world).map((one) => one.state)).toEqual([state]);
    expect(report?.outstanding.map((one) => one.kind)).toContain('order');
  };

  test('the cancel is not answered', async () => {
    const { world, row } = await orphaned();
    world.venue.orders.length = 0;
    // A working row is looked up only after a cancel that was answered; this one is looked up at once.
    world.rows.orders.set(row.clientOrderId, { ...row, state: 'unknown' });
    world.nowMs += 2 * dayMs;
    world.venue.faults.silentCancels = 10_000;
    await stillOpen(world, startProcess(world, 2), 'unknown');
  });

  test('it lends coins: a product’s order cannot be cancelled', async () => {
    const { world, record, row } = await orphaned();
    const ports = startProcess(world, 2);
    world.nowMs += 2 * dayMs;
    const { context } = await contextOf(ports, record, world.nowMs);
    const lent = { ...row, action: 'subscribe', timeInForce: 'none' } as const;
    expect((await askForgotten(context, lent)).answer).toBe('notFoundKnown');
    expect(world.venue.orders, 'nor is it tried').toMatchObject([{ state: 'working' }]);
  });

  test.each(['clientOrderId', 'venueOrderId'] as const)(
    'it is among the open orders, by its %s',
    async (by) => {
      const { world, row } = await orphaned();
      world.venue.orders.length = 0;
      world.nowMs += 2 * dayMs;
      const listed: VenueOrder = {
        clientOrderId: null,
        venueOrderId: 'another',
        instrument: row.instrument,
        state: 'working',
        quantityBase: row.quantityBase,
        filledBase: decimal('0'),
        createdAtMs: 0,
        [by]: row[by],
      };
      const ports = withVenue(startProcess(world, 2), {
        reader: { openOrders: async () => [listed] },
      });
      await stillOpen(world, ports);
    },
  );

  test.each(['openOrders', 'fills'] as const)('its %s are not read', async (what) => {
    const { world } = await orphaned();
    world.venue.orders.length = 0;
    world.nowMs += 2 * dayMs;
    const silent = () => Promise.reject(noAnswer());
    const change =
      what === 'fills' ? { gateway: { fills: silent } } : { reader: { openOrders: silent } };
    await stillOpen(world, withVenue(startProcess(world, 2), change));
  });

  test('the proofs, which take many requests, are asked for once in a settling time', async () => {
    const { world } = await orphaned();
    world.venue.orders.length = 0;
    world.nowMs += 2 * dayMs;
    let asked = 0;
    const silent = () => {
      asked += 1;
      return Promise.reject(noAnswer());
    };
    const startedMs = world.nowMs;
    await stillOpen(world, withVenue(startProcess(world, 2), { gateway: { fills: silent } }));
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThanOrEqual((world.nowMs - startedMs) / policy.execution.settlingMs);
  });

  test('its decision still has time: another attempt would follow at once', async () => {
    const { world, record, row } = await orphaned();
    world.venue.orders.length = 0;
    const ports = startProcess(world, 2);
    world.nowMs += dayMs;
    const { context } = await contextOf(ports, record, world.nowMs);
    expect((await askForgotten(context, row)).answer).toBe('forgotten');
    // Also while a watch settles it as if the time were over: its slot may go on with it.
    const decision = { ...record.decision, deadlineMs: world.nowMs + 1 };
    const early = { ...context, record: { ...record, decision } };
    expect((await askForgotten(early, row)).answer).toBe('notFoundKnown');
  });

  test('a cancel was taken: it had rested until then, and what it filled may not be listed yet', async () => {
    const { world, record, row } = await orphaned();
    const ports = startProcess(world, 2);
    world.nowMs += 2 * dayMs;
    const { context } = await contextOf(ports, record, world.nowMs);
    context.absentSinceMs.set(row.clientOrderId, world.nowMs - hourMs);
    expect((await askForgotten(context, row)).answer).toBe('notFoundKnown');
    expect(world.venue.orders).toMatchObject([{ state: 'cancelled' }]);
    expect(context.absentSinceMs.size, 'it settles anew').toBe(0);
    world.venue.orders.length = 0;
    expect((await askForgotten(context, row)).answer).toBe('forgotten');
  });

  test.each([
    ['taken', 0, true],
    ['not answered', 1, true],
    ['for something gone', 0, false],
  ])(
    'a cancel at its deadline was %s: only what was gone keeps its settling time',
    async (_, silent, rests) => {
      const { world, record, row } = await orphaned();
      if (!rests) world.venue.orders.length = 0;
      const ports = startProcess(world, 2);
      world.nowMs += 2 * dayMs;
      world.venue.faults.silentCancels = silent;
      world.venue.faults.laggingLookUps = 1;
      const { context } = await contextOf(ports, record, world.nowMs);
      context.absentSinceMs.set(row.clientOrderId, world.nowMs - policy.execution.settlingMs);
      const work: Work = { order: planned(), purpose: 'plan', records: [row], refusal: null };
      await cancelOrder(context, work, row, world.nowMs);
      // Else the look-up that follows, which lags, would be the second one to believe.
      expect(work.records.map((one) => one.state)).toEqual([rests ? 'working' : 'cancelled']);
      const sinceMs = context.absentSinceMs.get(row.clientOrderId) ?? world.nowMs;
      expect(world.nowMs - sinceMs).toBe(rests ? 0 : policy.execution.settlingMs);
    },
  );

  test('the lease is not held any more: nothing is asked', async () => {
    const { world, record, row } = await orphaned();
    world.venue.orders.length = 0;
    const ports = startProcess(world, 2);
    world.nowMs += dayMs;
    const { context, lease } = await contextOf(ports, record, world.nowMs);
    expect((await askForgotten(context, row)).answer).toBe('forgotten');
    await lease.release();
    expect((await askForgotten(context, row)).answer).toBe('notFoundKnown');
  });
});

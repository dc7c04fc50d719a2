/**
 * Goal: an acknowledged order stays open while one proof that the venue has forgotten it is missing.
 * Method: each proof taken away by itself. Seen to fail with the deadline, the cancel, the list of open orders or the fills left out.
 */
import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import type { OrderState } from '../../src/domain/order.ts';
import { askForgotten } from '../../src/rebalance/forgottenOrder.ts';
import type { VenueOrder } from '../../src/rebalance/ports/venue.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { reconcileVenues } from '../../src/rebalance/reconcileVenues.ts';
import { noAnswer } from '../simulation/venueFaults.ts';
import { startProcess } from '../simulation/world.ts';
import { contextOf, dayMs, orphaned } from './forgottenGiven.ts';
import { attempts, policy, withVenue } from './given.ts';

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

  test.each([
    ['is listed no longer', { gateway: { fillsListedMs: dayMs } }],
    ['nobody knows how long', { gateway: { fillsListedMs: 0 } }],
  ])('what it filled %s', async (_, change) => {
    const { world } = await orphaned();
    world.venue.orders.length = 0;
    world.nowMs += dayMs + 60_000;
    await stillOpen(world, withVenue(startProcess(world, 2), change));
  });

  test('a cancel was taken: it had rested until then, and what it filled may not be listed yet', async () => {
    const { world, record, row } = await orphaned();
    const ports = startProcess(world, 2);
    world.nowMs += 2 * dayMs;
    const { context } = await contextOf(ports, record, world.nowMs);
    expect((await askForgotten(context, row)).answer).toBe('notFoundKnown');
    expect(world.venue.orders).toMatchObject([{ state: 'cancelled' }]);
    world.venue.orders.length = 0;
    expect((await askForgotten(context, row)).answer).toBe('forgotten');
  });

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

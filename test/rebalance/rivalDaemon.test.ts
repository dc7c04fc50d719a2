/**
 * Goal: another daemon on the same account is known by its client ids, and the start is refused before anything is touched.
 * Method: a world in memory whose venue lists an order or a fill of another installation, or our own of a copied database.
 */
import { describe, expect, test } from 'vitest';
import { ownerPrefix, readClientOrderId } from '../../src/domain/ids.ts';
import { decide } from '../../src/rebalance/decide.ts';
import { execute } from '../../src/rebalance/execute.ts';
import { rivalQuietMs } from '../../src/rebalance/foreignActivity.ts';
import { observe } from '../../src/rebalance/observe.ts';
import { reconcileVenues } from '../../src/rebalance/reconcileVenues.ts';
import { recover } from '../../src/rebalance/recover.ts';
import { slotOf } from '../../src/rebalance/slot.ts';
import { alpha } from '../simulation/instrumentsInMemory.ts';
import { startProcess } from '../simulation/world.ts';
import { foreignFill, listing, resting, rivalId } from './foreignGiven.ts';
import {
  dyingAtFirstWait,
  eventsNamed,
  leaseOf,
  openedWorld,
  planned,
  policy,
  recordTrade,
  withVenue,
} from './given.ts';
import { adjusting } from './reconciledGiven.ts';

describe('another daemon on the same account', () => {
  const settings = { leverage: 6, leaseWaitMs: 1_000 };

  test('is known by an order of its that rests: told, refused, nothing of new risk', async () => {
    const { world, ports } = openedWorld();
    const seen = listing(ports, resting(rivalId));
    const report = await reconcileVenues(seen, policy, adjusting);
    expect(report?.outstanding).toMatchObject([{ kind: 'owner', subject: 'another daemon' }]);
    expect(eventsNamed(world, 'otherDaemon')).toHaveLength(1);
    expect(world.rows.discrepancies).toHaveLength(1);
    const snapshot = await observe(ports, policy, slotOf('test', 'manual', world.nowMs));
    const decision = decide(snapshot, policy);
    expect(decision.denials.map((one) => one.code)).toContain('NOT_RECONCILED');
    expect(decision.kind === 'trade' ? decision.orders : []).toEqual([]);
  });

  test('is known by a fill of its, also where nothing rests, and the start is refused', async () => {
    const { world, ports } = openedWorld();
    foreignFill(world, rivalId);
    await expect(recover(ports, policy, settings)).rejects.toMatchObject({
      fault: 'refusal',
      retryable: false,
      message: expect.stringContaining('another daemon trades the account of alpha') as string,
    });
    expect(world.rows.events).toContain('otherDaemon');
  });

  test('is refused until an hour after its last act', async () => {
    const { world, ports } = openedWorld();
    const { filledAtMs } = foreignFill(world, rivalId);
    await reconcileVenues(ports, policy, adjusting);
    world.nowMs = filledAtMs + rivalQuietMs - 1;
    await expect(recover(ports, policy, settings)).rejects.toThrow('another daemon');
    world.nowMs = filledAtMs + rivalQuietMs;
    expect((await recover(ports, policy, settings)).outstanding).toEqual([]);
  });

  test('has our own name where the rows are another’s: a copy of the database, or an older one', async () => {
    const { world, ports } = openedWorld();
    const prefix = ownerPrefix(await ports.state.installation(), policy.portfolio);
    foreignFill(world, readClientOrderId(`${prefix}${'0'.repeat(24)}`));
    await expect(recover(ports, policy, settings)).rejects.toThrow('another daemon');
  });

  test('is refused before what a copied database names is cancelled, repaired or set', async () => {
    const { world, ports } = openedWorld();
    const record = await recordTrade(ports, [planned({ style: 'passive' })]);
    world.venue.faults.passiveRests = true;
    const dead = dyingAtFirstWait(ports);
    await expect(execute(dead, record, await leaseOf(ports))).rejects.toThrow('killed');
    expect(world.venue.orders).toMatchObject([{ state: 'working' }]);
    // The original went on after the copy was made; its decision is past its deadline here.
    world.nowMs = record.decision.deadlineMs + 1;
    const prefix = ownerPrefix(await ports.state.installation(), policy.portfolio);
    const unknown = resting(`${prefix}${'0'.repeat(24)}`);
    const reader = ports.venues.get(alpha)?.reader;
    const changes: unknown[] = [];
    const copy = withVenue(startProcess(world, 2), {
      reader: {
        openOrders: async (asked) => [...((await reader?.openOrders(asked)) ?? []), unknown],
      },
      gateway: { prepare: async (...asked) => void changes.push(asked) },
    });
    await expect(recover(copy, policy, settings)).rejects.toMatchObject({
      fault: 'refusal',
      message: expect.stringContaining('its resting order') as string,
    });
    expect(world.venue.orders).toMatchObject([{ state: 'working' }]);
    expect(world.venue.requests).toHaveLength(1);
    expect(changes).toEqual([]);
    expect(eventsNamed(world, 'otherDaemon')).toHaveLength(1);
  });

  test('is not seen in our own orders, nor in those of a person', async () => {
    const { world, ports } = openedWorld();
    foreignFill(world, readClientOrderId('x-1234'));
    expect((await recover(ports, policy, settings)).outstanding).toEqual([]);
    expect(eventsNamed(world, 'otherDaemon')).toEqual([]);
  });
});

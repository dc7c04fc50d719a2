/**
 * The line for one slot: decided once, recorded first, repeated without effect, and one process at a time.
 *
 * Method: the world in memory with its real decision, twice, and beside another process.
 */
import { describe, expect, test } from 'vitest';
import type { HeldLease } from '../../src/rebalance/ports/lease.ts';
import { rebalance } from '../../src/rebalance/rebalance.ts';
import { replay } from '../../src/rebalance/replay.ts';
import { slotOf } from '../../src/rebalance/slot.ts';
import { alpha } from '../simulation/instrumentsInMemory.ts';
import { movePrices, startMs, startProcess } from '../simulation/world.ts';
import { leaseOf, openedWorld, planned, policy, recordTrade, withVenue } from './given.ts';

const slot = slotOf(policy.portfolio, 'schedule', startMs);
const lost = (fencingNumber: number): HeldLease => ({
  fencingNumber,
  isHeld: async () => false,
  release: async () => undefined,
});

describe('rebalance', () => {
  test('decides, records, trades and ends; the same slot again does nothing', async () => {
    const { world, ports } = openedWorld();
    const first = await rebalance(ports, policy, slot, 'v1');
    expect(first).toMatchObject({ kind: 'ended', outcome: 'complete' });
    const sent = world.venue.requests.length;
    expect(sent).toBeGreaterThan(0);
    movePrices(world, 0.05);
    expect(await rebalance(ports, policy, slot, 'v2')).toMatchObject({
      kind: 'repeated',
      record: { codeVersion: 'v1' },
    });
    expect(world.venue.requests).toHaveLength(sent);
  });

  test('an id that another portfolio has used is refused, and its decision left alone', async () => {
    const { world, ports } = openedWorld();
    await rebalance(ports, policy, slot, 'v1');
    const sent = world.venue.requests.length;
    await expect(rebalance(ports, { ...policy, portfolio: 'other' }, slot, 'v1')).rejects.toThrow(
      /is portfolio test's/,
    );
    expect(world.venue.requests).toHaveLength(sent);
  });

  test('what was recorded is decided again to the last digit', async () => {
    const { ports } = openedWorld();
    const result = await rebalance(ports, policy, slot, 'v1');
    if (result.kind === 'busy') throw new Error('nobody else is there');
    expect(replay(result.record)).toEqual([]);
    const { decision } = result.record;
    const altered = { ...decision, deadlineMs: decision.deadlineMs + 1 };
    expect(replay({ ...result.record, decision: altered })).toEqual([
      { path: 'deadlineMs', stored: decision.deadlineMs + 1, replayed: decision.deadlineMs },
    ]);
  });

  test('halted, it stands, says so, and sends nothing', async () => {
    const { world, ports } = openedWorld();
    world.rows.halt = 'by hand';
    expect(await rebalance(ports, policy, slot, 'v1')).toMatchObject({
      outcome: 'stood',
      record: { decision: { kind: 'stand', code: 'HALTED' } },
    });
    expect(world.venue.requests).toEqual([]);
  });

  test('with the venue down, it stands and sends nothing', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.isDown = true;
    expect(await rebalance(ports, policy, slot, 'v1')).toMatchObject({ outcome: 'stood' });
    expect(world.events.filter((one) => one.event === 'cashUnread')).not.toEqual([]);
    const [record] = world.rows.decisions.values();
    expect(record?.decision.kind).toBe('stand');
    expect(world.venue.requests).toEqual([]);
    expect(world.rows.lease).toBeNull();
  });

  test('beside a process that holds the portfolio it is busy, and touches nothing', async () => {
    const { world, ports } = openedWorld();
    await leaseOf(startProcess(world, 2));
    expect(await rebalance(ports, policy, slot, 'v1')).toEqual({ kind: 'busy' });
    expect(world.rows.decisions.size).toBe(0);
    expect(world.venue.requests).toEqual([]);
  });

  test('what an earlier slot left open is settled before anything new is decided', async () => {
    const { world, ports } = openedWorld();
    world.nowMs = startMs - 3_600_000;
    const earlier = await recordTrade(ports, [planned()]);
    world.nowMs = startMs;
    const result = await rebalance(ports, policy, slot, 'v1');
    expect(world.rows.outcomes.get(earlier.rebalanceId)).toBe('expired');
    expect(result).toMatchObject({ kind: 'ended', record: { rebalanceId: slot.rebalanceId } });
    expect(
      [...world.rows.orders.values()].every((one) => one.rebalanceId === slot.rebalanceId),
    ).toBe(true);
  });

  test('what an earlier slot left open and another process has taken is not decided upon: it is busy, and goes on the next time', async () => {
    const { world, ports } = openedWorld();
    const earlier = await recordTrade(ports, [planned()]);
    const given = [lost(1), null, await leaseOf(ports)];
    const acquire = async () => given.shift() ?? null;
    const cut = { ...ports, lease: { acquire } };
    expect(await rebalance(cut, policy, slot, 'v1')).toEqual({ kind: 'busy' });
    expect([...world.rows.decisions.keys()]).toEqual([earlier.rebalanceId]);
    expect(world.venue.requests).toEqual([]);
    expect(await rebalance(cut, policy, slot, 'v1')).toMatchObject({ kind: 'ended' });
    expect(world.rows.outcomes.get(earlier.rebalanceId)).toBe('complete');
  });

  test('an answer that outlasts the lease, which nobody takes meanwhile, cuts nothing off', async () => {
    const { world, ports } = openedWorld();
    const first = await leaseOf(ports);
    let isExpired = false;
    const gateway = ports.venues.get(alpha)?.gateway;
    if (gateway === undefined) throw new Error('the world has one venue');
    let acquired = 0;
    const slow = withVenue(
      {
        ...ports,
        lease: {
          acquire: async () => {
            acquired += 1;
            const isHeld = async () => acquired > 1 || !isExpired;
            return { ...first, fencingNumber: acquired, isHeld };
          },
        },
      },
      {
        gateway: {
          send: async (...args) => {
            const outcome = await gateway.send(...args);
            isExpired = true;
            return outcome;
          },
        },
      },
    );
    expect(await rebalance(slow, policy, slot, 'v1')).toMatchObject({
      kind: 'ended',
      outcome: 'complete',
    });
    expect(acquired, 'taken again once').toBe(2);
    expect([...world.rows.orders.values()].map((one) => one.state)).not.toContain('working');
  });

  test('one that another process has taken meanwhile is busy, and left to it', async () => {
    const { world, ports } = openedWorld();
    const first = await leaseOf(ports);
    let sent = 0;
    const given = [{ ...first, isHeld: async () => sent === 0 }, null];
    const gateway = ports.venues.get(alpha)?.gateway;
    if (gateway === undefined) throw new Error('the world has one venue');
    const slow = withVenue(
      { ...ports, lease: { acquire: async () => given.shift() ?? null } },
      {
        gateway: {
          send: async (...args) => {
            sent += 1;
            return await gateway.send(...args);
          },
        },
      },
    );
    expect(await rebalance(slow, policy, slot, 'v1')).toEqual({ kind: 'busy' });
    expect(world.rows.outcomes.size).toBe(0);
  });
});

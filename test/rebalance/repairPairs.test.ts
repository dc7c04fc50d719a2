/**
 * Pairs left half done: completed while the price is within the plan, unwound otherwise; also when halted or late.
 *
 * Method: a carry pair in a world in memory, one half of which fails; in the end the venue holds as much long as short.
 */
import { describe, expect, test } from 'vitest';
import { execute } from '../../src/rebalance/execute.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { noAnswer } from '../simulation/venueFaults.ts';
import {
  dyingAtFirstWait,
  eth,
  ethSpot,
  eventsNamed,
  fleetingLease,
  haltedWhen,
  leaseOf,
  openedWorld,
  policy,
  recordTrade,
  withVenue,
} from './given.ts';
import { fallingAfterBoth, long, pair, repairs, run, short, wants } from './pairsGiven.ts';

describe('repairPairs', () => {
  test('a pair that filled alike needs none', async () => {
    const { world, ports } = openedWorld();
    expect(await run(ports)).toBe('complete');
    expect([long(world), short(world)]).toEqual([2, 2]);
    expect(repairs(world)).toEqual([]);
  });

  test('the half that was refused is completed, by an order of its own that is recorded as a repair', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.sends.push('none', 'reject');
    await run(ports);
    expect([long(world), short(world)]).toEqual([2, 2]);
    expect(repairs(world)).toMatchObject([
      { symbol: eth.symbol, action: 'sell', quantityBase: '2', state: 'filled' },
    ]);
    expect(eventsNamed(world, 'pairRepair')).toMatchObject([{ kind: 'complete' }]);
  });

  test('where the plan’s price is gone, the half that filled is unwound', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.sends.push('none', 'reject');
    const record = await recordTrade(ports, pair, wants);
    await execute(fallingAfterBoth(world, ports), record, await leaseOf(ports));
    expect([long(world), short(world)]).toEqual([0, 0]);
    expect(repairs(world)).toMatchObject([{ symbol: ethSpot.symbol, action: 'sell' }]);
    expect(eventsNamed(world, 'pairRepair')).toMatchObject([{ kind: 'unwind' }]);
  });

  test('where the venue refuses the completing order too, the half that filled is unwound', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.sends.push('none', 'reject', 'reject');
    await run(ports);
    expect([long(world), short(world)]).toEqual([0, 0]);
    expect(repairs(world).map((one) => one.state)).toEqual(['rejected', 'filled']);
  });

  test('a halt stops the plan, not the repair', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.sends.push('none', 'reject');
    const record = await recordTrade(ports, pair, wants);
    const halting: Ports = {
      ...ports,
      state: haltedWhen(ports, () => world.venue.requests.length >= 2),
    };
    expect(await execute(halting, record, await leaseOf(ports))).toBe('halted');
    expect([long(world), short(world)]).toEqual([2, 2]);
  });

  test('a decision found late is still mended', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.sends.push('none', 'reject');
    const record = await recordTrade(ports, pair, wants);
    // The process dies when both halves are acknowledged.
    const dying: Ports = {
      ...ports,
      state: haltedWhen(ports, () => {
        if (world.venue.requests.length === 2) throw new Error('killed');
        return false;
      }),
    };
    await expect(execute(dying, record, await leaseOf(ports))).rejects.toThrow('killed');
    world.nowMs += policy.execution.deadlineMs;
    await execute(ports, record, await leaseOf(ports));
    expect([long(world), short(world)]).toEqual([2, 2]);
    expect(repairs(world)).toHaveLength(1);
  });

  test('killed after a repair, the next run neither repairs again nor goes on with the half that it replaced', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.sends.push('none', 'reject');
    const record = await recordTrade(ports, pair, wants);
    const dying: Ports = {
      ...ports,
      decisions: { ...ports.decisions, finish: () => Promise.reject(new Error('killed')) },
    };
    await expect(execute(dying, record, await leaseOf(ports))).rejects.toThrow('killed');
    expect([long(world), short(world)]).toEqual([2, 2]);
    const sent = world.venue.requests.length;
    await execute(ports, record, await leaseOf(ports));
    expect([long(world), short(world)]).toEqual([2, 2]);
    expect(world.venue.requests).toHaveLength(sent);
  });

  test('killed after a repair, a half that was only denied is not gone on with when the denial is over', async () => {
    const { world, ports } = openedWorld();
    const record = await recordTrade(ports, pair, wants);
    world.nowMs += 2_500;
    const reader = ports.venues.get(eth.venue)?.reader;
    if (reader === undefined) throw new Error('the venue is there');
    const blind = withVenue(ports, {
      reader: {
        quote: async (instrument) => {
          if (instrument.id === eth.id) throw noAnswer();
          return await reader.quote(instrument);
        },
      },
    });
    const dying: Ports = {
      ...blind,
      decisions: { ...ports.decisions, finish: () => Promise.reject(new Error('killed')) },
    };
    await expect(execute(dying, record, await leaseOf(ports))).rejects.toThrow('killed');
    expect(eventsNamed(world, 'orderDenied')).toMatchObject([{ code: 'STALE_DATA' }]);
    expect([long(world), short(world)]).toEqual([2, 2]);
    await execute(ports, record, await leaseOf(ports));
    expect([long(world), short(world)]).toEqual([2, 2]);
  });

  test('killed after a repair that filled in part, the next run goes on with the repair alone', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.sends.push('none', 'reject');
    const record = await recordTrade(ports, pair, wants);
    const dying: Ports = {
      ...ports,
      orders: {
        ...ports.orders,
        update: async (id, update, known) => {
          const updated = await ports.orders.update(id, update, known);
          // The third request is the repair; half of it is filled.
          if (world.venue.requests.length === 3) throw new Error('killed');
          if (world.venue.requests.length === 2) world.venue.faults.fillShare = 0.5;
          return updated;
        },
      },
    };
    await expect(execute(dying, record, await leaseOf(ports))).rejects.toThrow('killed');
    expect([long(world), short(world)]).toEqual([2, 1]);
    world.venue.faults.fillShare = 1;
    await execute(ports, record, await leaseOf(ports));
    expect([long(world), short(world)]).toEqual([2, 2]);
  });

  test('a repair whose request was lost is found, not repeated', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.sends.push('none', 'reject', 'dropAfter');
    await run(ports);
    expect([long(world), short(world)]).toEqual([2, 2]);
    expect(new Set(world.venue.requests).size).toBe(world.venue.requests.length);
  });

  test('a venue that refuses every repair leaves it unhedged, within a limit, and says so', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.sends.push('none', ...Array.from({ length: 99 }, () => 'reject' as const));
    const startedMs = world.nowMs;
    await run(ports);
    expect([long(world), short(world)]).toEqual([2, 0]);
    // Two halves; in five pauses to complete and to unwind, in five more to unwind alone.
    expect(world.venue.requests).toHaveLength(2 + 5 * 2 + 5);
    expect(world.nowMs - startedMs).toBeLessThan(2 * policy.execution.repairMs + 10_000);
    expect(eventsNamed(world, 'pairUnhedged')).toHaveLength(1);
  });

  test.each([4, 9])(
    'a venue that refuses %i orders and then takes one leaves no half',
    async (refusals) => {
      const { world, ports } = openedWorld();
      const refused = Array.from({ length: refusals }, () => 'reject' as const);
      world.venue.faults.sends.push('none', ...refused);
      await run(ports);
      expect(long(world)).toBe(short(world));
      expect(eventsNamed(world, 'pairUnhedged')).toEqual([]);
    },
  );

  test('killed between two refusals, the next run goes on under names of its own', async () => {
    const { world, ports } = openedWorld();
    const refused = Array.from({ length: 5 }, () => 'reject' as const);
    world.venue.faults.sends.push('none', ...refused);
    const record = await recordTrade(ports, pair, wants);
    await expect(execute(dyingAtFirstWait(ports), record, await leaseOf(ports))).rejects.toThrow();
    const before = world.venue.requests.length;
    world.rows.lease = null;
    await execute(ports, record, await leaseOf(ports));
    // Refusals that were left, and the one that is taken: what was refused before is not asked for again.
    expect(world.venue.requests.length - before).toBeLessThanOrEqual(5);
    expect(world.venue.requests.length).toBeGreaterThan(before);
    expect(new Set(world.venue.requests).size).toBe(world.venue.requests.length);
    expect(long(world)).toBe(short(world));
  });

  test('without the lease nothing is sent for it', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.sends.push('none', 'reject');
    const record = await recordTrade(ports, pair, wants);
    // One for the round, one for each request; then it is lost.
    await execute(ports, record, fleetingLease(3));
    expect(world.venue.requests).toHaveLength(2);
  });
});

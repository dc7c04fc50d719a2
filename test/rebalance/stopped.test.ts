/**
 * An execution that must stop: halted, the lease lost, the deadline passed. What is there is settled; nothing more is sent.
 *
 * Method: a world in memory in which the stop comes at the worst moment; the venue's own record of requests is the truth.
 */
import { describe, expect, test } from 'vitest';
import { execute } from '../../src/rebalance/execute.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { alpha } from '../simulation/instrumentsInMemory.ts';
import { startProcess } from '../simulation/world.ts';
import { run } from './executed.ts';
import {
  attempts,
  bookedUnits,
  btc,
  deadlineMs,
  dyingAtFirstWait,
  fleetingLease,
  leaseOf,
  openedWorld,
  planned,
  recordTrade,
  states,
  withVenue,
} from './given.ts';

describe('stopped', () => {
  test('halted from the start, nothing is sent', async () => {
    const { world, ports } = openedWorld();
    const record = await recordTrade(ports, [planned()]);
    world.rows.halt = 'by hand';
    expect(await execute(ports, record, await leaseOf(ports))).toBe('halted');
    expect(world.venue.requests).toEqual([]);
  });

  test('halted mid-way: what rests is cancelled, what filled is booked, nothing more is sent', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.fillShare = 0.5;
    world.venue.faults.passiveRests = true;
    let haltedAtMs = 0;
    const halting: Ports = {
      ...ports,
      clock: {
        ...ports.clock,
        sleep: async (ms) => {
          await ports.clock.sleep(ms);
          // The venue fills half of what rests, and then a person pulls the switch.
          if (world.rows.halt === null) {
            world.venue.faults.passiveRests = false;
            const [record] = attempts(world);
            if (record !== undefined) {
              await ports.venues.get(btc.venue)?.gateway.lookUp(record, btc);
            }
            world.venue.faults.passiveRests = true;
            world.rows.halt = 'by hand';
            haltedAtMs = world.nowMs;
          }
        },
      },
    };
    expect(
      await run(halting, [planned({ style: 'passive' }), planned({ slice: 1, stage: 2 })]),
    ).toBe('halted');
    expect(world.venue.requests).toHaveLength(1);
    expect(states(world)).toEqual(['postOnly cancelled 0.05']);
    // At once, not when its patience is over.
    expect(attempts(world)[0]?.endedAtMs).toBe(haltedAtMs);
    expect(bookedUnits(world, btc.symbol)).toBeCloseTo(0.05, 12);
  });

  test('the lease lost before the request: recorded, never sent, and left to who holds it now', async () => {
    const { world, ports } = openedWorld();
    // Held at the round's beginning, gone when the request is about to leave.
    expect(await run(ports, [planned()], fleetingLease(1))).toBe('partial');
    expect(world.venue.requests).toEqual([]);
    expect(states(world)).toEqual(['ioc intended 0']);
    const [record] = world.rows.decisions.values();
    if (record === undefined) throw new Error('the decision is recorded');
    const holder = await leaseOf(startProcess(world, 2));
    expect(await execute(startProcess(world, 2), record, holder)).toBe('complete');
    // Looked up for the settling time, then sent under the one id.
    expect(world.venue.requests).toHaveLength(1);
    expect(states(world)).toEqual(['ioc filled 0.1']);
  });

  test('the lease lost while an order rests: no request of any kind leaves, and no row is written', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.passiveRests = true;
    const asked: string[] = [];
    const gateway = ports.venues.get(alpha)?.gateway;
    if (gateway === undefined) throw new Error('the venue is there');
    const watched = withVenue(ports, {
      gateway: {
        lookUp: async (...args) => {
          asked.push('lookUp');
          return await gateway.lookUp(...args);
        },
        cancel: async (...args) => {
          asked.push('cancel');
          return await gateway.cancel(...args);
        },
      },
    });
    const plan = [planned({ style: 'passive' }), planned({ slice: 1, stage: 2 })];
    // Held for the opening, the request, and two rounds of following it.
    expect(await run(watched, plan, fleetingLease(4))).toBe('partial');
    expect(world.venue.requests).toHaveLength(1);
    expect(asked).toEqual(['lookUp', 'lookUp']);
    expect(states(world)).toEqual(['postOnly working 0']);
    expect(world.venue.orders.map((one) => one.state)).toEqual(['working']);
  });

  test('at the deadline what rests is cancelled, however much patience it has left', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.passiveRests = true;
    const record = await recordTrade(ports, [planned({ style: 'passive' })]);
    world.nowMs = deadlineMs - 1_000;
    expect(await execute(ports, record, await leaseOf(ports))).toBe('partial');
    expect(states(world)).toEqual(['postOnly cancelled 0']);
    expect(attempts(world)[0]?.endedAtMs).toBe(deadlineMs);
  });

  test('told to stop, it cancels what rests and leaves the decision to the next start, which goes on', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.passiveRests = true;
    const stop = new AbortController();
    const told = {
      ...ports,
      stopping: stop.signal,
      clock: {
        ...ports.clock,
        sleep: async (ms: number) => {
          stop.abort();
          await ports.clock.sleep(ms);
        },
      },
    };
    const record = await recordTrade(told, [planned({ style: 'passive' })]);
    expect(await execute(told, record, await leaseOf(told))).toBe('partial');
    expect(states(world)).toEqual(['postOnly cancelled 0']);
    expect(world.rows.outcomes.size).toBe(0);
    world.venue.faults.passiveRests = false;
    expect(await execute(ports, record, await leaseOf(ports))).toBe('complete');
    expect(bookedUnits(world, btc.symbol)).toBeCloseTo(0.1, 12);
  });

  test('found past its deadline, a decision is never begun', async () => {
    const { world, ports } = openedWorld();
    const record = await recordTrade(ports, [planned()]);
    world.nowMs = deadlineMs;
    expect(await execute(ports, record, await leaseOf(ports))).toBe('expired');
    expect(world.venue.requests).toEqual([]);
  });

  test('found past its deadline with an order at the venue, it is settled, cancelled and booked only', async () => {
    const { world, ports } = openedWorld();
    const record = await recordTrade(ports, [
      planned({ style: 'passive' }),
      planned({ slice: 1, stage: 2 }),
    ]);
    world.venue.faults.passiveRests = true;
    world.venue.faults.fillShare = 0.5;
    await expect(execute(dyingAtFirstWait(ports), record, await leaseOf(ports))).rejects.toThrow(
      'killed',
    );
    expect(states(world)).toEqual(['postOnly working 0']);
    // Half of it fills while nobody looks; the next process comes too late.
    world.venue.faults.passiveRests = false;
    const [row] = attempts(world);
    if (row !== undefined) await ports.venues.get(btc.venue)?.gateway.lookUp(row, btc);
    world.venue.faults.passiveRests = true;
    world.nowMs = deadlineMs + 1;
    expect(await execute(ports, record, await leaseOf(ports))).toBe('partial');
    expect(world.venue.requests).toHaveLength(1);
    expect(states(world)).toEqual(['postOnly cancelled 0.05']);
    expect(bookedUnits(world, btc.symbol)).toBeCloseTo(0.05, 12);
  });
});

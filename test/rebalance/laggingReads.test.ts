/**
 * No single reading is believed against what is known, and a lease that runs out while a venue is slow is taken again.
 *
 * Method: a world in memory whose venue says "not there" of what is there, or answers late. Seen to fail with the
 * acknowledgement ignored, with one reading as proof, with repairs beside an unknown half, and without the renewal.
 */
import { describe, expect, test } from 'vitest';
import { execute } from '../../src/rebalance/execute.ts';
import { rebalance } from '../../src/rebalance/rebalance.ts';
import { acquireRenewable } from '../../src/rebalance/renewableLease.ts';
import { slotOf } from '../../src/rebalance/slot.ts';
import { alpha } from '../simulation/instrumentsInMemory.ts';
import { leaseMs } from '../simulation/storesInMemory.ts';
import {
  createWorld,
  openWorld,
  startMs,
  startProcess,
  policy as wide,
} from '../simulation/world.ts';
import {
  eth,
  ethSpot,
  eventsNamed,
  leaseOf,
  openedWorld,
  planned,
  policy,
  recordTrade,
  withVenue,
} from './given.ts';

describe('a reading that lags', () => {
  test('never makes an acknowledged order absent, however often it says so', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.passiveRests = true;
    world.venue.faults.laggingLookUps = 10_000;
    const record = await recordTrade(ports, [planned({ style: 'passive' })]);
    await execute(ports, record, await leaseOf(ports));
    expect(world.venue.requests).toHaveLength(1);
    expect([...world.rows.orders.values()].map((order) => order.state)).not.toContain('absent');
  });

  test('is not proof alone: an order recorded long ago is asked for twice, a settling time apart', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.sends.push('dropAfter');
    const dies = withVenue(ports, {
      gateway: { lookUp: () => Promise.reject(new Error('killed')) },
    });
    const record = await recordTrade(ports, [planned()]);
    await expect(execute(dies, record, await leaseOf(ports))).rejects.toThrow('killed');
    // Longer than the settling time later, within the deadline, the first look-up lags once.
    world.nowMs += 2 * policy.execution.settlingMs;
    world.venue.faults.laggingLookUps = 1;
    const ports2 = startProcess(world, 2);
    expect(await execute(ports2, record, await leaseOf(ports2))).toBe('complete');
    expect(world.venue.requests).toHaveLength(1);
  });
});

describe('a pair with a half whose outcome is unknown', () => {
  test('is not mended while that half may yet fill', async () => {
    const { world, ports: plain } = openedWorld();
    world.venue.faults.sends.push('none', 'dropAfter');
    const gateway = plain.venues.get(alpha)?.gateway;
    if (gateway === undefined) throw new Error('the world has one venue');
    const ports = withVenue(plain, {
      gateway: {
        lookUp: async (record, instrument) =>
          record.instrument === eth.id
            ? { kind: 'unknown', reason: 'no answer' }
            : await gateway.lookUp(record, instrument),
      },
    });
    const halves = [
      planned({ instrument: ethSpot.id, symbol: ethSpot.symbol, pair: 'carry:0' }),
      planned({
        instrument: eth.id,
        symbol: eth.symbol,
        action: 'sell',
        pair: 'carry:0',
        limitPrice: planned().limitPrice,
      }),
    ];
    const record = await recordTrade(ports, halves);
    await execute(ports, record, await leaseOf(ports));
    const repairs = [...world.rows.orders.values()].filter((one) => one.purpose === 'repair');
    expect(repairs).toEqual([]);
    expect(world.rows.outcomes.size, 'it stays open').toBe(0);
  });
});

describe('a lease that runs out while a slow venue is read', () => {
  const slot = slotOf('test', 'schedule', startMs);
  const slow = (world: ReturnType<typeof createWorld>, process: number, during = () => {}) => {
    const ports = startProcess(world, process);
    const reader = ports.venues.get(alpha)?.reader;
    return withVenue(ports, {
      reader: {
        account: async () => {
          world.nowMs += leaseMs + 500;
          during();
          if (reader === undefined) throw new Error('the world has one venue');
          return await reader.account();
        },
      },
    });
  };

  test('is taken again when nobody else wrote, and the decision is carried out', async () => {
    const world = openWorld(createWorld());
    const result = await rebalance(slow(world, 1), wide, slot, 'v');
    expect(result).toMatchObject({ kind: 'ended', outcome: 'complete' });
    expect(world.venue.requests.length).toBeGreaterThan(3);
  });

  test('is lost when another process held it meanwhile: nothing is recorded or sent', async () => {
    const world = openWorld(createWorld());
    const ports = slow(world, 1, () => {
      world.rows.lease = { holder: 2, fencing: 7, expiresMs: 0 };
    });
    expect(await rebalance(ports, wide, slot, 'v')).toEqual({ kind: 'busy' });
    expect(world.rows.decisions.size).toBe(0);
    expect(world.venue.requests).toEqual([]);
    expect(eventsNamed(world, 'leaseLost')).toHaveLength(1);
  });

  test('is not renewed under another holder', async () => {
    const world = openWorld(createWorld());
    const lease = await acquireRenewable(startProcess(world, 1), 'test');
    world.nowMs += leaseMs + 1;
    await leaseOf(startProcess(world, 2));
    expect(await lease?.renew()).toBe(false);
  });
});

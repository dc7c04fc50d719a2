/**
 * Goal: the guard waits for the lease a bounded time, writes nothing without it, and takes it again where nobody else had it.
 * Method: a world in memory after a crash; the lease held by another, taken while the guard looks, or run out meanwhile.
 */
import { describe, expect, test } from 'vitest';
import { leaseAskedCursor, noIncreaseCursor } from '../../src/rebalance/fence.ts';
import { guardMargin } from '../../src/rebalance/guard.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { leaseMs } from '../simulation/storesInMemory.ts';
import { movePrices, startProcess } from '../simulation/world.ts';
import { btc, eventsNamed, leaseOf, openedWorld, policy } from './given.ts';
import { fenceMs, holdBitcoin, settings } from './guardGiven.ts';

describe('a lease that another holds', () => {
  test('keeps the guard from acting, for a bounded time; the fence is up all the while', async () => {
    const { world, ports } = openedWorld();
    holdBitcoin(world, 6);
    movePrices(world, -0.28);
    const other = await leaseOf(startProcess(world, 9));
    const startedMs = world.nowMs;
    const [reading] = await guardMargin(ports, policy, settings);
    expect(reading?.level).toBe('deleverage');
    expect(world.nowMs - startedMs).toBeLessThanOrEqual(settings.leaseWaitMs + 250);
    expect(world.venue.orders).toEqual([]);
    expect(eventsNamed(world, 'guardBlocked')).toHaveLength(1);
    expect(world.rows.cursors.get(noIncreaseCursor(policy.portfolio))).toBe(startedMs + fenceMs);
    await other.release();
    await guardMargin(ports, policy, settings);
    expect(world.venue.positions.get(btc.symbol)?.quantity).toBeLessThan(6);
  });
});

describe('a lease that is lost while the guard looks', () => {
  test('what it has judged is not recorded, told or sent', async () => {
    const { world, ports } = openedWorld();
    holdBitcoin(world, 6);
    movePrices(world, -0.28);
    let looks = 0;
    const lease = { ...(await leaseOf(ports)), isHeld: async () => looks < 2 };
    // Once for the snapshot, and once more for the legs' targets: the last that is read before it is recorded.
    const latest = async (portfolio: string) => {
      looks += 1;
      return await ports.decisions.latest(portfolio);
    };
    const losing: Ports = {
      ...ports,
      lease: { acquire: async () => lease },
      decisions: { ...ports.decisions, latest },
    };
    await guardMargin(losing, policy, settings);
    expect(looks).toBe(2);
    expect(world.rows.decisions.size).toBe(0);
    expect(world.venue.requests).toEqual([]);
    expect(eventsNamed(world, 'guardAction')).toEqual([]);
    expect(eventsNamed(world, 'leaseLost')).toHaveLength(1);
  });

  test('a look that outlasts the lease, which nobody takes meanwhile, keeps nothing from being sent', async () => {
    const { world, ports } = openedWorld();
    holdBitcoin(world, 6);
    movePrices(world, -0.28);
    const latest = async (portfolio: string) => {
      world.nowMs += leaseMs + 1;
      return await ports.decisions.latest(portfolio);
    };
    const slow: Ports = { ...ports, decisions: { ...ports.decisions, latest } };
    await guardMargin(slow, policy, settings);
    expect(eventsNamed(world, 'leaseLost')).toEqual([]);
    expect(eventsNamed(world, 'guardActed')).toMatchObject([{ outcome: 'complete' }]);
    expect(world.venue.requests.length).toBeGreaterThan(0);
    expect(world.rows.cursors.get(leaseAskedCursor(policy.portfolio)), 'it asks no more').toBe(0);
  });
});

/**
 * Goal: who has lost the lease, at whichever step, sends nothing more and ends nothing; who took it again knows whether another wrote.
 * Method: a world in memory, and leases that are lost at the step in question, found by counting how often it is asked.
 *
 * Tried, and seen to fail: the lease not asked before sending again, the outcome written without it, a renewal that does not
 * compare the numbers.
 */
import { describe, expect, test } from 'vitest';
import { execute } from '../../src/rebalance/execute.ts';
import type { HeldLease } from '../../src/rebalance/ports/lease.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { acquireRenewable } from '../../src/rebalance/renewableLease.ts';
import { openedWorld, planned, policy, recordTrade } from './given.ts';

const leaseWhile = (isHeld: () => boolean, fencingNumber = 1): HeldLease => ({
  fencingNumber,
  isHeld: async () => isHeld(),
  release: async () => undefined,
});

describe('the lease lost', () => {
  test('before an order that never arrived is sent again: it is not', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.sends.push('dropBefore');
    let isLost = false;
    const watched: Ports = {
      ...ports,
      orders: {
        ...ports.orders,
        update: async (id, update, known) => {
          if (update.state === 'intended') isLost = true;
          return await ports.orders.update(id, update, known);
        },
      },
    };
    const lease = leaseWhile(() => !isLost);
    expect(await execute(watched, await recordTrade(watched, [planned()]), lease)).toBe('partial');
    expect(isLost).toBe(true);
    expect(world.venue.requests).toHaveLength(1);
  });

  test('after the last fill: the decision is left for who holds it now to end', async () => {
    const { ports } = openedWorld();
    let isFilled = false;
    const watched: Ports = {
      ...ports,
      ledger: {
        ...ports.ledger,
        recordFills: async (...booked) => {
          await ports.ledger.recordFills(...booked);
          isFilled = true;
        },
      },
    };
    // Held for the round that finds all done, and no longer.
    let asks = 0;
    const lease = leaseWhile(() => {
      if (isFilled) asks += 1;
      return asks <= 1;
    });
    expect(await execute(watched, await recordTrade(watched, [planned()]), lease)).toBe('partial');
    expect(isFilled).toBe(true);
    expect(await ports.decisions.unfinished(policy.portfolio)).toHaveLength(1);
  });

  test('and taken again: it counts as held only where nobody had it in between', async () => {
    const renewedAt = async (nextNumber: number) => {
      const given = [leaseWhile(() => false, 7), leaseWhile(() => true, nextNumber)];
      const acquire = async () => given.shift() ?? null;
      const { ports } = openedWorld();
      const lease = await acquireRenewable({ ...ports, lease: { acquire } }, policy.portfolio);
      return await lease?.renew();
    };
    expect(await renewedAt(8)).toBe(true);
    expect(await renewedAt(9)).toBe(false);
  });
});

/**
 * Goal: a transfer is signed with the moment before the lease was asked, and is not sent once the lease is lost.
 * Method: two wallets in memory, and a lease or a row that takes its time between the asking and the sending.
 */
import { describe, expect, test } from 'vitest';
import { moveWallets } from '../../src/rebalance/moveWallets.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { deadlineMs, leaseOf } from './given.ts';
import { stand, statesOf } from './walletsGiven.ts';

describe('a transfer that is late', () => {
  test('is signed with the moment before the lease was asked', async () => {
    const { world, wallets, ports, record } = await stand();
    const held = await leaseOf(ports);
    // Every answer of the lease comes late: the process was frozen while it asked.
    const lease = {
      ...held,
      isHeld: async () => {
        const answer = await held.isHeld();
        world.nowMs += 700;
        return answer;
      },
    };
    await moveWallets({ ports, record, lease, deadlineMs });
    expect(wallets.requests).toBe(1);
    expect(wallets.askedAgoMs).toEqual([700]);
  });

  test('is not sent again by who lost the lease while the row was written', async () => {
    const { world, wallets, ports, record } = await stand();
    wallets.sends.push('dropBefore');
    const held = await leaseOf(ports);
    let isLost = false;
    const watched: Ports = {
      ...ports,
      orders: {
        ...ports.orders,
        update: async (id, update, ...known) => {
          if (update.state === 'intended') isLost = true;
          return await ports.orders.update(id, update, ...known);
        },
      },
    };
    const lease = { ...held, isHeld: async () => !isLost };
    await moveWallets({ ports: watched, record, lease, deadlineMs });
    expect(isLost).toBe(true);
    expect(wallets.requests).toBe(1);
    expect(statesOf(world)).toEqual(['intended 0']);
  });

  test.each([
    ['new', 0],
    ['never arrived', 1],
  ] as const)('does not leave once the switch is pulled: %s', async (which, requests) => {
    const { world, wallets, ports, record } = await stand();
    wallets.sends.push('dropBefore');
    const halts = { new: 'intended', 'never arrived': 'unknown' }[which];
    const pull = (state: string | undefined) => {
      if (state === halts) world.rows.halt = 'by hand';
    };
    const watched: Ports = {
      ...ports,
      orders: {
        ...ports.orders,
        intend: async (row) => {
          const stored = await ports.orders.intend(row);
          pull(stored.state);
          return stored;
        },
        update: async (id, update, ...known) => {
          const updated = await ports.orders.update(id, update, ...known);
          pull(updated.record.state);
          return updated;
        },
      },
    };
    await moveWallets({ ports: watched, record, lease: await leaseOf(ports), deadlineMs });
    expect(world.rows.halt).toBe('by hand');
    expect(wallets.requests).toBe(requests);
    expect(statesOf(world)).toEqual(['absent 0']);
  });
});

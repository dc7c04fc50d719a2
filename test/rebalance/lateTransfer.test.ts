/**
 * Goal: a transfer is signed with the moment before the lease was asked, is not sent once the lease is lost, and is not sent
 * again while the venue may still take the request that was.
 * Method: two wallets in memory, and a lease, a row or a request that takes its time.
 */
import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import { moveWallets } from '../../src/rebalance/moveWallets.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { deadlineMs, leaseOf } from './given.ts';
import { policy, rowsOf, stand, statesOf, wanted } from './walletsGiven.ts';

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

describe('a venue that takes a late request for half a minute', () => {
  const lateMsMax = 30_000;
  const { settlingMs } = policy.execution;

  /** One whose request got no answer, looked for by one run after the other. */
  async function lost(takesIds = false) {
    const { world, wallets, ports, record } = await stand(takesIds);
    wallets.lateMsMax = lateMsMax;
    wallets.sends.push('dropBefore');
    const sentMs = world.nowMs;
    const runAt = async (sinceSentMs: number, untilMs = deadlineMs) => {
      world.nowMs = Math.max(world.nowMs, sentMs + sinceSentMs);
      const lease = await leaseOf(ports);
      const unmoved = await moveWallets({ ports, record, lease, deadlineMs: untilMs });
      await lease.release();
      return unmoved.isOwnOpen;
    };
    return { world, wallets, runAt };
  }

  test('is asked again only when it takes none any more', async () => {
    const { world, wallets, runAt } = await lost();
    expect(await runAt(0)).toBe(true);
    expect(await runAt(lateMsMax - 3 * settlingMs)).toBe(true);
    expect(statesOf(world)).toEqual(['unknown 0']);
    expect(wallets.requests).toBe(1);
    expect(await runAt(lateMsMax)).toBe(false);
    expect(wallets.requests).toBe(2);
    expect(wallets.moved.map((one) => one.amount)).toEqual([wanted]);
  });

  test('is not told over by a later run either, so that no other decision asks for the same', async () => {
    const { world, runAt } = await lost();
    await runAt(0);
    expect(await runAt(lateMsMax - 3 * settlingMs, world.nowMs)).toBe(true);
    expect(statesOf(world)).toEqual(['unknown 0']);
    expect(await runAt(lateMsMax, world.nowMs)).toBe(false);
    expect(statesOf(world)).toEqual(['absent 0']);
  });

  test('has moved the coins once where the request came late', async () => {
    const { world, wallets, runAt } = await lost(true);
    await runAt(0);
    const [row] = rowsOf(world);
    const clientOrderId = row?.clientOrderId ?? null;
    const way = { coin: 'USDT', from: 'spot', to: 'swap', amount: decimal(wanted) };
    const atMs = world.nowMs;
    wallets.moved.push({ ...way, clientOrderId, transferId: 'late', state: 'done', atMs });
    expect(await runAt(lateMsMax)).toBe(false);
    expect(statesOf(world)).toEqual([`filled ${wanted}`]);
    expect(wallets.requests).toBe(1);
  });
});

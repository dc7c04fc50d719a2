/**
 * Goal: transfers between wallets of one venue are recorded before they are sent, never moved twice, never given up while they may
 * have moved; and where the venue takes no client id, list and balances are compared before anything is repeated.
 * Method: two wallets in memory that lose requests, list late and refuse; the process killed at every effect.
 */
import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import { execute } from '../../src/rebalance/execute.ts';
import { moveWallets } from '../../src/rebalance/moveWallets.ts';
import { settleUnended } from '../../src/rebalance/settleUnended.ts';
import { alpha } from '../simulation/instrumentsInMemory.ts';
import { Killed, mortalPorts } from '../simulation/mortalPorts.ts';
import { startProcess } from '../simulation/world.ts';
import { deadlineMs, leaseOf, policy as template, withVenue } from './given.ts';
import { transfersInMemory } from './transfersInMemory.ts';
import { hourMs, policy, rowsOf, stand, statesOf, wanted, withTransfers } from './walletsGiven.ts';

describe.each([
  ['without client ids', false],
  ['with client ids', true],
] as const)('transfers %s', (_, takesIds) => {
  test('bring what the orders need, recorded before they are sent, and no more', async () => {
    const { world, wallets, ports, record } = await stand(takesIds);
    expect(await execute(ports, record, await leaseOf(ports))).toBe('complete');
    expect(wallets.moved).toMatchObject([
      { coin: 'USDT', amount: wanted, from: 'spot', to: 'swap' },
    ]);
    expect(wallets.free).toEqual({ spot: '88337.49', swap: '1672.51' });
    expect(statesOf(world)).toEqual([`filled ${wanted}`]);
    // Run again, the first record wins.
    await execute(ports, record, await leaseOf(ports));
    expect(wallets.requests).toBe(1);
  });

  test('whose answer is lost are found, not repeated', async () => {
    const { world, wallets, ports, record } = await stand(takesIds);
    wallets.sends.push('dropAfter');
    expect(await execute(ports, record, await leaseOf(ports))).toBe('complete');
    expect(wallets.requests).toBe(1);
    expect(statesOf(world)).toEqual([`filled ${wanted}`]);
  });

  test('that never arrived are sent again under the one id, after the settling time', async () => {
    const { world, wallets, ports, record } = await stand(takesIds);
    const sentMs = world.nowMs;
    wallets.sends.push('dropBefore');
    expect(await execute(ports, record, await leaseOf(ports))).toBe('complete');
    expect(wallets.requests).toBe(2);
    expect(wallets.moved).toHaveLength(1);
    expect(rowsOf(world)).toHaveLength(1);
    expect(wallets.moved[0]?.atMs).toBeGreaterThanOrEqual(sentMs + policy.execution.settlingMs);
  });

  test('that have moved and are not listed yet are not repeated: told, and found when they are', async () => {
    const { world, wallets, ports, record } = await stand(takesIds);
    wallets.sends.push('dropAfter');
    wallets.laggingLists = 16;
    expect(await execute(ports, record, await leaseOf(ports))).toBe('complete');
    expect(wallets.requests).toBe(1);
    expect(world.rows.events).toContain('orderAmbiguous');
    expect(statesOf(world)).toEqual([`filled ${wanted}`]);
  });

  test('that never arrived, where as much left otherwise, end after hours: told, and never repeated', async () => {
    const { world, wallets, ports, record } = await stand(takesIds);
    wallets.sends.push('dropBefore');
    const transfers = transfersInMemory(wallets, () => world.nowMs);
    const lossy = withVenue(ports, {
      gateway: {
        transfers: {
          ...transfers,
          send: async (...args) => {
            const outcome = await transfers.send(...args);
            wallets.free = { ...wallets.free, spot: decimal('1000') };
            return outcome;
          },
        },
      },
    });
    expect(await execute(lossy, record, await leaseOf(lossy))).toBe('partial');
    expect(statesOf(world)).toEqual(['unknown 0']);
    const sentAtMs = rowsOf(world)[0]?.sentAtMs ?? 0;
    world.nowMs = sentAtMs + 5 * hourMs;
    expect(await settleUnended(lossy, policy, await leaseOf(lossy))).toHaveLength(1);
    world.nowMs = sentAtMs + 6 * hourMs;
    world.rows.events.splice(0);
    // One list without it is no proof, however late: only after the settling time a second.
    const { settlingMs } = policy.execution;
    expect(await settleUnended(lossy, policy, await leaseOf(lossy))).toEqual([]);
    expect(world.nowMs).toBeGreaterThanOrEqual(sentAtMs + 6 * hourMs + settlingMs);
    expect(statesOf(world)).toEqual(['absent 0']);
    expect(world.rows.events).toContain('orderAmbiguous');
    expect([...world.rows.outcomes.values()]).toHaveLength(1);
    world.nowMs += 6 * hourMs;
    await execute(lossy, record, await leaseOf(lossy));
    expect(wallets.requests).toBe(1);
  });

  test('that were acknowledged are never given up so', async () => {
    const { world, wallets, ports, record } = await stand(takesIds);
    wallets.sends.push('pending');
    await execute(ports, record, await leaseOf(ports));
    wallets.moved.splice(0);
    world.nowMs += 24 * hourMs;
    expect(await settleUnended(ports, policy, await leaseOf(ports))).toHaveLength(1);
    expect(wallets.requests).toBe(1);
  });

  test('that nobody answers for stay unknown: nothing of new risk at that venue, a difference for the reconciliation', async () => {
    const { world, wallets, ports, record } = await stand(takesIds);
    wallets.sends.push('dropAfter');
    wallets.listFails = true;
    expect(await execute(ports, record, await leaseOf(ports))).toBe('partial');
    expect(world.venue.requests).toEqual([]);
    expect(statesOf(world)).toEqual(['unknown 0']);
    world.nowMs = deadlineMs;
    const lease = await leaseOf(ports);
    const open = await settleUnended(ports, policy, lease);
    expect(open).toMatchObject([{ kind: 'order', ledger: 'unknown' }]);
    wallets.listFails = false;
    expect(await settleUnended(ports, policy, lease)).toEqual([]);
    expect(wallets.requests).toBe(1);
  });

  test.each([
    ['refuse', ['rejected 0'], 1],
    ['fail', ['rejected 0'], 1],
    ['notSent', [`filled ${wanted}`], 2],
  ] as const)('that the venue answers with %s', async (send, states, requests) => {
    const { world, wallets, ports, record } = await stand(takesIds);
    wallets.sends.push(send);
    await execute(ports, record, await leaseOf(ports));
    expect(statesOf(world)).toEqual(states);
    expect(wallets.requests).toBe(requests);
  });

  test('under way are followed, and nothing else is sent for them', async () => {
    const { world, wallets, ports, record } = await stand(takesIds);
    wallets.sends.push('pending');
    expect(await execute(ports, record, await leaseOf(ports))).toBe('partial');
    expect(statesOf(world)).toEqual(['working 0']);
    expect(wallets.requests).toBe(1);
  });

  test('are made once, wherever the process is killed', async () => {
    const run = async (atCall: number, when: 'before' | 'after') => {
      const { world, wallets, ports, record } = await stand(takesIds);
      const mortal = mortalPorts(ports, { atCall, when });
      const { gateway } = ports.venues.get(alpha) ?? {};
      const transfers = gateway?.transfers;
      if (transfers === undefined) throw new Error('there are two wallets');
      // The transfers' own calls die, too.
      let calls = 0;
      const dying = withVenue(mortal.ports, {
        gateway: {
          transfers: {
            ...transfers,
            send: async (...args) => {
              calls += 1;
              if (atCall === -1 && when === 'before') throw new Killed('before the request');
              const outcome = await transfers.send(...args);
              if (atCall === -1) throw new Killed('after the request');
              return outcome;
            },
          },
        },
      });
      const lease = await leaseOf(ports);
      const died = await moveWallets({ ports: dying, record, lease, deadlineMs }).then(
        () => false,
        (error: unknown) => {
          if (error instanceof Killed) return true;
          throw error;
        },
      );
      world.nowMs += 10_000;
      const again = withTransfers(world, startProcess(world, 2), wallets);
      await moveWallets({ ports: again, record, lease: await leaseOf(again), deadlineMs });
      expect(wallets.moved, `${when} call ${atCall}`).toHaveLength(1);
      expect(statesOf(world)).toEqual([`filled ${wanted}`]);
      return { died, calls, made: mortal.calls.length };
    };
    const whole = await run(0, 'before');
    expect(whole.died).toBe(false);
    for (const when of ['before', 'after'] as const) {
      for (const atCall of [-1, ...Array.from({ length: whole.made }, (_, index) => index + 1)]) {
        expect((await run(atCall, when)).died).toBe(true);
      }
    }
  });
});

describe('nothing is moved', () => {
  test.each([['where the config does not allow it', { ...policy, limits: template.limits }]])(
    '%s',
    async (_, allowed) => {
      const { wallets, ports, record } = await stand(false, allowed);
      await execute(ports, record, await leaseOf(ports));
      expect(wallets.requests).toBe(0);
    },
  );

  test('while halted, past the deadline, or without the lease', async () => {
    for (const change of ['halt', 'deadline', 'lease'] as const) {
      const { world, wallets, ports, record } = await stand();
      if (change === 'halt') world.rows.halt = 'by hand';
      if (change === 'deadline') world.nowMs = deadlineMs;
      const held = await leaseOf(ports);
      const lease = change === 'lease' ? { ...held, isHeld: async () => false } : held;
      await moveWallets({ ports, record, lease, deadlineMs });
      expect(wallets.requests, change).toBe(0);
      expect(rowsOf(world)).toEqual([]);
    }
  });
});

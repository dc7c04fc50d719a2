/**
 * Goal: coins on their way between the wallets of one venue are no difference that is adjusted: the wallets are read one after the
 * other, and a request under way may be carried out between.
 * Method: a world in memory with a transfer of which nobody knows what became, and a venue whose sum lacks it.
 */
import { expect, test } from 'vitest';
import { moveWallets } from '../../src/rebalance/moveWallets.ts';
import { reconcileVenues } from '../../src/rebalance/reconcileVenues.ts';
import { leaseOf } from './given.ts';
import { adjusting, kinds, nothing } from './reconciledGiven.ts';
import { policy, stand, statesOf } from './walletsGiven.ts';

test('a wallet is not adjusted while a transfer of its coin has not settled', async () => {
  const { world, wallets, ports, record } = await stand();
  wallets.sends.push('dropAfter');
  wallets.listFails = true;
  const lease = await leaseOf(ports);
  await moveWallets({ ports, record, lease, deadlineMs: world.nowMs + 60_000 });
  await lease.release();
  expect(statesOf(world)).toEqual(['unknown 0']);
  const whole = world.venue.wallet.get('USDT') ?? 0;
  world.venue.wallet.set('USDT', whole - 1_662.51);
  const report = await reconcileVenues(ports, policy, adjusting);
  expect(report?.adjusted).toEqual([]);
  expect(report?.outstanding).toMatchObject([
    { kind: 'order', ledger: 'unknown' },
    { kind: 'wallet', subject: 'USDT' },
  ]);
  // Listed again, and both wallets read at rest.
  wallets.listFails = false;
  world.venue.wallet.set('USDT', whole);
  expect(await reconcileVenues(ports, policy, adjusting)).toEqual(nothing);
  expect(kinds(world)).toEqual(['opening']);
});

/**
 * Transfers of one amount that follow each other, as where a limit is in force: each is its own record's, also where the venue
 * takes no client id, so that none is taken for made because an earlier one was.
 *
 * Method: two wallets in memory, two decisions seconds apart that lack the same; requests lost before and after they arrive.
 */
import { expect, test } from 'vitest';
import type { Policy } from '../../src/domain/policy.ts';
import { execute } from '../../src/rebalance/execute.ts';
import { moveWallets } from '../../src/rebalance/moveWallets.ts';
import { alpha } from '../simulation/instrumentsInMemory.ts';
import {
  leaseOf,
  openedWorld,
  planned,
  recordTrade,
  policy as template,
  withVenue,
} from './given.ts';
import { createWallets, transfersInMemory } from './transfersInMemory.ts';

const policy: Policy = { ...template, limits: { ...template.limits, walletMoveUsdMax: 500 } };
const limitMs = 60_000;

function stand(takesIds: boolean) {
  const { world, ports: bare } = openedWorld();
  const wallets = createWallets(takesIds);
  const transfers = transfersInMemory(wallets, () => world.nowMs);
  const ports = withVenue(bare, { gateway: { transfers } });
  /** A decision that lacks more than may be moved at once. */
  const decideAndMove = async () => {
    const recorded = await recordTrade(ports, [planned()], []);
    const record = { ...recorded, policy };
    world.rows.decisions.set(record.rebalanceId, record);
    const lease = await leaseOf(ports);
    return await moveWallets({ ports, record, lease, deadlineMs: world.nowMs + limitMs });
  };
  /** The whole of it. @returns whether it stays open. */
  const decideAndExecute = async () => {
    const recorded = await recordTrade(ports, [planned()], []);
    const record = { ...recorded, policy };
    world.rows.decisions.set(record.rebalanceId, record);
    world.rows.lease = null;
    await execute(ports, record, await leaseOf(ports));
    const open = await ports.decisions.unfinished(policy.portfolio);
    return open.some((one) => one.rebalanceId === record.rebalanceId);
  };
  const rows = () => [...world.rows.orders.values()].filter((one) => one.action === 'transfer');
  return { world, wallets, decideAndMove, decideAndExecute, rows };
}

test.each([
  ['without client ids', false],
  ['with client ids', true],
] as const)(
  'one that never arrived is sent again, though another of its amount was made seconds before: %s',
  async (_, takesIds) => {
    const { world, wallets, decideAndMove, rows } = stand(takesIds);
    await decideAndMove();
    world.nowMs += 2_000;
    wallets.sends.push('dropBefore');
    expect(await decideAndMove()).toEqual({ venues: new Set(), isOwnOpen: false });
    expect(wallets.moved.map((one) => one.amount)).toEqual(['500', '500']);
    expect(rows().map(({ state, venueOrderId }) => [state, venueOrderId])).toEqual([
      ['filled', 't0'],
      ['filled', 't1'],
    ]);
  },
);

test('one whose answer was lost is found behind another of its amount, and is not that one', async () => {
  const { world, wallets, decideAndMove, rows } = stand(false);
  await decideAndMove();
  world.nowMs += 2_000;
  wallets.sends.push('dropAfter');
  await decideAndMove();
  expect(wallets.requests).toBe(2);
  expect(rows().map((one) => one.venueOrderId)).toEqual(['t0', 't1']);
});

test('while one has not settled, a later decision moves nothing at its venue and is told so', async () => {
  const { world, wallets, decideAndMove, rows } = stand(false);
  wallets.sends.push('dropAfter');
  wallets.listFails = true;
  expect(await decideAndMove()).toEqual({ venues: new Set([alpha]), isOwnOpen: true });
  world.nowMs += 2_000;
  wallets.listFails = false;
  wallets.laggingLists = 100;
  // Another's to settle: it holds this one's new risk back, not its end.
  expect(await decideAndMove()).toEqual({ venues: new Set([alpha]), isOwnOpen: false });
  expect(wallets.requests).toBe(1);
  expect(rows()).toHaveLength(1);
});

test('a decision stays open for its own transfer that has not settled, and not for another’s', async () => {
  const { world, wallets, decideAndExecute } = stand(false);
  wallets.sends.push('dropAfter');
  wallets.listFails = true;
  expect(await decideAndExecute()).toBe(true);
  world.nowMs += 2_000;
  expect(await decideAndExecute()).toBe(false);
});

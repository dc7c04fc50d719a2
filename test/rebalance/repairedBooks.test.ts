/**
 * Goal: what a repair undoes is taken from, and given back to, the leg for which it was traded: no part of it is nobody's.
 * Method: a pair opened, and one closed, in a world in memory; one half fills, the other is refused for good, the first is
 * unwound; then the ledger's postings by leg.
 *
 * Tried, and seen to fail: legs that wanted the fill's own direction alone, holders failing those.
 */
import { expect, test } from 'vitest';
import { add, type DecimalText, decimal, zero } from '../../src/domain/decimal.ts';
import { execute } from '../../src/rebalance/execute.ts';
import type { World } from '../simulation/world.ts';
import { eth, ethSpot, leaseOf, openedWorld, policy, recordTrade } from './given.ts';
import { pair } from './pairsGiven.ts';

const leg = 'eth-carry';
const closing = pair.map((order) => ({
  ...order,
  action: order.action === 'buy' ? ('sell' as const) : ('buy' as const),
  limitPrice: decimal(order.action === 'buy' ? '2994' : '3006'),
  risk: 'reduces' as const,
}));
const wantsOf = (targetBase: number) => [
  { symbol: ethSpot.symbol, leg, targetBase },
  { symbol: eth.symbol, leg, targetBase: -targetBase },
];

const heldBy = (world: World, commodity: string, of: string | null): DecimalText =>
  [...world.rows.transactions.values()]
    .flatMap((one) => one.postings)
    .filter((one) => one.commodity === commodity && one.leg === of)
    .filter((one) => one.account === 'wallet' || one.account === 'position')
    .reduce<DecimalText>((sum, one) => add(sum, one.amount), zero);

test('the half of an opening that is unwound leaves its leg with nothing, and nobody else with less', async () => {
  const { world, ports } = openedWorld();
  world.venue.faults.sends.push('none', 'reject', 'reject');
  await execute(ports, await recordTrade(ports, pair, wantsOf(2)), await leaseOf(ports));
  expect(world.venue.wallet.get('ETH') ?? 0).toBe(0);
  expect([heldBy(world, 'ETH', leg), heldBy(world, 'ETH', null)]).toEqual(['0', '0']);
});

test('the half of a closing that is undone is its leg’s again', async () => {
  const { world, ports } = openedWorld();
  await execute(ports, await recordTrade(ports, pair, wantsOf(2)), await leaseOf(ports));
  world.nowMs += policy.execution.deadlineMs;
  world.rows.lease = null;
  world.venue.faults.sends.push('none', 'reject', 'reject');
  await execute(ports, await recordTrade(ports, closing, wantsOf(0)), await leaseOf(ports));
  expect(world.venue.wallet.get('ETH')).toBe(2);
  expect([heldBy(world, 'ETH', leg), heldBy(world, 'ETH', null)]).toEqual(['2', '0']);
  expect(heldBy(world, eth.symbol, leg)).toBe('-2');
});

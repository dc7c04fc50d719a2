/**
 * Goal: an older decision sends nothing more of what a newer one has traded, and what no newer one has touched is still its own.
 * Method: a world in memory; half of a pair sent or none, a process killed, the guard of another or an order of ours in between,
 * then the first decision again while it is still good.
 *
 * Tried, and seen to fail: the works of a pair that the guard has completed not refused.
 */
import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import { execute } from '../../src/rebalance/execute.ts';
import { guardMargin } from '../../src/rebalance/guard.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { leaseMs } from '../simulation/storesInMemory.ts';
import { startProcess, type World } from '../simulation/world.ts';
import {
  attempts,
  eth,
  ethSpot,
  leaseOf,
  openedWorld,
  planned,
  policy,
  recordTrade,
  withVenue,
} from './given.ts';
import { settings } from './guardGiven.ts';
import { long, pair, short, wants } from './pairsGiven.ts';

const sides = (world: World): readonly number[] => [long(world), short(world)];

/** The perpetual is sent and fills; the spot never leaves, and nobody hears of either. */
function dyingAtSends(ports: Ports): Ports {
  const gateway = ports.venues.get(eth.venue)?.gateway;
  if (gateway === undefined) throw new Error('the venue is there');
  return withVenue(ports, {
    gateway: {
      send: async (order, row, askedAtMs) => {
        if (row.symbol === eth.symbol) await gateway.send(order, row, askedAtMs);
        throw new Error('killed');
      },
    },
  });
}

async function leaveHalf() {
  const { world, ports } = openedWorld();
  const record = await recordTrade(ports, pair, wants);
  await expect(execute(dyingAtSends(ports), record, await leaseOf(ports))).rejects.toThrow(
    'killed',
  );
  world.nowMs += leaseMs + 1;
  return { world, record };
}

async function again(world: World, record: Awaited<ReturnType<typeof recordTrade>>) {
  world.nowMs += leaseMs + 1;
  const next = startProcess(world, 3);
  expect(world.nowMs).toBeLessThan(record.decision.deadlineMs);
  await execute(next, record, await leaseOf(next));
}

describe('an older decision, gone on with', () => {
  test('does not buy what the guard of another has bought to complete its half', async () => {
    const { world, record } = await leaveHalf();
    await guardMargin(startProcess(world, 2), policy, settings);
    expect(sides(world)).toEqual([2, 2]);
    await again(world, record);
    expect(sides(world)).toEqual([2, 2]);
  });

  test('sends the other half where nobody has done so', async () => {
    const { world, record } = await leaveHalf();
    await again(world, record);
    expect(sides(world)).toEqual([2, 2]);
  });

  test('sends neither half of a pair of which a newer decision has traded one', async () => {
    const { world, ports } = openedWorld();
    const record = await recordTrade(ports, pair, wants);
    world.nowMs += 1_000;
    const more = { symbol: ethSpot.symbol, limitPrice: decimal('3006'), notionalUsd: 3_000 };
    const newer = await recordTrade(ports, [
      planned({ ...more, decisionPrice: 3_000, quantityBase: decimal('1') }),
    ]);
    await execute(ports, newer, await leaseOf(ports));
    expect(sides(world)).toEqual([1, 0]);
    await again(world, record);
    expect(sides(world)).toEqual([1, 0]);
    expect(attempts(world).every((one) => one.rebalanceId === newer.rebalanceId)).toBe(true);
    expect(await ports.decisions.unfinished(policy.portfolio)).toEqual([]);
  });
});

/**
 * The margin watch: warns, raises the fence where margin is tight or unknown, and lets it fall by itself.
 *
 * Method: accounts of known margin at and beside each limit; then an order against the fence.
 */
import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import { execute } from '../../src/rebalance/execute.ts';
import { noIncreaseCursor } from '../../src/rebalance/fence.ts';
import { watchMargin } from '../../src/rebalance/marginWatch.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { alpha } from '../simulation/venueInMemory.ts';
import {
  eventsNamed,
  leaseOf,
  openedWorld,
  planned,
  policy,
  recordTrade,
  withVenue,
} from './given.ts';

const limits = { warnRatio: 0.5, fenceRatio: 0.7, periodMs: 5_000 };
const fence = noIncreaseCursor(policy.portfolio);

async function withMargin(ports: Ports, maintenanceMarginUsd: number, equityUsd = 1_000) {
  const account = await ports.venues.get(alpha)?.reader.account();
  if (account === undefined) throw new Error('the venue is there');
  return withVenue(ports, {
    reader: { account: async () => ({ ...account, equityUsd, maintenanceMarginUsd }) },
  });
}

describe('watchMargin', () => {
  const rows = [
    ['nothing held', 0, 1_000, 'calm', 0],
    ['under the warning', 499, 1_000, 'calm', 0.499],
    ['at the warning', 500, 1_000, 'warn', 0.5],
    ['under the fence', 699, 1_000, 'warn', 0.699],
    ['at the fence', 700, 1_000, 'fence', 0.7],
    ['past liquidation', 2_000, 1_000, 'fence', 2],
    ['no equity, nothing held', 0, 0, 'fence', 0],
    ['debt', 10, -5, 'fence', -2],
  ] as const;
  test.each(rows)('%s', async (_, maintenance, equity, level, marginRatio) => {
    const { world, ports } = openedWorld();
    const watched = await withMargin(ports, maintenance, equity);
    expect(await watchMargin(watched, policy, limits)).toEqual([
      { venue: 'alpha', equityUsd: equity, marginRatio, level },
    ]);
    expect(world.rows.cursors.has(fence)).toBe(level === 'fence');
    expect(eventsNamed(world, 'margin')).toHaveLength(level === 'calm' ? 0 : 1);
  });

  test('an account that cannot be read raises the fence: unknown is not calm', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.isDown = true;
    expect(await watchMargin(ports, policy, limits)).toEqual([
      { venue: 'alpha', equityUsd: null, marginRatio: null, level: 'fence' },
    ]);
    expect(world.rows.cursors.get(fence)).toBe(world.nowMs + 15_000);
  });

  test('a calm reading does not lower the fence: it falls three periods after it was last raised', async () => {
    const { world, ports } = openedWorld();
    const raisedMs = world.nowMs;
    await watchMargin(await withMargin(ports, 900), policy, limits);
    world.nowMs += limits.periodMs;
    await watchMargin(await withMargin(ports, 0), policy, limits);
    expect(world.rows.cursors.get(fence)).toBe(raisedMs + 3 * limits.periodMs);
  });
});

describe('the fence', () => {
  const run = async (ports: Ports, orders: Parameters<typeof recordTrade>[1]) =>
    await execute(ports, await recordTrade(ports, orders), await leaseOf(ports));

  test('stops an increase while it stands, and lets it go when it has fallen', async () => {
    const { world, ports } = openedWorld();
    await watchMargin(await withMargin(ports, 900), policy, limits);
    expect(await run(ports, [planned()])).toBe('partial');
    expect(world.venue.requests).toEqual([]);
    world.nowMs += 3 * limits.periodMs;
    expect(await run(ports, [planned()])).toBe('complete');
  });

  test('lets a reduction go', async () => {
    const { world, ports } = openedWorld();
    await run(ports, [planned()]);
    world.nowMs += 1_000;
    await watchMargin(await withMargin(ports, 900), policy, limits);
    const selling = planned({
      action: 'sell',
      limitPrice: decimal('49900'),
      reduceOnly: true,
      risk: 'reduces',
    });
    expect(await run(ports, [selling])).toBe('complete');
    expect(world.venue.positions.get('BTC/USDT:USDT')?.quantity).toBe(0);
  });
});

/**
 * The depeg watch in a world in memory: told, remembered, seen by the next decision, which leaves the coin's legs alone or for good.
 */
import { describe, expect, test } from 'vitest';
import { leaveExits } from '../../src/rebalance/leaveExits.ts';
import { observe } from '../../src/rebalance/observe.ts';
import { rebalance } from '../../src/rebalance/rebalance.ts';
import { slotOf } from '../../src/rebalance/slot.ts';
import { pegsFirst, watchPegs } from '../../src/rebalance/watchPegs.ts';
import { startProcess } from '../simulation/world.ts';
import { eventsNamed, openedWorld, policy } from './given.ts';

const limits = { restrictShare: 0.02, exitShare: 0.05, confirmMs: 10_000, releaseMs: 60_000 };
/** Against USDT; the unit is the median of both, so the coin is half as far below it. */
const tether = { ...policy, bookUnit: 'usdt' as const };

async function decided(price: number) {
  const { world, ports } = openedWorld();
  const first = await rebalance(ports, tether, slotOf('test', 'schedule', world.nowMs), 'test');
  world.venue.prices.set('USDC/USDT', price);
  const leaving: string[] = [];
  for (let run = 0; run < 3; run += 1) {
    world.nowMs += 10_000;
    const process = startProcess(world, 1);
    await watchPegs(process, tether, limits);
    leaving.push(...(await leaveExits(process, tether, async () => undefined)));
  }
  world.nowMs += 1_000;
  const second = await rebalance(ports, tether, slotOf('test', 'schedule', world.nowMs), 'test');
  world.nowMs += 300_000;
  const still = await leaveExits(ports, tether, async () => undefined);
  const lent = (result: typeof first) =>
    result.kind === 'ended'
      ? result.record.decision.explanation?.legs.find((leg) => leg.leg === 'usdc-earn')
      : undefined;
  return { world, ports, leaving, still, before: lent(first), after: lent(second) };
}

describe('watchPegs', () => {
  test('a coin at par says nothing and is in no snapshot', async () => {
    const { world, leaving, before, after } = await decided(1);
    expect(leaving).toEqual([]);
    expect(eventsNamed(world, 'pegState')).toEqual([]);
    expect(before?.targetUsd).toBeGreaterThan(0);
    expect(after?.binding?.code).not.toBe('PEG_STATE');
    const latest = [...world.rows.decisions.values()].at(-1);
    expect(latest?.snapshot.pegs).toBeUndefined();
  });

  test('three cents below, nothing is added to its legs', async () => {
    const { world, leaving, after } = await decided(0.97);
    expect(leaving).toEqual([]);
    expect(eventsNamed(world, 'pegState')).toMatchObject([{ coin: 'USDC', to: 'restrict' }]);
    expect(after?.binding?.code).toBe('PEG_STATE');
    expect(after?.targetUsd).toBeLessThanOrEqual(after?.heldUsd ?? 0);
  });

  test('ten cents below, its legs are left, and that is asked for once', async () => {
    const { world, leaving, still, after } = await decided(0.9);
    expect(leaving).toEqual(['USDC']);
    expect(still).toEqual([]);
    expect(after).toMatchObject({ targetUsd: 0, binding: { code: 'PEG_STATE' } });
    expect(world.rows.events).toContain('pegState');
    expect(world.venue.positions.get('earn:USDC')?.quantity).toBe(0);
  });
});

test('a coin that the watch has lost sight of is not called pegged: nothing is added until it is seen', async () => {
  const { world, ports } = openedWorld();
  const pegs = async () =>
    (await observe(ports, tether, slotOf('test', 'schedule', world.nowMs))).pegs;
  await pegsFirst(ports, tether, limits);
  world.nowMs += 900_000;
  expect(await pegs()).toBeUndefined();
  const price = world.venue.prices.get('USDC/USDT') ?? 0;
  world.venue.prices.delete('USDC/USDT');
  await watchPegs(ports, tether, limits);
  world.nowMs += 1;
  expect(await pegs()).toEqual({ USDC: 'restrict' });
  world.venue.prices.set('USDC/USDT', price);
  const result = await rebalance(ports, tether, slotOf('test', 'schedule', world.nowMs), 'test');
  if (result.kind !== 'ended') throw new Error('it ends');
  const legs = result.record.decision.explanation?.legs ?? [];
  expect(legs.find((leg) => leg.leg === 'usdc-earn')?.binding?.code).toBe('PEG_STATE');
  await pegsFirst(ports, tether, limits);
  expect(await pegs()).toBeUndefined();
  // Somebody has looked a moment ago.
  world.nowMs += 59_000;
  const cursors = new Map(world.rows.cursors);
  await pegsFirst(ports, tether, limits);
  expect(world.rows.cursors).toEqual(cursors);
});

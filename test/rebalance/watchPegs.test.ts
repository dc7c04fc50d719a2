/**
 * The depeg watch in a world in memory: told, remembered, seen by the next decision, which leaves the coin's legs alone or for good.
 */
import { describe, expect, test } from 'vitest';
import { leaveExits } from '../../src/rebalance/leaveExits.ts';
import { rebalance } from '../../src/rebalance/rebalance.ts';
import { slotOf } from '../../src/rebalance/slot.ts';
import { watchPegs } from '../../src/rebalance/watchPegs.ts';
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

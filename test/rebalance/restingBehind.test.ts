/**
 * A passive order that the market leaves behind is taken back and rests anew at the best price; its patience is one.
 *
 * Method: the world in memory with a venue that lets it rest, prices moved meanwhile. Tried, and seen to fail: comparing with the other
 * side of the book, and looking never.
 */
import { describe, expect, test } from 'vitest';
import { toNumber } from '../../src/domain/decimal.ts';
import { execute } from '../../src/rebalance/execute.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { movePrices } from '../simulation/world.ts';
import { attempts, leaseOf, openedWorld, planned, policy, recordTrade, states } from './given.ts';

/** Resting, with the price moved once after a second; and how often a quote was asked for while it rested. */
async function restingWhile(move: number, action: 'buy' | 'sell' = 'buy') {
  const { world, ports } = openedWorld();
  world.venue.faults.passiveRests = true;
  const order = planned({
    style: 'passive',
    action,
    ...(action === 'sell' ? { limitPrice: planned().limitPrice, decisionPrice: 50_000 } : {}),
  });
  const record = await recordTrade(ports, [
    { ...order, limitPrice: (action === 'buy' ? '51000' : '49000') as typeof order.limitPrice },
  ]);
  const startedMs = world.nowMs;
  let hasMoved = false;
  const clock: Ports['clock'] = {
    ...ports.clock,
    sleep: async (ms, signal) => {
      await ports.clock.sleep(ms, signal);
      if (hasMoved || world.nowMs - startedMs < 500) return;
      hasMoved = true;
      movePrices(world, move);
    },
  };
  const changed = { ...record.policy.execution, repegEveryMs: 1_000, crossAfterMs: 5_000 };
  const moving = { ...record, policy: { ...record.policy, execution: changed } };
  const outcome = await execute({ ...ports, clock }, moving, await leaseOf(ports));
  return { world, outcome, startedMs };
}

describe('a purchase that rests', () => {
  test('is placed anew where the market went up, and crosses when its patience is over', async () => {
    const { world, outcome, startedMs } = await restingWhile(0.001);
    expect(outcome).toBe('complete');
    expect(states(world)).toEqual([
      'postOnly cancelled 0',
      'postOnly cancelled 0',
      'ioc filled 0.1',
    ]);
    const [first, second, third] = attempts(world);
    expect(toNumber(second?.limitPrice ?? planned().quantityBase)).toBeGreaterThan(
      toNumber(first?.limitPrice ?? planned().quantityBase),
    );
    expect((third?.intendedAtMs ?? 0) - startedMs).toBeLessThan(
      5_000 + 2 * policy.execution.pollMs,
    );
  });

  test('stays where the market went down: it is the best already', async () => {
    const { world } = await restingWhile(-0.001);
    expect(states(world)).toEqual(['postOnly cancelled 0', 'ioc filled 0.1']);
  });
});

test('a sale is placed anew where the market went down, and stays where it went up', async () => {
  const down = await restingWhile(-0.001, 'sell');
  expect(states(down.world)).toHaveLength(3);
  const up = await restingWhile(0.001, 'sell');
  expect(states(up.world)).toHaveLength(2);
});

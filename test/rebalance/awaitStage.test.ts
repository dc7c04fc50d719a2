/**
 * Orders that are spread over time: each stage leaves at its time, and a halt, a deadline or a lost lease ends the wait.
 *
 * Method: recorded decisions in the world in memory on its own clock. Tried, and seen to fail: taking the wait out, and waiting on
 * while halted.
 */
import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import { execute } from '../../src/rebalance/execute.ts';
import {
  attempts,
  fleetingLease,
  leaseOf,
  openedWorld,
  planned,
  policy,
  recordTrade,
} from './given.ts';

const deadlineMs = policy.execution.deadlineMs;

function spread(nowMs: number, offsetsMs: readonly number[]) {
  return offsetsMs.map((offsetMs, index) =>
    planned({
      quantityBase: decimal('0.05'),
      notionalUsd: 2_500,
      stage: index,
      slice: index,
      notBeforeMs: nowMs + offsetMs,
    }),
  );
}

describe('a plan that is spread over time', () => {
  test('sends each slice at its time, not before, and completes', async () => {
    const { world, ports } = openedWorld();
    const startedMs = world.nowMs;
    const record = await recordTrade(ports, spread(startedMs, [0, 20_000, 45_000]));
    expect(await execute(ports, record, await leaseOf(ports))).toBe('complete');
    const sentMs = attempts(world)
      .map((one) => one.intendedAtMs - startedMs)
      .sort((a, b) => a - b);
    expect(sentMs).toHaveLength(3);
    expect(sentMs[0]).toBeLessThan(1_000);
    for (const [index, offsetMs] of [0, 20_000, 45_000].entries()) {
      expect(sentMs[index]).toBeGreaterThanOrEqual(offsetMs);
      expect(sentMs[index]).toBeLessThan(offsetMs + 2_000);
    }
  });

  test('halted while it waits sends nothing more', async () => {
    const { world, ports } = openedWorld();
    const record = await recordTrade(ports, spread(world.nowMs, [0, 20_000]));
    const clock = {
      ...ports.clock,
      sleep: async (ms: number) => {
        world.rows.halt = 'by hand';
        await ports.clock.sleep(ms);
      },
    };
    expect(await execute({ ...ports, clock }, record, await leaseOf(ports))).toBe('halted');
    expect(attempts(world)).toHaveLength(1);
    expect(world.nowMs - (record.snapshot.observedAtMs ?? 0)).toBeLessThan(19_000);
  });

  test('past the deadline nothing is sent, however late its time', async () => {
    const { world, ports } = openedWorld();
    const record = await recordTrade(ports, spread(world.nowMs, [0, deadlineMs + 60_000]));
    expect(await execute(ports, record, await leaseOf(ports))).toBe('partial');
    expect(attempts(world)).toHaveLength(1);
  });

  test('without the lease the wait ends and nothing is sent', async () => {
    const { world, ports } = openedWorld();
    const record = await recordTrade(ports, spread(world.nowMs, [20_000]));
    expect(await execute(ports, record, fleetingLease(2))).toBe('partial');
    expect(attempts(world)).toHaveLength(0);
  });
});

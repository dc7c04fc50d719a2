/**
 * Goal: orders that are repeated without a fill stop, stay stopped over a restart and a late fill, and go on when a person resumes.
 * Method: the line in a world in memory whose order store tells the count; prices move, so every slot would trade.
 *
 * Tried, and seen to fail: the denial not remembered (the fill opens it), `resume` without releasing it.
 */
import { expect, test } from 'vitest';
import { resume } from '../../src/rebalance/halt.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { rebalance } from '../../src/rebalance/rebalance.ts';
import { slotOf } from '../../src/rebalance/slot.ts';
import { startMs, startProcess } from '../simulation/world.ts';
import { btc, openedWorld, policy } from './given.ts';

type Count = { orders: number };

/** A process that finds so many orders in BTC without a fill; a person's resume is heeded by the store's own rule. */
function counting(ports: Ports, count: Count): Ports {
  return {
    ...ports,
    orders: {
      ...ports.orders,
      repeats: async (_, sinceMs): Promise<Record<string, number>> =>
        sinceMs > 0 ? {} : { [btc.id]: count.orders },
    },
  };
}

async function denialsOf(ports: Ports, number: number): Promise<readonly string[]> {
  const slot = slotOf(policy.portfolio, 'schedule', startMs + number);
  const result = await rebalance(ports, policy, slot, 'v1');
  if (result.kind !== 'ended') throw new Error(`the slot is run, was ${result.kind}`);
  return result.record.decision.denials
    .filter((denial) => denial.instrument === btc.id)
    .map((denial) => denial.code);
}

test('it strikes at the limit, outlasts a fill and a restart, and ends with a person’s resume', async () => {
  const { world, ports } = openedWorld();
  const count = { orders: policy.limits.repeatsMax };
  expect(await denialsOf(counting(ports, count), 1)).toEqual(['REPEATED_EXECUTION']);
  // A fill came late: nothing is counted any more, and another process runs.
  count.orders = 0;
  const again = counting(startProcess(world, 2), count);
  expect(await denialsOf(again, 2)).toEqual(['REPEATED_EXECUTION']);
  world.nowMs += 1;
  await resume(again, policy.portfolio, 'a person');
  expect(await denialsOf(again, 3)).toEqual([]);
  expect(world.events).toContainEqual({ event: 'resumed', by: 'a person' });
});

test('what was counted before a person resumed counts no more', async () => {
  const { world, ports } = openedWorld();
  const here = counting(ports, { orders: policy.limits.repeatsMax });
  expect(await denialsOf(here, 1)).toEqual(['REPEATED_EXECUTION']);
  world.nowMs += 1;
  await resume(here, policy.portfolio);
  expect(await denialsOf(here, 2)).toEqual([]);
});

test('below the limit nothing is remembered', async () => {
  const { ports } = openedWorld();
  const count = { orders: policy.limits.repeatsMax - 1 };
  expect(await denialsOf(counting(ports, count), 1)).toEqual([]);
});

/**
 * Goal: half a pair that waited for a newer decision to tell is mended before the next one is made, when that one took nothing over;
 * one that is found long after its decision is not opened anew.
 * Method: a world in memory, halted, so that nothing but repairs is sent; a process killed between two halves.
 *
 * Tried, and seen to fail: earlier decisions gone over once; a late half completed.
 */
import { expect, test } from 'vitest';
import { execute } from '../../src/rebalance/execute.ts';
import { rebalance } from '../../src/rebalance/rebalance.ts';
import { slotOf } from '../../src/rebalance/slot.ts';
import { leaseMs } from '../simulation/storesInMemory.ts';
import { startProcess } from '../simulation/world.ts';
import { eth, leaseOf, openedWorld, policy, recordTrade, withVenue } from './given.ts';
import { long, pair, repairs, short, wants } from './pairsGiven.ts';

/** The perpetual has filled, the spot never left. */
async function leaveHalf() {
  const { world, ports } = openedWorld();
  const record = await recordTrade(ports, pair, wants);
  const gateway = ports.venues.get(eth.venue)?.gateway;
  if (gateway === undefined) throw new Error('the venue is there');
  const dying = withVenue(ports, {
    gateway: {
      send: async (order, row, askedAtMs) => {
        if (row.symbol === eth.symbol) await gateway.send(order, row, askedAtMs);
        throw new Error('killed');
      },
    },
  });
  await expect(execute(dying, record, await leaseOf(ports))).rejects.toThrow('killed');
  expect([long(world), short(world)]).toEqual([0, 2]);
  world.rows.halt = 'by hand';
  world.nowMs += leaseMs + 1;
  return { world, record };
}

const nextSlot = (nowMs: number) => slotOf(policy.portfolio, 'schedule', nowMs);

test('half a pair behind a newer decision that is open is mended once that has ended without trading it', async () => {
  const { world } = await leaveHalf();
  const ports = startProcess(world, 2);
  const newer = await recordTrade(ports, pair, wants);
  await rebalance(ports, policy, nextSlot(world.nowMs + 1), 'v1');
  expect(repairs(world).length).toBeGreaterThan(0);
  expect(long(world)).toBe(short(world));
  expect(world.rows.outcomes.get(newer.rebalanceId)).toBe('halted');
});

test('within the time of a repair it is completed, later only unwound', async () => {
  const { execution } = policy;
  for (const { lateMs, held } of [
    { lateMs: 0, held: 2 },
    { lateMs: execution.repairMs, held: 0 },
  ]) {
    const { world, record } = await leaveHalf();
    world.nowMs = record.decision.deadlineMs + lateMs;
    await rebalance(startProcess(world, 2), policy, nextSlot(world.nowMs), 'v1');
    expect([long(world), short(world)]).toEqual([held, held]);
  }
});

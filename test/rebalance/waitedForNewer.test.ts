/**
 * Goal: half a pair that waited for a newer decision to tell is mended before the next one is made, when that one took nothing over;
 * one that is found long after its decision is completed only where it is seen to be there.
 * Method: a world in memory, halted, so that nothing but repairs is sent; a process killed between two halves.
 *
 * Tried, and seen to fail: earlier decisions gone over once; a late half completed unseen, or never.
 */
import { describe, expect, test } from 'vitest';
import { readClientOrderId } from '../../src/domain/ids.ts';
import { execute } from '../../src/rebalance/execute.ts';
import { rebalance } from '../../src/rebalance/rebalance.ts';
import { slotOf } from '../../src/rebalance/slot.ts';
import { leaseMs } from '../simulation/storesInMemory.ts';
import { noAnswer } from '../simulation/venueFaults.ts';
import { startProcess, type World } from '../simulation/world.ts';
import {
  attempts,
  eth,
  ethSpot,
  eventsNamed,
  leaseOf,
  openedWorld,
  policy,
  recordTrade,
  withVenue,
} from './given.ts';
import { long, pair, repairs, short, wants } from './pairsGiven.ts';

/** One half has filled, the other never left. */
async function leaveHalf(filled = eth) {
  const { world, ports } = openedWorld();
  const record = await recordTrade(ports, pair, wants);
  const gateway = ports.venues.get(eth.venue)?.gateway;
  if (gateway === undefined) throw new Error('the venue is there');
  const dying = withVenue(ports, {
    gateway: {
      send: async (order, row, askedAtMs) => {
        if (row.symbol === filled.symbol) await gateway.send(order, row, askedAtMs);
        throw new Error('killed');
      },
    },
  });
  await expect(execute(dying, record, await leaseOf(ports))).rejects.toThrow('killed');
  expect(long(world) + short(world)).toBe(2);
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

test('nor is it gone over again while that one is open itself', async () => {
  const { world, record } = await leaveHalf();
  const plain = startProcess(world, 2);
  const newer = await recordTrade(plain, pair, wants);
  const [row] = attempts(world);
  const gateway = plain.venues.get(eth.venue)?.gateway;
  if (row === undefined || gateway === undefined)
    throw new Error('the venue and an order are there');
  const clientOrderId = readClientOrderId('f'.repeat(32));
  const { rebalanceId } = newer;
  world.rows.orders.set(clientOrderId, { ...row, clientOrderId, rebalanceId, state: 'unknown' });
  const silent = withVenue(plain, {
    gateway: {
      lookUp: async (asked, instrument) =>
        asked.rebalanceId === rebalanceId
          ? { kind: 'unknown', reason: 'no answer' }
          : await gateway.lookUp(asked, instrument),
    },
  });
  await rebalance(silent, policy, nextSlot(world.nowMs + 1), 'v1');
  const told = eventsNamed(world, 'pairUnhedged').filter(
    (one) => one.rebalanceId === record.rebalanceId,
  );
  expect(told).toHaveLength(1);
});

describe('found long after its decision', () => {
  const late = async (filled: typeof eth, change: (world: World) => void) => {
    const { world, record } = await leaveHalf(filled);
    world.nowMs = record.decision.deadlineMs + policy.execution.repairMs;
    change(world);
    await rebalance(startProcess(world, 2), policy, nextSlot(world.nowMs), 'v1');
    return [long(world), short(world)];
  };

  test.each([eth, ethSpot])('%# it is completed where it is seen to be there', async (filled) => {
    expect(await late(filled, () => {})).toEqual([2, 2]);
  });

  test('a perpetual that a person has closed is not made up for by a purchase', async () => {
    const [bought] = await late(eth, (world) => void world.venue.positions.delete(eth.symbol));
    expect(bought).toBe(0);
  });

  test('nor coins that a person has sold by a sale', async () => {
    expect(await late(ethSpot, (world) => void world.venue.wallet.delete('ETH'))).toEqual([0, 0]);
  });

  test('nor is one completed where the account cannot be read: it is unwound', async () => {
    const { world, record } = await leaveHalf();
    world.nowMs = record.decision.deadlineMs + policy.execution.repairMs;
    const silent = () => Promise.reject(noAnswer());
    const blind = withVenue(startProcess(world, 2), { reader: { positions: silent } });
    await rebalance(blind, policy, nextSlot(world.nowMs), 'v1');
    expect([long(world), short(world)]).toEqual([0, 0]);
  });
});

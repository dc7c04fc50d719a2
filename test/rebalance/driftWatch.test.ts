/**
 * The drift watch: asks for a rebalance where a leg has left twice its band, not before a pause, and not where the way back is not
 * worth its cost.
 *
 * Method: a world in memory that has traded once; then prices move.
 */
import { expect, test } from 'vitest';
import { negate } from '../../src/domain/decimal.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { Transaction } from '../../src/ledger/transaction.ts';
import { watchDrift } from '../../src/rebalance/driftWatch.ts';
import { rebalance } from '../../src/rebalance/rebalance.ts';
import { slotOf } from '../../src/rebalance/slot.ts';
import { movePrices, type World } from '../simulation/world.ts';
import { eth, ethSpot, openedWorld, policy } from './given.ts';

const pauseMs = 900_000;

async function traded(share: number) {
  const { world, ports } = openedWorld();
  const ended = await rebalance(
    ports,
    policy,
    slotOf(policy.portfolio, 'manual', world.nowMs),
    'test',
  );
  if (ended.kind !== 'ended') throw new Error(ended.kind);
  const { decidedAtMs } = ended.record.decision;
  movePrices(world, share);
  const drifted = async (afterMs: number, wished: Policy = policy) => {
    world.nowMs = decidedAtMs + afterMs;
    return (await watchDrift(ports, wished)).map((one) => one.leg);
  };
  return { world, ports, drifted };
}

test('a leg that has left twice its band is named, once the pause is over', async () => {
  const { drifted } = await traded(0.25);
  expect(await drifted(pauseMs - 1)).toEqual([]);
  expect(await drifted(pauseMs)).toContain('btc');
  expect(await drifted(pauseMs)).not.toContain('usdc-earn');
});

test('inside twice its band it is left alone', async () => {
  const { drifted } = await traded(0.1);
  expect(await drifted(pauseMs)).toEqual([]);
});

test('so it is where the plan would not trade either, for what it costs', async () => {
  const { drifted } = await traded(0.25);
  const costly: Policy = {
    ...policy,
    sizing: { ...policy.sizing, tradeTo: 'edge', rewardPerRisk: 1e-6 },
  };
  expect(await drifted(pauseMs, costly)).toEqual([]);
});

test('a carry of which one half is gone is named, whichever it is', async () => {
  const { world, ports, drifted } = await traded(0);
  expect(await drifted(pauseMs)).toEqual([]);
  const held = await ports.ledger.balances(policy.portfolio);
  for (const commodity of [eth.symbol, ethSpot.baseCoin]) {
    const lost = held.filter((one) => one.leg === 'eth-carry' && one.commodity === commodity);
    expect(lost.map((one) => Math.abs(Number(one.amount)) > 0)).toContain(true);
    const postings = lost.map((one) => ({ ...one, amount: negate(one.amount) }));
    const id = `lost ${commodity}`;
    world.rows.transactions.set(id, { ...anyTransaction(world), id, postings });
    expect(await drifted(pauseMs)).toEqual(['eth-carry']);
    world.rows.transactions.delete(id);
  }
});

function anyTransaction({ rows }: World): Transaction {
  const [one] = rows.transactions.values();
  if (one === undefined) throw new Error('the opening is there');
  return one;
}

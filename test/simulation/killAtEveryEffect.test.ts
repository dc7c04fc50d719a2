/**
 * The line is killed at every effect in turn, prices move, a new process runs the same slot: the orders that the venue got
 * are those of the recorded decision, each once, and the ledger equals the venue.
 *
 * Method: a world in memory in which every call of every port is counted; the n-th kills the process, before or after it took
 * place; the venue takes a repeated client id as a second order, so that a doubled order shows as one.
 *
 * Tried, and seen to fail: sending before the intent is recorded (`send` above `intend` in sendOrder.ts): five of six tests,
 * "a client order id reached the venue twice". Remembering fills before their entries are posted: the ledger lacked them.
 */
import { describe, expect, test } from 'vitest';
import { toNumber } from '../../src/domain/decimal.ts';
import type { PlannedOrder } from '../../src/domain/order.ts';
import { applyTransactions, emptyBook } from '../../src/ledger/book.ts';
import { reconcile } from '../../src/ledger/reconcile.ts';
import { rebalance } from '../../src/rebalance/rebalance.ts';
import { recover } from '../../src/rebalance/recover.ts';
import { slotOf } from '../../src/rebalance/slot.ts';
import { alpha, instruments } from './instrumentsInMemory.ts';
import { type Death, Killed, mortalPorts } from './mortalPorts.ts';
import { leaseMs } from './storesInMemory.ts';
import { createVenue } from './venueInMemory.ts';
import {
  createWorld,
  movePrices,
  openWorld,
  policy,
  startMs,
  startProcess,
  type World,
} from './world.ts';

const slot = slotOf('test', 'schedule', startMs);
const never: Death = { atCall: 0, when: 'before' };

async function run(world: World, process: number, death: Death) {
  const mortal = mortalPorts(startProcess(world, process), death);
  const died = await rebalance(mortal.ports, policy, slot, 'test').then(
    () => false,
    (error: unknown) => {
      if (error instanceof Killed) return true;
      throw error;
    },
  );
  return { died, calls: mortal.calls };
}

/** The same slot in a new process, once the dead one's lease has run out. */
async function restart(world: World): Promise<void> {
  world.nowMs += leaseMs + 1;
  const ports = startProcess(world, 2);
  await recover(ports, policy, { leverage: 6, leaseWaitMs: 2 * leaseMs });
  const result = await rebalance(ports, policy, slot, 'test');
  expect(result.kind).not.toBe('busy');
}

/** What the venue got, against what was decided: per planned order its side and quantity, never more, never twice. */
function judgeOrders(world: World, mustBeComplete: boolean): void {
  const record = world.rows.decisions.get(slot.rebalanceId);
  const ids = world.venue.orders.map((order) => order.clientOrderId);
  expect(new Set(ids).size, 'a client order id reached the venue twice').toBe(ids.length);
  for (const order of world.venue.orders) {
    expect(world.rows.orders.has(order.record.clientOrderId), 'an order nobody recorded').toBe(
      true,
    );
  }
  if (record === undefined) {
    expect(world.venue.orders).toEqual([]);
    return;
  }
  if (record.decision.kind !== 'trade') throw new Error('the world is made so that it trades');
  const traded = (instrument: string, slice: number, action: string): number =>
    world.venue.orders
      .filter((order) => order.instrument === instrument)
      .filter((order) => order.record.slice === slice && order.record.action === action)
      .reduce((sum, order) => sum + toNumber(order.filledBase), 0);
  for (const order of record.decision.orders) {
    const filled = traded(order.instrument, order.slice, order.action);
    const wanted = toNumber(order.quantityBase);
    expect(filled).toBeLessThanOrEqual(wanted + 1e-12);
    if (mustBeComplete) expect(filled).toBeCloseTo(wanted, 12);
  }
  const planned = new Set(record.decision.orders.map((one) => `${one.instrument} ${one.slice}`));
  const foreign = world.venue.orders.filter(
    ({ instrument, record: { purpose, slice } }) =>
      purpose !== 'repair' && !planned.has(`${instrument} ${slice}`),
  );
  expect(foreign, 'an order that is not in the decision').toEqual([]);
  judgePairs(world, record.decision.orders);
}

/** Whatever happened on the way, no half of a pair is left alone: repairs complete or unwind it. */
function judgePairs(world: World, orders: readonly PlannedOrder[]): void {
  const paired = orders.filter((order) => order.pair !== null);
  const net = world.venue.orders
    .filter(
      ({ instrument, record: { slice, purpose } }) =>
        paired.some((half) => half.instrument === instrument && half.slice === slice) ||
        purpose === 'repair',
    )
    .reduce(
      (sum, { filledBase, record: { action } }) =>
        sum + (action === 'buy' ? 1 : -1) * toNumber(filledBase),
      0,
    );
  // Every pair of this world is in one coin, so bought and sold halves cancel.
  expect(Math.abs(net), 'a naked half of a pair').toBeLessThan(1e-9);
}

async function judgeLedger(world: World): Promise<void> {
  const book = applyTransactions(emptyBook, [...world.rows.transactions.values()]);
  const clock = { nowMs: () => world.nowMs, sleep: async () => undefined };
  const { reader } = createVenue(world.venue, clock);
  const [account, positions] = await Promise.all([reader.account(), reader.positions()]);
  const found = reconcile(book, {
    venue: alpha,
    positions,
    coins: account.coins,
    quantityStepBase: Object.fromEntries(
      instruments.map((one) => [one.symbol, one.quantityStepBase]),
    ),
    usdByCoin: { USDT: 1, USDC: 1, ETH: 3000 },
  });
  expect(found).toEqual([]);
}

describe('killed at every effect', async () => {
  const whole = openWorld(createWorld());
  const { calls } = await run(whole, 1, never);
  const orders = whole.venue.orders.length;

  test('an undisturbed run sends every order of the decision once and books it', async () => {
    expect(orders).toBeGreaterThan(5);
    expect(calls.length).toBeGreaterThan(50);
    judgeOrders(whole, true);
    await judgeLedger(whole);
  });

  for (const when of ['before', 'after'] as const) {
    test(`${when} each of its calls, prices moving a little: the recorded decision, each order once`, async () => {
      for (let atCall = 1; atCall <= calls.length; atCall += 1) {
        const world = openWorld(createWorld());
        const { died } = await run(world, 1, { atCall, when });
        expect(died, `call ${atCall} (${calls[atCall - 1]})`).toBe(true);
        movePrices(world, atCall % 2 === 0 ? 0.0004 : -0.0004);
        await restart(world);
        judgeOrders(world, true);
        await judgeLedger(world);
      }
    });

    test(`${when} each of its calls, prices jumping: nothing doubled, nothing beyond the decision`, async () => {
      for (let atCall = 1; atCall <= calls.length; atCall += 1) {
        const world = openWorld(createWorld());
        await run(world, 1, { atCall, when });
        const hadDecided = world.rows.decisions.get(slot.rebalanceId);
        movePrices(world, atCall % 2 === 0 ? 0.03 : -0.03);
        await restart(world);
        if (hadDecided !== undefined) {
          expect(world.rows.decisions.get(slot.rebalanceId)).toEqual(hadDecided);
        }
        judgeOrders(world, false);
        await judgeLedger(world);
      }
    });
  }

  test('killed again while recovering, at every call of the second run', async () => {
    const middle = Math.floor(calls.length / 2);
    const probe = openWorld(createWorld());
    await run(probe, 1, { atCall: middle, when: 'after' });
    probe.nowMs += leaseMs + 1;
    const second = (await run(probe, 2, never)).calls.length;
    for (let atCall = 1; atCall <= second; atCall += 1) {
      const world = openWorld(createWorld());
      await run(world, 1, { atCall: middle, when: 'after' });
      world.nowMs += leaseMs + 1;
      await run(world, 3, { atCall, when: 'before' });
      movePrices(world, 0.0004);
      await restart(world);
      judgeOrders(world, true);
      await judgeLedger(world);
    }
  });
});

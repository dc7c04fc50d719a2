/**
 * The guard at work in a world in memory: prices crash, a venue takes half a hedge, a rebalance holds the lease, processes die.
 *
 * What must hold: an account that the rules can save is not liquidated, nothing grows while it is tight, pairs are mended, the ledger
 * equals the venue, and no order is doubled wherever the process dies.
 */
import { describe, expect, test } from 'vitest';
import { toNumber } from '../../src/domain/decimal.ts';
import { noIncreaseCursor } from '../../src/rebalance/fence.ts';
import { guardMargin } from '../../src/rebalance/guard.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { rebalance } from '../../src/rebalance/rebalance.ts';
import { reconcileVenues } from '../../src/rebalance/reconcileVenues.ts';
import { slotOf } from '../../src/rebalance/slot.ts';
import { alpha } from '../simulation/instrumentsInMemory.ts';
import { isLiquidated } from '../simulation/marginInMemory.ts';
import { type Death, Killed, mortalPorts } from '../simulation/mortalPorts.ts';
import { leaseMs } from '../simulation/storesInMemory.ts';
import { forceClose } from '../simulation/tradesInMemory.ts';
import {
  createWorld,
  movePrices,
  openWorld,
  startProcess,
  type World,
} from '../simulation/world.ts';
import { forgetsAfter, orphaned } from './forgottenGiven.ts';
import {
  btc,
  deadlineMs,
  eth,
  eventsNamed,
  leaseOf,
  openedWorld,
  planned,
  policy,
  recordTrade,
} from './given.ts';
import { differences, holdBitcoin, holdCarry, limits, settings } from './guardGiven.ts';

const positionOf = (world: World, symbol: string): number =>
  world.venue.positions.get(symbol)?.quantity ?? 0;

const accountOf = async (ports: Ports) => {
  const account = await ports.venues.get(alpha)?.reader.account();
  if (account === undefined) throw new Error('the venue is there');
  return account;
};

/** Half a percent every five seconds. @returns whether the venue liquidated on the way. */
async function crash(world: World, ports: Ports, share: number, isGuarded: boolean) {
  const steps = Math.ceil(Math.log(1 - share) / Math.log(1 - 0.005));
  for (let step = 0; step < steps; step += 1) {
    movePrices(world, -0.005);
    if (isLiquidated(await accountOf(ports))) return true;
    world.nowMs += settings.periodMs;
    if (isGuarded) await guardMargin(ports, policy, settings);
  }
  return false;
}

describe('a crash', () => {
  test('of 45 % liquidates three times leverage without the guard', async () => {
    const { world, ports } = openedWorld();
    holdBitcoin(world, 6);
    expect(await crash(world, ports, 0.45, false)).toBe(true);
  });

  test('of 45 % does not with it: the ladder is climbed, only reductions are sent, the ledger equals the venue', async () => {
    const { world, ports } = openedWorld();
    holdBitcoin(world, 6);
    expect(await crash(world, ports, 0.45, true)).toBe(false);
    expect(positionOf(world, btc.symbol)).toBeGreaterThan(0);
    expect(positionOf(world, btc.symbol)).toBeLessThan(3);
    expect(world.venue.orders.every(({ record }) => record.reduceOnly)).toBe(true);
    expect(world.venue.orders.every(({ record }) => record.purpose === 'repair')).toBe(true);
    expect(
      eventsNamed(world, 'guardStep')
        .map(({ to }) => to)
        .slice(0, 3),
    ).toEqual(['warn', 'noIncrease', 'deleverage']);
    expect(world.rows.events).toContain('guardAction');
    expect([...world.rows.decisions.values()].every((one) => one.trigger === 'guard')).toBe(true);
    expect(await differences(world)).toEqual([]);
  });

  test('brings down a pair as one', async () => {
    const { world, ports } = openedWorld();
    holdBitcoin(world, 6);
    holdCarry(world, 10);
    expect(await crash(world, ports, 0.4, true)).toBe(false);
    const coins = world.venue.wallet.get('ETH') ?? 0;
    expect(coins).toBeLessThan(10);
    expect(coins + positionOf(world, eth.symbol)).toBeCloseTo(0, 6);
    expect(await differences(world)).toEqual([]);
  });

  test('from one reading to the next beyond the last rung closes everything at once', async () => {
    const { world, ports } = openedWorld();
    holdBitcoin(world, 6);
    movePrices(world, -0.32);
    const [reading] = await guardMargin(ports, policy, settings);
    expect(reading?.level).toBe('flatten');
    expect(positionOf(world, btc.symbol)).toBe(0);
    expect(await differences(world)).toEqual([]);
  });

  test('after it no rebalance increases until the guard lets go', async () => {
    const { world, ports } = openedWorld();
    holdBitcoin(world, 6);
    await crash(world, ports, 0.28, true);
    const before = world.venue.orders.length;
    const slot = slotOf(policy.portfolio, 'schedule', world.nowMs);
    await rebalance(ports, policy, slot, 'test');
    const sent = world.venue.orders.slice(before);
    expect(sent.filter(({ record }) => record.action === 'buy')).toEqual([]);
    expect(world.rows.cursors.get(noIncreaseCursor(policy.portfolio))).toBeGreaterThan(world.nowMs);
  });
});

describe('a venue that takes half a hedge', () => {
  const taken = async (by: 'deleveraging' | 'liquidation') => {
    const { world, ports } = openedWorld();
    holdCarry(world, 10);
    world.nowMs += 1_000;
    forceClose(world.venue, eth.symbol, { share: 0.5, by, nowMs: world.nowMs });
    world.nowMs += settings.periodMs;
    return { world, ports };
  };

  test('gets told, booked, and mended by putting it back', async () => {
    const { world, ports } = await taken('deleveraging');
    expect(positionOf(world, eth.symbol)).toBe(-5);
    await guardMargin(ports, policy, settings);
    expect(positionOf(world, eth.symbol)).toBe(-10);
    expect(eventsNamed(world, 'autoDeleveraged')).toHaveLength(1);
    expect(eventsNamed(world, 'guardAction')).toMatchObject([{ kind: 'completeHedge' }]);
    expect(world.rows.events).toEqual(expect.arrayContaining(['autoDeleveraged', 'guardAction']));
    expect(await differences(world)).toEqual([]);
    const orders = world.venue.orders.length;
    world.nowMs += settings.periodMs;
    await guardMargin(ports, policy, settings);
    expect(world.venue.orders).toHaveLength(orders);
  });

  test('while trading is halted the other half is given up instead', async () => {
    const { world, ports } = await taken('liquidation');
    world.rows.halt = 'a person';
    await guardMargin(ports, policy, settings);
    expect(world.venue.wallet.get('ETH')).toBeCloseTo(5, 3);
    expect(positionOf(world, eth.symbol)).toBe(-5);
    expect(eventsNamed(world, 'liquidated')).toHaveLength(1);
    expect(eventsNamed(world, 'guardAction')).toMatchObject([{ kind: 'unwindHedge' }]);
    expect(await differences(world)).toEqual([]);
  });

  test('a fill of a rebalance at work, not booked yet, is left to it', async () => {
    const { world, ports } = await taken('deleveraging');
    await leaseOf(startProcess(world, 9));
    const waiting = { ...settings, leaseWaitMs: leaseMs / 2 };
    await guardMargin(ports, policy, waiting);
    expect(world.venue.orders).toEqual([]);
    expect(eventsNamed(world, 'guardBlocked')).toEqual([]);
  });
});

describe('what an earlier decision left open while a venue is tight', () => {
  test('is ended early, but an order is not believed forgotten before the decision’s own deadline', async () => {
    const { world, row } = await orphaned();
    world.venue.orders.length = 0;
    holdBitcoin(world, 6);
    movePrices(world, -0.28);
    const ports = forgetsAfter(startProcess(world, 2), 5_000);
    world.nowMs += 10_000;
    await guardMargin(ports, policy, settings);
    expect(world.nowMs).toBeLessThan(deadlineMs);
    expect(eventsNamed(world, 'guardActed')).toHaveLength(1);
    expect(world.rows.orders.get(row.clientOrderId)).toMatchObject({ state: 'working' });
    world.nowMs = deadlineMs;
    await reconcileVenues(ports, policy, { adjust: false });
    expect(world.rows.orders.get(row.clientOrderId)).toMatchObject({ state: 'cancelled' });
  });

  test('sends nothing more, though its own deadline has not come', async () => {
    const { world, ports } = openedWorld();
    await recordTrade(ports, [planned({ action: 'sell', risk: 'reduces', slice: 7 })]);
    holdBitcoin(world, 6);
    movePrices(world, -0.28);
    world.nowMs += 1;
    await guardMargin(ports, policy, settings);
    expect(world.nowMs).toBeLessThan(deadlineMs);
    expect(world.venue.orders.length).toBeGreaterThan(0);
    expect(world.venue.orders.every(({ record }) => record.purpose === 'repair')).toBe(true);
  });
});

describe('killed while it acts', () => {
  const tight = () => {
    const world = openWorld(createWorld());
    holdBitcoin(world, 6);
    holdCarry(world, 2);
    movePrices(world, -0.27);
    return world;
  };
  const run = async (world: World, process: number, death: Death) => {
    const mortal = mortalPorts(startProcess(world, process), death);
    await guardMargin(mortal.ports, policy, settings).catch((error: unknown) => {
      if (!(error instanceof Killed)) throw error;
    });
    return mortal.calls;
  };

  test.each([
    ['before', 1],
    ['after', 2],
  ] as const)(
    '%s every third of its calls: no order twice, only reductions, safe in the end, booked',
    async (when, firstCall) => {
      const calls = await run(tight(), 1, { atCall: 0, when });
      expect(calls.length).toBeGreaterThan(40);
      for (let atCall = firstCall; atCall <= calls.length; atCall += 3) {
        const world = tight();
        await run(world, 1, { atCall, when });
        world.nowMs += leaseMs + 1;
        const ports = startProcess(world, 2);
        for (let again = 0; again < 2; again += 1) {
          await guardMargin(ports, policy, settings);
          world.nowMs += settings.periodMs;
        }
        const label = `call ${atCall} (${calls[atCall - 1]})`;
        const ids = world.venue.orders.map((order) => order.clientOrderId);
        expect(new Set(ids).size, label).toBe(ids.length);
        expect(positionOf(world, btc.symbol), label).toBeGreaterThan(0);
        const net = (world.venue.wallet.get('ETH') ?? 0) + positionOf(world, eth.symbol);
        expect(Math.abs(net), label).toBeLessThan(0.02);
        const [reading] = await guardMargin(ports, policy, settings);
        expect(reading?.distanceShare ?? 1, label).toBeGreaterThan(limits.distanceAt.deleverage);
        expect(await differences(world), label).toEqual([]);
        for (const { record, filledBase } of world.venue.orders) {
          expect(toNumber(filledBase)).toBeLessThanOrEqual(toNumber(record.quantityBase));
        }
      }
    },
  );
});

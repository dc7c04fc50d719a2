/**
 * Goal: a plan takes back what rests to increase, waits for nothing and leaves the lease once the margin guard asks for it; what reduces
 * goes on, and neither the fence alone nor a permission that ran out takes anything back.
 * Method: a world in memory in which the guard asks while somebody waits; the venue's own record of requests is the truth.
 */
import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import { execute } from '../../src/rebalance/execute.ts';
import { increasesCursor, leaseAskedCursor, noIncreaseCursor } from '../../src/rebalance/fence.ts';
import { guardMargin } from '../../src/rebalance/guard.ts';
import type { OrderGateway } from '../../src/rebalance/ports/venue.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { movePrices, startProcess, type World } from '../simulation/world.ts';
import { atEveryWait } from './atEveryWait.ts';
import { bought, run } from './executed.ts';
import {
  attempts,
  btc,
  eth,
  eventsNamed,
  leaseOf,
  openedWorld,
  planned,
  policy,
  recordTrade,
  states,
  symbolNamed,
  usdcEarn,
  withVenue,
} from './given.ts';
import { differences, holdBitcoin, settings } from './guardGiven.ts';

const { pollMs, settlingMs } = policy.execution;

/** The fence stands wherever the guard asks for the lease. */
const raise = (world: World): void => {
  world.rows.cursors.set(noIncreaseCursor(policy.portfolio), world.nowMs + 1_000_000);
};
const askFor = (world: World): void => {
  raise(world);
  world.rows.cursors.set(leaseAskedCursor(policy.portfolio), world.nowMs + 1_000_000);
};

/** At the first wait, once. */
function once(ports: Ports, happens: () => void): Ports {
  let isOver = false;
  return atEveryWait(ports, async () => {
    if (!isOver) happens();
    isOver = true;
  });
}

const resting = planned({ style: 'passive' });
const selling = planned({
  symbol: eth.symbol,
  action: 'sell',
  style: 'passive',
  quantityBase: decimal('0.5'),
  limitPrice: decimal('2990'),
  decisionPrice: 3_000,
  notionalUsd: 1_500,
  risk: 'reduces',
});

describe('the guard asks while an increase of a plan rests', () => {
  test('takes it back at once and for good, though the guard is done', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.passiveRests = true;
    const startedMs = world.nowMs;
    const other = planned({ ...selling, style: 'ioc', slice: 1, stage: 2 });
    const gateway = ports.venues.get(btc.venue)?.gateway;
    const cancel: OrderGateway['cancel'] = async (...asked) => {
      world.rows.cursors.set(noIncreaseCursor(policy.portfolio), 0);
      world.rows.cursors.set(leaseAskedCursor(policy.portfolio), 0);
      if (gateway === undefined) throw new Error('the venue is there');
      return await gateway.cancel(...asked);
    };
    const falling = withVenue(ports, { gateway: { cancel } });
    expect(
      await run(
        once(falling, () => askFor(world)),
        [resting, other],
      ),
    ).toBe('partial');
    expect(world.rows.cursors.get(noIncreaseCursor(policy.portfolio))).toBe(0);
    const ofBtc = attempts(world).filter((one) => one.instrument === btc.id);
    expect(ofBtc).toMatchObject([{ state: 'cancelled', filledBase: '0' }]);
    expect((ofBtc[0]?.endedAtMs ?? 0) - startedMs).toBeLessThanOrEqual(pollMs);
    expect(eventsNamed(world, 'orderTakenBack')).toMatchObject([{ instrument: btc.id }]);
    // What reduces goes its way.
    expect(attempts(world).filter((one) => one.instrument === eth.id)).toMatchObject([
      { state: 'filled' },
    ]);
  });

  test('lets what rests to reduce cross without waiting longer', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.passiveRests = true;
    const startedMs = world.nowMs;
    const fenced = once(ports, () => askFor(world));
    expect(await run(fenced, [resting, selling])).toBe('partial');
    const ofEth = attempts(world).filter((one) => one.instrument === eth.id);
    expect(ofEth).toMatchObject([
      { timeInForce: 'postOnly', state: 'cancelled' },
      { timeInForce: 'ioc', state: 'filled', filledBase: '0.5' },
    ]);
    expect(bought(world)).toBe(0);
    expect(world.nowMs - startedMs).toBeLessThan(policy.execution.crossAfterMs);
  });

  test('stops neither a flattening nor the guard itself', async () => {
    for (const trigger of ['flatten', 'guard'] as const) {
      const { world, ports } = openedWorld();
      world.venue.faults.passiveRests = true;
      const record = { ...(await recordTrade(ports, [resting])), trigger };
      const fenced = once(ports, () => askFor(world));
      expect(await execute(fenced, record, await leaseOf(ports))).toBe('complete');
      expect(states(world)).toEqual(['postOnly cancelled 0', 'ioc filled 0.1']);
    }
  });

  test.each([
    ['a permission that ran out', increasesCursor(policy.portfolio), 0],
    ['the fence alone', noIncreaseCursor(policy.portfolio), 1_000_000],
  ])(
    '%s takes nothing back: it rests for its time, and then does not cross',
    async (_, name, ms) => {
      const { world, ports } = openedWorld();
      world.venue.faults.passiveRests = true;
      const late = once(ports, () => {
        world.rows.cursors.set(name, world.nowMs + ms);
      });
      expect(await run(late, [resting])).toBe('partial');
      expect(states(world)).toEqual(['postOnly cancelled 0']);
      const [row] = attempts(world);
      const restedMs = (row?.endedAtMs ?? 0) - (row?.ackedAtMs ?? 0);
      expect(restedMs).toBeGreaterThanOrEqual(policy.execution.crossAfterMs);
      expect(eventsNamed(world, 'orderDenied')).toMatchObject([{ code: 'NO_INCREASE' }]);
    },
  );

  test('what the venue does not answer for is not waited for until the deadline', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.sends.push('dropAfter');
    world.venue.faults.silentAnswers = 10_000;
    const startedMs = world.nowMs;
    const fenced = once(ports, () => askFor(world));
    expect(await run(fenced, [planned()])).toBe('partial');
    expect(world.nowMs - startedMs).toBeLessThanOrEqual(2 * settlingMs + 2 * pollMs);
    expect(await ports.decisions.unfinished(policy.portfolio)).toHaveLength(1);
  });

  test('nor is what a product pays out when it likes', async () => {
    const { world, ports } = openedWorld();
    const startedMs = world.nowMs;
    const slow = withVenue(ports, {
      reader: { positions: async () => ({ [usdcEarn.symbol]: decimal('500') }) },
      gateway: {
        send: async () => ({ kind: 'accepted', venueOrderId: 'r1' }),
        lookUp: async ({ clientOrderId, instrument, quantityBase, intendedAtMs }) => ({
          kind: 'found',
          order: {
            clientOrderId,
            venueOrderId: 'r1',
            instrument,
            state: 'working',
            quantityBase,
            filledBase: decimal('0'),
            createdAtMs: intendedAtMs,
          },
        }),
      },
    });
    const redemption = planned({
      symbol: usdcEarn.symbol,
      instrument: symbolNamed(usdcEarn.symbol).id,
      action: 'redeem',
      style: 'earn',
      quantityBase: decimal('500'),
      limitPrice: null,
      decisionPrice: 1,
      notionalUsd: 500,
      risk: 'reduces',
    });
    expect(
      await run(
        once(slow, () => askFor(world)),
        [redemption],
      ),
    ).toBe('partial');
    expect(states(world)).toEqual(['none working 0']);
    expect(world.nowMs - startedMs).toBeLessThanOrEqual(2 * pollMs);
  });
});

describe('a plan that is spread over time', () => {
  const slices = (nowMs: number, risk: 'increases' | 'reduces') =>
    [0, 20_000, 40_000].map((offsetMs, index) =>
      planned({
        quantityBase: decimal('0.05'),
        notionalUsd: 2_500,
        risk,
        ...(risk === 'reduces' ? { action: 'sell', limitPrice: decimal('49900') } : {}),
        stage: index,
        slice: index,
        notBeforeMs: nowMs + offsetMs,
      }),
    );

  test.each(['increases', 'reduces'] as const)(
    'ends within a poll of the guard asking, and %s nothing more',
    async (risk) => {
      const { world, ports } = openedWorld();
      const startedMs = world.nowMs;
      const record = await recordTrade(ports, slices(startedMs, risk));
      const fenced = once(ports, () => askFor(world));
      expect(await execute(fenced, record, await leaseOf(ports))).toBe('partial');
      expect(attempts(world)).toHaveLength(1);
      expect(world.nowMs - startedMs).toBeLessThanOrEqual(pollMs);
      expect(eventsNamed(world, 'pacingEnded')).toMatchObject([{ orders: 2 }]);
      expect([...world.rows.outcomes.values()]).toEqual(['partial']);
    },
  );

  test('goes on without a permission as far as it reduces', async () => {
    const { world, ports } = openedWorld();
    const record = await recordTrade(ports, slices(world.nowMs, 'reduces'));
    world.rows.cursors.set(increasesCursor(policy.portfolio), 0);
    expect(await execute(ports, record, await leaseOf(ports))).toBe('complete');
    expect(attempts(world)).toHaveLength(3);
  });

  test('goes on where it closes for a person', async () => {
    const { world, ports } = openedWorld();
    const record = await recordTrade(ports, slices(world.nowMs, 'reduces'));
    askFor(world);
    const closing = { ...record, trigger: 'flatten' as const };
    expect(await execute(ports, closing, await leaseOf(ports))).toBe('complete');
    expect(attempts(world)).toHaveLength(3);
  });

  test('waits for nothing that was refused', async () => {
    const { world, ports } = openedWorld();
    const startedMs = world.nowMs;
    world.venue.faults.fillShare = 0;
    // What was to be reduced first is not.
    const plan = slices(startedMs, 'increases').map((one, index) =>
      index === 0 ? { ...one, risk: 'reduces' as const } : one,
    );
    const record = await recordTrade(ports, plan);
    expect(await execute(ports, record, await leaseOf(ports))).toBe('partial');
    expect(world.nowMs - startedMs).toBeLessThan(20_000);
  });

  test('leaves the guard the lease in time: its reductions are sent', async () => {
    const { world, ports } = openedWorld();
    holdBitcoin(world, 6);
    // Whatever the other can do before its own next wait is done first.
    const turn = (one: Ports): Ports =>
      atEveryWait(one, async () => await new Promise((resolve) => setImmediate(resolve)));
    const lease = await leaseOf(ports);
    const record = await recordTrade(ports, slices(world.nowMs, 'reduces'));
    const guarding: Promise<unknown>[] = [];
    const pacing = atEveryWait(turn(ports), async () => {
      if (guarding.length > 0) return;
      movePrices(world, -0.28);
      guarding.push(guardMargin(turn(startProcess(world, 9)), policy, settings));
    });
    const outcome = await execute(pacing, record, lease);
    await lease.release();
    await Promise.all(guarding);
    expect(outcome).toBe('partial');
    expect(eventsNamed(world, 'guardBlocked')).toEqual([]);
    expect(eventsNamed(world, 'guardActed')).toHaveLength(1);
    expect(world.venue.positions.get(btc.symbol)?.quantity).toBeLessThan(5.9);
    expect(await differences(world)).toEqual([]);
  });
});

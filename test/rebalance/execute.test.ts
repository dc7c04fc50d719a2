/**
 * Executing a recorded decision: styles, attempts, stages, refusals.
 *
 * Method: a world in memory, decisions written by hand; the venue's own record of requests and fills is the truth.
 */
import { describe, expect, test } from 'vitest';
import { decimal, toNumber } from '../../src/domain/decimal.ts';
import { execute } from '../../src/rebalance/execute.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { positionsOf } from '../simulation/world.ts';
import { bought, run } from './executed.ts';
import {
  attempts,
  bookedUnits,
  btc,
  eth,
  eventsNamed,
  leaseOf,
  openedWorld,
  planned,
  policy,
  recordTrade,
  states,
  withVenue,
} from './given.ts';

describe('ioc', () => {
  test('fills, books its fills for the leg that wanted them, and is complete', async () => {
    const { world, ports } = openedWorld();
    expect(await run(ports, [planned()])).toBe('complete');
    expect(states(world)).toEqual(['ioc filled 0.1']);
    expect(bought(world)).toBe(0.1);
    const fills = [...world.rows.transactions.values()].filter((one) => one.kind === 'fill');
    expect(fills).toHaveLength(1);
    expect(fills[0]?.postings).toContainEqual({
      account: 'position',
      commodity: btc.symbol,
      amount: '0.1',
      leg: 'btc',
    });
    expect([...world.rows.outcomes.values()]).toEqual(['complete']);
  });

  test('a second run of the same record sends nothing', async () => {
    const { world, ports } = openedWorld();
    const record = await recordTrade(ports, [planned()]);
    const lease = await leaseOf(ports);
    expect(await execute(ports, record, lease)).toBe('complete');
    expect(await execute(ports, record, lease)).toBe('complete');
    expect(world.venue.requests).toHaveLength(1);
    expect(bookedUnits(world, btc.symbol)).toBeCloseTo(0.1, 12);
  });

  test('what fills in part is tried again for the rest, up to the limit of attempts', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.fillShare = 0.5;
    expect(await run(ports, [planned()])).toBe('partial');
    expect(states(world)).toEqual([
      'ioc cancelled 0.05',
      'ioc cancelled 0.025',
      'ioc cancelled 0.012',
      'ioc cancelled 0.006',
    ]);
    expect(bought(world)).toBeCloseTo(0.093, 12);
    expect(bookedUnits(world, btc.symbol)).toBeCloseTo(0.093, 12);
  });

  test('never pays more than the plan’s worst price', async () => {
    const { world, ports } = openedWorld();
    const record = await recordTrade(ports, [planned({ limitPrice: decimal('50100') })]);
    world.venue.prices.set(btc.symbol, 50_400);
    world.nowMs += 2_500;
    expect(await execute(ports, record, await leaseOf(ports))).toBe('partial');
    expect(bought(world)).toBe(0);
    for (const one of attempts(world)) {
      expect(toNumber(one.limitPrice ?? decimal(1e9))).toBeLessThanOrEqual(50_100);
    }
  });

  test('stages run one after another, however they stand in the plan', async () => {
    const { world, ports } = openedWorld();
    const ethOrder = planned({
      symbol: eth.symbol,
      quantityBase: decimal('0.5'),
      limitPrice: decimal('3006'),
      decisionPrice: 3_000,
      notionalUsd: 1_500,
      stage: 0,
    });
    expect(await run(ports, [planned({ stage: 1 }), ethOrder])).toBe('complete');
    expect(world.venue.orders.map((one) => one.record.symbol)).toEqual([eth.symbol, btc.symbol]);
  });
});

describe('passive', () => {
  const passive = planned({ style: 'passive' });

  test('rests on its own side and fills there', async () => {
    const { world, ports } = openedWorld();
    expect(await run(ports, [passive])).toBe('complete');
    expect(states(world)).toEqual(['postOnly filled 0.1']);
    expect(toNumber(attempts(world)[0]?.limitPrice ?? decimal(0))).toBeLessThan(50_000);
  });

  test('crosses after its patience, not before, and only for what is left', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.passiveRests = true;
    expect(await run(ports, [passive])).toBe('complete');
    expect(states(world)).toEqual(['postOnly cancelled 0', 'ioc filled 0.1']);
    const [rested, crossed] = attempts(world);
    const waitedMs = (crossed?.intendedAtMs ?? 0) - (rested?.ackedAtMs ?? 0);
    expect(waitedMs).toBeGreaterThanOrEqual(policy.execution.crossAfterMs);
    expect(waitedMs).toBeLessThanOrEqual(policy.execution.crossAfterMs + policy.execution.pollMs);
    expect(bought(world)).toBe(0.1);
  });

  test('what filled while it was being cancelled is not bought twice', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.passiveRests = true;
    const gateway = ports.venues.get(btc.venue)?.gateway;
    if (gateway === undefined) throw new Error('the venue is there');
    // It fills between the request to cancel and its arrival: the venue answers that it is gone.
    const racing = withVenue(ports, {
      gateway: {
        cancel: async (record, instrument) => {
          world.venue.faults.passiveRests = false;
          await gateway.lookUp(record, instrument);
          return await gateway.cancel(record, instrument);
        },
      },
    });
    expect(await run(racing, [passive])).toBe('complete');
    expect(states(world)).toEqual(['postOnly filled 0.1']);
    expect(bought(world)).toBe(0.1);
  });

  test('a cancel that is not answered is asked again, and nothing crosses before it is known', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.passiveRests = true;
    world.venue.faults.silentCancels = 3;
    expect(await run(ports, [passive])).toBe('complete');
    expect(states(world)).toEqual(['postOnly cancelled 0', 'ioc filled 0.1']);
    const [rested, crossed] = attempts(world);
    expect(crossed?.intendedAtMs).toBeGreaterThanOrEqual(rested?.endedAtMs ?? Number.NaN);
  });

  test('a post-only that the venue refuses because it would cross may cross', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.sends.push('reject');
    expect(await run(ports, [passive])).toBe('complete');
    expect(states(world)).toEqual(['postOnly rejected 0', 'ioc filled 0.1']);
  });
});

describe('refused', () => {
  test('a rejection ends the order, with the venue’s code on record, and the others go on', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.sends.push('reject');
    const other = planned({
      symbol: eth.symbol,
      quantityBase: decimal('0.5'),
      limitPrice: decimal('3006'),
      decisionPrice: 3_000,
      notionalUsd: 1_500,
    });
    expect(await run(ports, [planned(), other])).toBe('partial');
    expect(world.venue.requests).toHaveLength(2);
    expect(positionsOf(world)[eth.id]).toBe(0.5);
    const rejected = attempts(world).find((one) => one.state === 'rejected');
    expect(rejected?.reason).toMatch(/110007/);
  });

  test('a rejection ends it for the process that goes on after a crash, too', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.sends.push('reject');
    const record = await recordTrade(ports, [planned()]);
    const dying: Ports = {
      ...ports,
      decisions: { ...ports.decisions, finish: () => Promise.reject(new Error('killed')) },
    };
    await expect(execute(dying, record, await leaseOf(ports))).rejects.toThrow('killed');
    expect(await execute(ports, record, await leaseOf(ports))).toBe('partial');
    expect(world.venue.requests).toHaveLength(1);
  });

  test('a denial by a fresh check leaves no request and no row', async () => {
    const { world, ports } = openedWorld();
    expect(await run(ports, [planned({ notionalUsd: 1e9 })])).toBe('partial');
    expect(world.venue.requests).toEqual([]);
    expect(attempts(world)).toEqual([]);
    expect(eventsNamed(world, 'orderDenied')).toMatchObject([{ code: 'ORDER_VALUE' }]);
  });

  test('a quote that cannot be read stops an increase', async () => {
    const { world, ports } = openedWorld();
    const record = await recordTrade(ports, [planned()]);
    world.nowMs += 10_000;
    world.venue.faults.isDown = true;
    expect(await execute(ports, record, await leaseOf(ports))).toBe('partial');
    expect(world.venue.requests).toEqual([]);
    expect(eventsNamed(world, 'orderDenied')).toMatchObject([{ code: 'STALE_DATA' }]);
  });

  test('an increase that no margin watch permits is stopped', async () => {
    const { world, ports } = openedWorld();
    world.rows.cursors.set('increasesUntil|test', world.nowMs);
    expect(await run(ports, [planned()])).toBe('partial');
    expect(world.venue.requests).toEqual([]);
    expect(eventsNamed(world, 'orderDenied')).toMatchObject([{ code: 'NO_INCREASE' }]);
  });
});

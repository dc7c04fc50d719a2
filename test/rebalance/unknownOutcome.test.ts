/**
 * A timeout is unknown, never a failure: looked up until found or provably absent, sent again only then, and bounded.
 *
 * Method: a world in memory whose venue loses requests on the way in or out, answers late, or not at all.
 */
import { describe, expect, test } from 'vitest';
import { execute } from '../../src/rebalance/execute.ts';
import { settleUnended } from '../../src/rebalance/settleUnended.ts';
import { bought, run } from './executed.ts';
import {
  attempts,
  bookedUnits,
  btc,
  deadlineMs,
  eventsNamed,
  leaseOf,
  openedWorld,
  planned,
  policy,
  recordTrade,
  states,
  withVenue,
} from './given.ts';

const { settlingMs, pollMs } = policy.execution;
describe('a request without an answer', () => {
  test('that arrived is looked up and found: one request, one order', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.sends.push('dropAfter');
    expect(await run(ports)).toBe('complete');
    expect(world.venue.requests).toHaveLength(1);
    expect(states(world)).toEqual(['ioc filled 0.1']);
    expect(bookedUnits(world, btc.symbol)).toBeCloseTo(0.1, 12);
  });

  test('that never arrived is provably absent after the settling time, then sent again under its id, once', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.sends.push('dropBefore');
    const startedMs = world.nowMs;
    expect(await run(ports)).toBe('complete');
    const [first, second] = world.venue.requests;
    expect(world.venue.requests).toHaveLength(2);
    expect(second).toBe(first);
    expect(attempts(world)).toHaveLength(1);
    expect(world.nowMs - startedMs).toBeGreaterThanOrEqual(settlingMs);
    expect(bought(world)).toBe(0.1);
  });

  test('that never left for want of a turn waits and goes under its id, with no attempt spent', async () => {
    const { world, ports: plain } = openedWorld();
    const gateway = plain.venues.get(btc.venue)?.gateway;
    if (gateway === undefined) throw new Error('the world has one venue');
    let refusals = 3;
    const ports = withVenue(plain, {
      gateway: {
        send: async (order, record) => {
          refusals -= 1;
          if (refusals < 0) return await gateway.send(order, record);
          return { kind: 'rejected', code: 'RATE_LIMITED', message: 'not sent' };
        },
      },
    });
    const startedMs = world.nowMs;
    expect(await run(ports)).toBe('complete');
    expect(world.venue.requests).toHaveLength(1);
    expect(attempts(world)).toHaveLength(1);
    expect(world.nowMs - startedMs).toBeGreaterThanOrEqual(3 * pollMs);
  });

  test('is not repeated while a read that lags may hide it', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.sends.push('dropAfter');
    // Every look-up within the settling time says "not there".
    world.venue.faults.laggingLookUps = Math.floor(settlingMs / pollMs);
    expect(await run(ports)).toBe('complete');
    expect(world.venue.requests).toHaveLength(1);
    expect(bought(world)).toBe(0.1);
  });

  test('whose repetition finds the id taken exists: it is looked up, not refused, and not a second order', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.sends.push('dropAfter', 'exists');
    world.venue.faults.laggingLookUps = Math.floor(settlingMs / pollMs) + 1;
    expect(await run(ports)).toBe('complete');
    expect(world.venue.requests).toHaveLength(2);
    expect(new Set(world.venue.requests).size).toBe(1);
    expect(states(world)).toEqual(['ioc filled 0.1']);
    expect(bought(world)).toBe(0.1);
  });

  test('lost again and again is tried until the deadline, each time under the one id', async () => {
    const { world, ports } = openedWorld();
    for (let lost = 0; lost < 100; lost += 1) world.venue.faults.sends.push('dropBefore');
    expect(await run(ports)).toBe('partial');
    expect(new Set(world.venue.requests).size).toBe(1);
    expect(world.venue.requests.length).toBeLessThanOrEqual(
      Math.ceil(policy.execution.deadlineMs / settlingMs),
    );
    expect(states(world)).toEqual(['ioc absent 0']);
    expect(world.nowMs).toBeLessThanOrEqual(deadlineMs + 2 * settlingMs + pollMs);
  });

  test('leaves no room for another attempt as long as it is unknown', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.sends.push('dropBefore');
    world.venue.faults.silentAnswers = 20;
    expect(await run(ports)).toBe('complete');
    const gapMs = 20 * pollMs;
    expect(world.nowMs - (attempts(world)[0]?.intendedAtMs ?? 0)).toBeGreaterThanOrEqual(gapMs);
    expect(attempts(world)).toHaveLength(1);
    expect(bought(world)).toBe(0.1);
  });
});

describe('a venue that never answers', () => {
  test('is waited for within a limit; the order stays open on record and the decision unfinished', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.sends.push('dropAfter');
    world.venue.faults.silentAnswers = Number.POSITIVE_INFINITY;
    expect(await run(ports)).toBe('partial');
    expect(world.nowMs).toBeLessThanOrEqual(deadlineMs + 2 * settlingMs + pollMs);
    expect(world.venue.requests).toHaveLength(1);
    expect(states(world)).toEqual(['ioc unknown 0']);
    expect(world.rows.outcomes.size).toBe(0);
  });

  test('and is asked again by the next start, which books what it says', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.sends.push('dropAfter');
    world.venue.faults.silentAnswers = Number.POSITIVE_INFINITY;
    await run(ports);
    const lease = await leaseOf(ports);
    expect(await settleUnended(ports, policy, lease)).toMatchObject([
      { kind: 'order', subject: attempts(world)[0]?.clientOrderId, ledger: 'unknown' },
    ]);
    world.venue.faults.silentAnswers = 0;
    expect(await settleUnended(ports, policy, await leaseOf(ports))).toEqual([]);
    expect(states(world)).toEqual(['ioc filled 0.1']);
    expect(bookedUnits(world, btc.symbol)).toBeCloseTo(0.1, 12);
    expect([...world.rows.outcomes.values()]).toEqual(['complete']);
  });

  test('an order that cannot be cancelled rests on: that is a discrepancy, not an end', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.passiveRests = true;
    world.venue.faults.silentCancels = Number.POSITIVE_INFINITY;
    expect(await run(ports, [planned({ style: 'passive' })])).toBe('partial');
    expect(states(world)).toEqual(['postOnly working 0']);
    const found = await settleUnended(ports, policy, await leaseOf(ports));
    expect(found).toMatchObject([{ kind: 'order', ledger: 'working' }]);
    expect(world.rows.outcomes.size).toBe(0);
  });
});

describe('an order that rests at a venue whose reads are down', () => {
  const resting = () => [planned({ style: 'passive' })];

  test.each([
    ['past the deadline, not before', false],
    ['once the switch is pulled, not before', true],
  ])('is taken back %s, and settled when they answer again', async (_, isPulled) => {
    const { world, ports } = openedWorld();
    world.venue.faults.passiveRests = true;
    const gateway = ports.venues.get(btc.venue)?.gateway;
    if (gateway === undefined) throw new Error('the venue is there');
    const pulledMs = deadlineMs - policy.execution.deadlineMs / 2;
    const cancelledMs: number[] = [];
    const deaf = withVenue(ports, {
      gateway: {
        lookUp: async () => {
          if (isPulled && world.nowMs >= pulledMs) world.rows.halt = 'by hand';
          return { kind: 'unknown', reason: 'no answer' };
        },
        cancel: async (...args) => {
          cancelledMs.push(world.nowMs);
          return await gateway.cancel(...args);
        },
      },
    });
    // Its patience outlasts the decision.
    const recorded = await recordTrade(deaf, resting());
    const { execution } = recorded.policy;
    const patient = { ...execution, crossAfterMs: 2 * policy.execution.deadlineMs };
    const record = { ...recorded, policy: { ...recorded.policy, execution: patient } };
    expect(await execute(deaf, record, await leaseOf(deaf))).toBe('partial');
    expect(world.venue.orders.map((one) => one.state)).toEqual(['cancelled']);
    const fromMs = isPulled ? pulledMs : deadlineMs;
    expect(cancelledMs[0]).toBeGreaterThanOrEqual(fromMs);
    expect(cancelledMs[0]).toBeLessThanOrEqual(fromMs + 2 * pollMs);
    expect(states(world)).toEqual(['postOnly unknown 0']);
    expect(await settleUnended(ports, policy, await leaseOf(ports))).toEqual([]);
    expect(states(world)).toEqual(['postOnly cancelled 0']);
  });

  test('is looked up as well where the cancels are down instead', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.passiveRests = true;
    const gateway = ports.venues.get(btc.venue)?.gateway;
    if (gateway === undefined) throw new Error('the venue is there');
    const uncancelled = withVenue(ports, {
      gateway: {
        lookUp: async (record, instrument) => {
          if (world.nowMs < deadlineMs) return { kind: 'unknown', reason: 'no answer' };
          // It had filled meanwhile.
          world.venue.faults.passiveRests = false;
          return await gateway.lookUp(record, instrument);
        },
        cancel: async () => ({ kind: 'unknown', reason: 'no answer' }),
      },
    });
    expect(await run(uncancelled, resting())).toBe('complete');
    expect(states(world)).toEqual(['postOnly filled 0.1']);
  });
});

describe('fills', () => {
  test('that are listed late are waited for, and are in the ledger before the decision ends', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.lateFillReadings = 5;
    expect(await run(ports)).toBe('complete');
    expect(bookedUnits(world, btc.symbol)).toBeCloseTo(0.1, 12);
    expect(world.venue.requests).toHaveLength(1);
  });

  test('whose reading fails are read again', async () => {
    const { world, ports } = openedWorld();
    const gateway = ports.venues.get(btc.venue)?.gateway;
    let readings = 0;
    const failing = withVenue(ports, {
      gateway: {
        fills: async (record, instrument) => {
          readings += 1;
          if (readings <= 2) world.venue.faults.silentAnswers = 1;
          return (await gateway?.fills(record, instrument)) ?? [];
        },
      },
    });
    expect(await run(failing)).toBe('complete');
    expect(eventsNamed(world, 'fillsUnread')).toHaveLength(2);
    expect(bookedUnits(world, btc.symbol)).toBeCloseTo(0.1, 12);
  });

  test('that never come keep the decision open, within the limit of waiting', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.lateFillReadings = Number.POSITIVE_INFINITY;
    expect(await run(ports)).toBe('partial');
    expect(world.rows.outcomes.size).toBe(0);
    expect(world.nowMs).toBeLessThanOrEqual(deadlineMs + 2 * settlingMs + pollMs);
    expect(world.venue.requests).toHaveLength(1);
  });

  test('that a venue lists twice count once: the one that is still missing is waited for', async () => {
    const { world, ports } = openedWorld();
    const gateway = ports.venues.get(btc.venue)?.gateway;
    if (gateway === undefined) throw new Error('the venue is there');
    world.venue.faults.fillShare = 0.5;
    world.venue.faults.passiveRests = true;
    let readings = 0;
    const repeating = withVenue(ports, {
      gateway: {
        // The venue fills one half at each of the first two look-ups.
        lookUp: async (record, instrument) => {
          world.venue.faults.passiveRests = false;
          await gateway.lookUp(record, instrument);
          world.venue.faults.fillShare = 1;
          const found = await gateway.lookUp(record, instrument);
          return found;
        },
        // The second half is listed only from the third reading on, the first one twice until then.
        fills: async (record, instrument) => {
          readings += 1;
          const [first, ...rest] = await gateway.fills(record, instrument);
          if (first === undefined) return [];
          return readings < 3 ? [first, first] : [first, ...rest];
        },
      },
    });
    expect(await run(repeating, [planned({ style: 'passive' })])).toBe('complete');
    expect(world.venue.fills).toHaveLength(2);
    expect(bookedUnits(world, btc.symbol)).toBeCloseTo(0.1, 12);
  });
});

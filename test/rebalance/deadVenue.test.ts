/**
 * One venue that does not answer, not even for its instruments, keeps nobody from the others.
 *
 * Method: the world in memory with a second venue beside it, alive or dead; the guard and the rebalance at work at the first.
 */
import { describe, expect, test } from 'vitest';
import { instrumentId, legId, venueId } from '../../src/domain/ids.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { guardMargin } from '../../src/rebalance/guard.ts';
import { observe } from '../../src/rebalance/observe.ts';
import type { Venue, VenueReader } from '../../src/rebalance/ports/venue.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { rebalance } from '../../src/rebalance/rebalance.ts';
import { slotOf } from '../../src/rebalance/slot.ts';
import { syncForDecision, syncUniverse } from '../../src/rebalance/syncUniverse.ts';
import { alpha } from '../simulation/instrumentsInMemory.ts';
import { noAnswer } from '../simulation/venueFaults.ts';
import { createVenue } from '../simulation/venueInMemory.ts';
import { createVenueState } from '../simulation/venueStateInMemory.ts';
import { movePrices, type World } from '../simulation/world.ts';
import { btc, eventsNamed, openedWorld, policy as template } from './given.ts';
import { differences, holdBitcoin, settings } from './guardGiven.ts';

const beta = venueId('beta');
const [leg] = template.legs;
const [named] = template.venues;
if (leg?.kind !== 'perpetual' || named === undefined) throw new Error('the template has both');
const policy: Policy = {
  ...template,
  venues: [named, { ...named, id: beta }],
  legs: [...template.legs, { ...leg, id: legId('btc-beta'), venue: beta }],
};

/** A venue of its own with the same instruments. */
function second(ports: Ports): Venue {
  const { reader, gateway } = createVenue(createVenueState(), ports.clock);
  const instruments: VenueReader['instruments'] = async (symbols) =>
    (await reader.instruments(symbols)).map((one) => ({
      ...one,
      venue: beta,
      id: instrumentId(beta, one.symbol),
    }));
  return { reader: { ...reader, id: beta, instruments }, gateway };
}

/** Every call but what it is called fails, as of a process that has never reached it. */
function dead({ reader, gateway }: Venue, ...calls: readonly (keyof VenueReader)[]): Venue {
  const isDead = (key: string) => calls.length === 0 || calls.some((call) => call === key);
  const silent = Object.entries(reader).map(([key, member]) => {
    const isCall = typeof member === 'function' && isDead(key);
    return [key, isCall ? () => Promise.reject(noAnswer()) : member];
  });
  return { reader: Object.fromEntries(silent) as VenueReader, gateway };
}

const beside = (ports: Ports, venue: Venue): Ports => ({
  ...ports,
  venues: new Map([...ports.venues, [beta, venue]]),
});

const slotNow = (world: World, trigger: 'schedule' | 'guard' = 'schedule') =>
  slotOf(policy.portfolio, trigger, world.nowMs);

function given() {
  const { world, ports } = openedWorld();
  return { world, both: beside(ports, second(ports)), lame: beside(ports, dead(second(ports))) };
}

/** A decision that saw both venues and left them as they were. */
async function stoodOnce(world: World, both: Ports): Promise<void> {
  world.rows.halt = 'a person';
  await rebalance(both, policy, slotNow(world), 'test');
  world.rows.halt = null;
  world.nowMs += 60_000;
}

describe('the guard', () => {
  for (const [rung, fall] of [
    ['deleverage', -0.28],
    ['flatten', -0.32],
  ] as const) {
    test(`at ${rung} sends its reductions while another venue is dead`, async () => {
      const { world, lame } = given();
      holdBitcoin(world, 6);
      movePrices(world, fall);
      const readings = await guardMargin(lame, policy, settings);
      expect(readings.map(({ venue, level }) => [venue, level])).toContainEqual([alpha, rung]);
      expect(world.venue.orders.length).toBeGreaterThan(0);
      expect(world.venue.orders.every(({ record }) => record.reduceOnly)).toBe(true);
      expect(world.venue.positions.get(btc.symbol)?.quantity ?? 0).toBeLessThan(6);
      expect(await differences(world)).toEqual([]);
    });
  }

  test('asks a venue at which it does not act for nothing, and keeps what was known of it', async () => {
    const { world, both } = given();
    await stoodOnce(world, both);
    holdBitcoin(world, 6);
    movePrices(world, -0.28);
    await guardMargin(both, policy, settings);
    const [record] = [...world.rows.decisions.values()].filter((one) => one.trigger === 'guard');
    const unasked = { kind: 'unknown', reason: 'beta was not asked' };
    expect(record?.snapshot.venues).toMatchObject([
      { id: 'alpha', account: { kind: 'observed' } },
      { id: 'beta', account: unasked, clockOffsetMs: unasked },
    ]);
    const theirs = record?.snapshot.instruments.filter((one) => one.instrument.venue === beta);
    expect(theirs?.map((one) => one.instrument.symbol)).toContain(btc.symbol);
    expect(theirs?.every((one) => one.positionBase.kind === 'unknown')).toBe(true);
  });

  test('asks all of them where those at which it acts have no market that makes the unit', async () => {
    const { world, both } = given();
    holdBitcoin(world, 6);
    movePrices(world, -0.28);
    world.venue.prices.delete('USDC/USDT');
    await guardMargin(both, policy, settings);
    const [record] = [...world.rows.decisions.values()];
    expect(record?.snapshot.venues).toMatchObject([
      { id: 'alpha' },
      { account: { kind: 'observed' } },
    ]);
    expect(world.venue.orders.length).toBeGreaterThan(0);
  });
});

describe('a rebalance', () => {
  test('with a venue that never answered stands on what is not known, instead of dying', async () => {
    const { world, lame } = given();
    const result = await rebalance(lame, policy, slotNow(world), 'test');
    expect(result).toMatchObject({
      outcome: 'stood',
      record: { decision: { code: 'EQUITY_UNKNOWN', reason: expect.stringContaining('beta') } },
    });
    expect(eventsNamed(world, 'instrumentsUnread')).toMatchObject([{ venue: beta }]);
  });

  test('sees the instruments that were last known, with their age, and nothing of what they are worth', async () => {
    const { world, both, lame } = given();
    const seenMs = world.nowMs;
    await stoodOnce(world, both);
    const first = await observe(lame, policy, slotNow(world));
    const theirs = first.instruments.filter((one) => one.instrument.venue === beta);
    expect(theirs.map((one) => one.instrument.symbol)).toEqual([btc.symbol, 'USDC/USDT']);
    expect(theirs.every((one) => one.quote.kind === 'unknown')).toBe(true);
    expect(first.venues[1]).toMatchObject({
      account: { kind: 'unknown' },
      instrumentsAtMs: seenMs,
    });
    expect(first.venues[0]).not.toHaveProperty('instrumentsAtMs');
    // The age is not that of the last who could only remember.
    await rebalance(lame, policy, slotNow(world), 'test');
    world.nowMs += 60_000;
    const second = await observe(lame, policy, slotNow(world));
    expect(second.venues[1]?.instrumentsAtMs).toBe(seenMs);
  });

  test('begins nothing new at a venue whose instruments alone cannot be read', async () => {
    const { world, both } = given();
    await stoodOnce(world, both);
    const partly = beside(both, dead(second(both), 'instruments'));
    const snapshot = await observe(partly, policy, slotNow(world));
    expect(snapshot.venues[1]).toMatchObject({
      account: { kind: 'observed' },
      health: { state: 'unknown', evidence: [expect.stringContaining('instruments')] },
    });
    const result = await rebalance(partly, policy, slotNow(world), 'test');
    if (result.kind !== 'ended') throw new Error('it ends');
    const { decision } = result.record;
    expect(decision.kind).toBe('trade');
    const orders = decision.kind === 'trade' ? decision.orders : [];
    expect(orders.map((one) => one.venue)).toContain(alpha);
    expect(orders.map((one) => one.venue)).not.toContain(beta);
  });
});

describe('the history', () => {
  test('of the others is read, and a decision does not wait for that of a dead one', async () => {
    const { world, lame } = given();
    world.rows.cursors.clear();
    await expect(syncUniverse(lame, policy)).rejects.toThrow('did not answer');
    expect([...world.rows.cursors.keys()].some((key) => key.startsWith('bars|'))).toBe(true);
    await syncForDecision(lame, policy);
    expect(eventsNamed(world, 'historyUnread')).toHaveLength(1);
  });
});

/**
 * Goal: a person's word makes a venue safer at once and without more ado, less safe only by the venue's name and until a stated time,
 * and every word is on record.
 * Method: a watched world in memory; words given in both directions, looks taken after them.
 */
import { describe, expect, test } from 'vitest';
import { lookAtVenues } from '../../src/rebalance/lookAtVenues.ts';
import { type OverrideAsked, overrideVenue } from '../../src/rebalance/overrideVenue.ts';
import { alpha } from '../simulation/instrumentsInMemory.ts';
import { eventsNamed } from './given.ts';
import { watchedWorld } from './watchedWorld.ts';

const minuteMs = 60_000;
const dayMs = 1440 * minuteMs;

function given() {
  const { world, ports, show, stateOf } = watchedWorld();
  const say = (more: Partial<OverrideAsked>) =>
    overrideVenue(ports, {
      venue: alpha,
      state: 'exit',
      reason: 'rumours',
      by: 'anna@desk',
      untilMs: null,
      confirmed: null,
      ...more,
    });
  const look = async (afterMs = minuteMs): Promise<string | undefined> => {
    world.nowMs += afterMs;
    await lookAtVenues(ports);
    return stateOf(alpha);
  };
  return { world, ports, show, say, look, state: () => stateOf(alpha) };
}

describe('towards less risk', () => {
  test('a word is taken as given, counts at once, outlives every look, and ends by auto', async () => {
    const { world, say, look, state } = given();
    expect(await look()).toBe('healthy');
    expect(await say({ state: 'restrict' })).toMatchObject({
      kind: 'recorded',
      before: 'healthy',
      signalsSay: 'healthy',
    });
    expect(state()).toBe('restrict');
    expect([await look(), await look()]).toEqual(['restrict', 'restrict']);
    expect(eventsNamed(world, 'venueOverride')).toMatchObject([
      {
        venue: 'alpha',
        before: 'healthy',
        after: 'restrict',
        reason: 'rumours',
        by: 'anna@desk',
        untilMs: null,
      },
    ]);
    expect(world.rows.events).toContain('venueOverride');
    expect((await say({ state: 'auto', confirmed: 'alpha' })).kind).toBe('recorded');
    expect(await look()).toBe('healthy');
  });

  test('leaves no trace in what the signals said: nothing has to calm down after it', async () => {
    const { say, look, state } = given();
    await say({ state: 'exit' });
    expect(state()).toBe('exit');
    expect(await look()).toBe('exit');
    await say({ state: 'auto', confirmed: 'alpha' });
    expect(await look()).toBe('healthy');
  });

  test('an end in the past is refused, one ahead is kept', async () => {
    const { world, say, look } = given();
    await look();
    expect(await say({ untilMs: world.nowMs })).toMatchObject({
      kind: 'refused',
      code: 'UNTIL_PAST',
    });
    await say({ untilMs: world.nowMs + 5 * minuteMs });
    expect(await look()).toBe('exit');
    expect(await look(4 * minuteMs)).toBe('healthy');
  });
});

describe('towards more risk', () => {
  async function halted() {
    const stage = given();
    stage.show(alpha).signs = { withdrawalsHalted: ['USDT'] };
    expect(await stage.look()).toBe('exit');
    return stage;
  }

  test('a word alone is refused and changes nothing, whatever is missing', async () => {
    const { world, say, look, ports } = await halted();
    const untilMs = world.nowMs + dayMs;
    const codes = [];
    for (const more of [
      {},
      { untilMs },
      { confirmed: 'beta', untilMs },
      { confirmed: 'alpha' },
      { confirmed: 'alpha', untilMs: world.nowMs + 7 * dayMs + 1 },
    ]) {
      const answer = await say({ state: 'restrict', ...more });
      codes.push(answer.kind === 'refused' ? answer.code : answer.kind);
    }
    expect(codes).toEqual([
      'CONFIRMATION_MISSING',
      'CONFIRMATION_MISSING',
      'CONFIRMATION_MISSING',
      'UNTIL_MISSING',
      'UNTIL_TOO_LATE',
    ]);
    expect(await ports.solvency?.store.override(alpha)).toBeNull();
    expect(world.rows.events).not.toContain('venueOverride');
    expect(await look()).toBe('exit');
  });

  test('confirmed, it counts from the next look until its end', async () => {
    const { world, say, look, state } = await halted();
    const untilMs = world.nowMs + 10 * minuteMs;
    const answer = await say({ state: 'watch', confirmed: 'alpha', untilMs });
    expect(answer).toMatchObject({ kind: 'recorded', signalsSay: 'exit' });
    expect(state()).toBe('exit');
    expect(await look()).toBe('watch');
    expect(await look(9 * minuteMs)).toBe('exit');
  });

  test('is void once the venue goes dark, and never outlives worse signals', async () => {
    const { world, say, look, show } = given();
    show(alpha).signs = { status: 'unknown' };
    expect(await look()).toBe('unknown');
    const untilMs = world.nowMs + dayMs;
    await say({ state: 'watch', confirmed: 'alpha', untilMs });
    expect(await look()).toBe('watch');
    show(alpha).signs = { withdrawalsHalted: ['BTC'] };
    expect(await look()).toBe('exit');
  });

  test('is over once it was void: it does not come back with better signals', async () => {
    const { world, say, look, show, ports } = given();
    show(alpha).signs = { status: 'unknown' };
    expect(await look()).toBe('unknown');
    await say({ state: 'watch', confirmed: 'alpha', untilMs: world.nowMs + dayMs });
    expect(await look()).toBe('watch');
    show(alpha).signs = { withdrawalsHalted: ['BTC'] };
    expect(await look()).toBe('exit');
    expect(await ports.solvency?.store.override(alpha)).toBeNull();
    expect(eventsNamed(world, 'venueOverride').at(-1)).toMatchObject({
      before: 'watch',
      after: 'void',
      signalsSay: 'exit',
    });
    show(alpha).signs = { status: 'unknown' };
    expect([await look(), await look()]).toEqual(['exit', 'exit']);
  });

  test('one’s own floor is loosened by the venue’s name only, and needs no end', async () => {
    const { say, look, state } = given();
    await look();
    await say({ state: 'exit' });
    for (const word of ['restrict', 'watch', 'auto'] as const) {
      expect(await say({ state: word })).toMatchObject({ code: 'CONFIRMATION_MISSING' });
      expect(state()).toBe('exit');
    }
    expect(await look()).toBe('exit');
    expect((await say({ state: 'restrict', confirmed: 'alpha' })).kind).toBe('recorded');
    expect(await look()).toBe('restrict');
    expect((await say({ state: 'exit' })).kind).toBe('recorded');
  });

  test('a word against the signals is taken back without more ado', async () => {
    const { world, say, look } = await halted();
    await say({ state: 'watch', confirmed: 'alpha', untilMs: world.nowMs + dayMs });
    expect(await look()).toBe('watch');
    expect((await say({ state: 'auto' })).kind).toBe('recorded');
    expect(await look()).toBe('exit');
  });

  test('of a venue that was never looked at, anything but a stop needs it', async () => {
    const { say } = given();
    expect((await say({ state: 'watch' })).kind).toBe('refused');
    expect((await say({ state: 'restrict' })).kind).toBe('recorded');
  });
});

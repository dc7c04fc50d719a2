/**
 * Goal: of looks that run beside each other, and beside a person's word, the slow one takes nothing back; a time without looks is
 * no calm.
 * Method: a watched world in memory; a look that hangs on the network while something else is written.
 */
import { expect, test } from 'vitest';
import { assessHealth } from '../../src/rebalance/assessHealth.ts';
import { lookAtVenues } from '../../src/rebalance/lookAtVenues.ts';
import { overrideVenue } from '../../src/rebalance/overrideVenue.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { SOLVENCY_RULES } from '../../src/signals/solvency/rules.ts';
import { alpha } from '../simulation/instrumentsInMemory.ts';
import { watchedWorld } from './watchedWorld.ts';

const minuteMs = 60_000;
const word = {
  venue: alpha,
  state: 'exit',
  reason: 'rumours',
  by: 'anna@desk',
  untilMs: null,
  confirmed: null,
} as const;

function given() {
  const watched = watchedWorld();
  const { ports } = watched;
  const venue = ports.venues.get(alpha);
  if (venue === undefined) throw new Error('alpha is there');
  const { reader } = venue;
  return { ...watched, reader };
}

/** A look that reads at once and is answered when it is let go. */
function hanging({ ports, reader }: ReturnType<typeof given>) {
  let letGo: () => void = () => undefined;
  const isFree = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const slow = {
    ...reader,
    signs: async () => {
      const found = await reader.signs([]);
      await isFree;
      return found;
    },
  };
  return { look: assessHealth(ports, slow), letGo };
}

test('a look that hung while another saw a halt does not take the exit back', async () => {
  const stage = given();
  const { world, ports, reader, show, stateOf } = stage;
  const { look, letGo } = hanging(stage);
  world.nowMs += 1_000;
  show(alpha).signs = { withdrawalsHalted: ['BTC'] };
  await assessHealth(ports, reader);
  expect(stateOf(alpha)).toBe('exit');
  letGo();
  expect((await look).state).toBe('exit');
  expect(stateOf(alpha)).toBe('exit');
});

test('one that read the stores before another wrote reads them again', async () => {
  const { world, ports, reader, show, stateOf } = given();
  await assessHealth(ports, reader);
  const store = ports.solvency?.store;
  if (store === undefined) throw new Error('it is watched');
  let isFirst = true;
  const raced: Ports = {
    ...ports,
    state: {
      ...ports.state,
      venueState: async (venue) => {
        const found = await ports.state.venueState(venue);
        if (!isFirst) return found;
        isFirst = false;
        world.nowMs += 1;
        show(alpha).signs = { withdrawalsHalted: ['BTC'] };
        await assessHealth(ports, reader);
        show(alpha).signs = {};
        return found;
      },
    },
  };
  const before = await store.assessed(alpha);
  const old = { ...store, assessed: async () => (isFirst ? before : await store.assessed(alpha)) };
  if (raced.solvency === undefined) throw new Error('it is watched');
  const watch = { ...raced.solvency, store: old };
  world.nowMs += 1;
  expect((await assessHealth({ ...raced, solvency: watch }, reader)).state).toBe('exit');
  expect(stateOf(alpha)).toBe('exit');
});

test('a word that is given while a look hangs counts', async () => {
  const stage = given();
  const { world, ports, reader, stateOf } = stage;
  await assessHealth(ports, reader);
  const { look, letGo } = hanging(stage);
  world.nowMs += 1_000;
  await overrideVenue(ports, word);
  letGo();
  expect((await look).state).toBe('exit');
  expect(stateOf(alpha)).toBe('exit');
});

test('a word that is given between what a look read and what it writes counts', async () => {
  const { world, ports, reader, stateOf } = given();
  await assessHealth(ports, reader);
  const { solvency } = ports;
  if (solvency === undefined) throw new Error('it is watched');
  let isFirst = true;
  const store: typeof solvency.store = {
    ...solvency.store,
    recordAssessed: async (...assessed) => {
      const isWritten = await solvency.store.recordAssessed(...assessed);
      if (isFirst) await overrideVenue(ports, word);
      isFirst = false;
      return isWritten;
    },
  };
  world.nowMs += 1_000;
  const found = await assessHealth({ ...ports, solvency: { ...solvency, store } }, reader);
  expect([found.state, stateOf(alpha)]).toEqual(['exit', 'exit']);
});

test('a look asks for the coins that the config names, whoever takes it', async () => {
  const rules = { ...SOLVENCY_RULES, mainCoins: ['DAI'] };
  const { ports } = watchedWorld([], { rules });
  const venue = ports.venues.get(alpha);
  if (venue === undefined) throw new Error('alpha is there');
  const asked: (readonly string[])[] = [];
  const signs: typeof venue.reader.signs = async (coins) => {
    asked.push(coins);
    return venue.reader.signs(coins);
  };
  const reader = { ...venue.reader, signs };
  await assessHealth(ports, reader);
  await lookAtVenues({ ...ports, venues: new Map([[alpha, { ...venue, reader }]]) });
  expect(asked).toEqual([['DAI'], ['DAI']]);
});

test('where others write again and again, the answer is unknown and nothing is overwritten', async () => {
  const { ports, reader, stateOf } = given();
  await assessHealth(ports, reader);
  const state = { ...ports.state, recordVenueState: async () => false };
  expect((await assessHealth({ ...ports, state }, reader)).state).toBe('unknown');
  expect(stateOf(alpha)).toBe('healthy');
});

test('a day without the daemon is no calm: after it, a restricted venue is restricted for a day of looks', async () => {
  const { world, ports, reader, show, stateOf } = given();
  const dark = { kind: 'unknown', reason: 'timeout' } as const;
  show(alpha).signs = { withdrawalsHalted: ['BTC'] };
  await assessHealth(ports, reader);
  show(alpha).signs = {};
  world.nowMs += 25 * 60 * minuteMs;
  await assessHealth(ports, reader);
  expect(stateOf(alpha)).toBe('exit');
  for (let minute = 0; minute < 24 * 60; minute += 5) {
    expect(stateOf(alpha)).toBe('exit');
    world.nowMs += 5 * minuteMs;
    await assessHealth(ports, reader);
  }
  expect(stateOf(alpha)).toBe('restrict');
  await assessHealth(ports, reader, dark);
  expect(stateOf(alpha)).toBe('restrict');
});

/**
 * Goal: a chaos run that did less than was wished never says that the executor holds.
 * Method: the summary of worlds written by hand, in which nothing was found, with too few orders, kills or worlds.
 */
import { describe, expect, test } from 'vitest';
import { deathOf, effectsOf } from '../../scripts/chaos/deaths.ts';
import { type ChaosOptions, readOptions } from '../../scripts/chaos/options.ts';
import { summaryOf } from '../../scripts/chaos/summary.ts';
import type { World } from '../../scripts/chaos/world.ts';

function optionsOf(...more: readonly string[]): ChaosOptions {
  const read = readOptions(['--orders', '100', '--kills', '10', '--worlds', '2', ...more]);
  if (typeof read === 'string' || !('seed' in read)) throw new Error(JSON.stringify(read));
  return read;
}

const worldOf = (number: number, orders: number, kills: number, lost = 0): World => ({
  number,
  queue: 'database',
  venues: [],
  isSlow: false,
  slots: 1,
  kills,
  killsAt: {},
  gaveUp: 0,
  databaseCrashes: 0,
  queueCrashes: 0,
  isQuiet: true,
  ms: 1,
  audit: {
    orders,
    fills: 0,
    savings: 0,
    transfers: 0,
    decisions: 1,
    neverAccepted: 0,
    lost,
    doubled: 0,
    unexplained: 0,
    nakedUsd: 0,
    nakedPairs: 0,
    handedOnUsd: 0,
    handedOnPairs: 0,
    standingUsd: 0,
    standingLegs: 0,
    faults: [],
  },
});

const holds = (options: ChaosOptions, ...worlds: readonly World[]): boolean =>
  summaryOf(options, { worlds, broken: [] }, 1).holds;

describe('a summary holds', () => {
  test('with as many orders and kills as were wished, and nothing found', () => {
    expect(holds(optionsOf(), worldOf(0, 60, 4), worldOf(1, 40, 6))).toBe(true);
    expect(holds(optionsOf(), worldOf(0, 60, 4), worldOf(1, 40, 6, 1))).toBe(false);
  });

  test('never with fewer orders, fewer kills or none at all', () => {
    expect(holds(optionsOf(), worldOf(0, 60, 4), worldOf(1, 39, 6))).toBe(false);
    expect(holds(optionsOf(), worldOf(0, 60, 4), worldOf(1, 40, 5))).toBe(false);
    expect(holds(optionsOf())).toBe(false);
  });

  test('for one world played again, with that world’s share', () => {
    expect(holds(optionsOf('--only', '1'), worldOf(1, 50, 5))).toBe(true);
    expect(holds(optionsOf('--only', '1'), worldOf(1, 50, 4))).toBe(false);
    expect(holds(optionsOf('--only', '1'))).toBe(false);
    // The others' deaths are not its own to die.
    const many = optionsOf('--kills', '1000', '--worlds', '50', '--only', '1');
    expect(holds(many, worldOf(1, 50, 20))).toBe(true);
  });

  test('of many kills, only where every effect was struck before and after', () => {
    const all = effectsOf(false).flatMap((one) => [`before ${one}`, `after ${one}`]);
    const many = optionsOf('--kills', `${2 * all.length}`, '--worlds', '1');
    const struck = (names: readonly string[]): World => ({
      ...worldOf(0, 100, 2 * all.length),
      killsAt: Object.fromEntries(names.map((name) => [name, 1])),
    });
    expect(holds(many, struck(all))).toBe(true);
    expect(holds(many, struck(all.slice(1)))).toBe(false);
    expect(holds(many, { ...struck(all), isSlow: true })).toBe(true);
    const more = optionsOf('--kills', `${4 * effectsOf(true).length}`, '--worlds', '1');
    const slow = { ...struck(all), isSlow: true, kills: 4 * effectsOf(true).length };
    expect(holds(more, slow)).toBe(false);
  });
});

describe('a life', () => {
  const deaths = (number: number, isSlow: boolean, kills: number) =>
    Array.from({ length: kills }, (_, life) => {
      const death = deathOf({ seed: 1, number, kills, isSlow }, life);
      return death.kind === 'effect' ? [`${death.when} ${death.effect}`] : [];
    }).flat();

  test('ends before and after every effect in turn, over the worlds of a run', () => {
    for (const isSlow of [false, true]) {
      const kills = 20;
      const struck = new Set(range(20).flatMap((number) => deaths(number, isSlow, kills)));
      const all = effectsOf(isSlow).flatMap((one) => [`before ${one}`, `after ${one}`]);
      expect(all.filter((one) => !struck.has(one))).toEqual([]);
    }
  });

  test('ends where it did, for the same seed, world and number', () => {
    expect(deaths(3, true, 13)).toEqual(deaths(3, true, 13));
  });
});

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

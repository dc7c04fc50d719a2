/**
 * Goal: on the labelled events new exposure stops before each failure, and no survivor is left for anything but a halt.
 * Method: each event's published figures, hour by hour, through the daemon's own assessment.
 */
import { describe, expect, test } from 'vitest';
import { SOLVENCY_EVENTS } from '../../../scripts/solvencyEvents/events.ts';
import { replayEvent } from '../../../scripts/solvencyEvents/replayEvent.ts';

const DAY_MS = 86_400_000;
const replays = SOLVENCY_EVENTS.map(replayEvent);
const named = (name: string) => {
  const replay = replays.find((each) => each.event.name.startsWith(name));
  if (replay === undefined) throw new Error(`no event is named ${name}`);
  return replay;
};

describe('venues that failed', () => {
  for (const [name, days] of [
    ['Mt.Gox', 150],
    ['Celsius', 28],
    ['FTX', 1],
  ] as const) {
    test(`${name} takes no new exposure ${days} days before withdrawals halt, and is exit at the halt`, () => {
      const { firstReached, haltedAtMs } = named(name);
      const leadMs = (haltedAtMs ?? 0) - (firstReached.restrict?.atMs ?? Number.POSITIVE_INFINITY);
      expect(leadMs).toBeGreaterThanOrEqual(days * DAY_MS);
      expect(firstReached.exit?.atMs).toBe(haltedAtMs);
    });
  }
});

describe('venues that survived', () => {
  test('are never declared failed before a halt of withdrawals', () => {
    const survivors = replays.filter((replay) => replay.event.outcome === 'survived');
    expect(survivors.map((replay) => replay.exitWithoutHaltHours)).toEqual([0, 0, 0]);
  });

  test('Bybit loses new exposure over a third of its assets leaving, and is not declared failed', () => {
    const { firstReached } = named('Bybit');
    expect(firstReached.restrict).toBeDefined();
    expect(firstReached.exit).toBeUndefined();
  });

  test('are healthy again some days after coins can leave', () => {
    expect(named('OKEx').recoveredAtMs).toBeLessThan(Date.UTC(2020, 10, 30));
    expect(named('Binance').recoveredAtMs).toBeLessThan(Date.UTC(2022, 11, 20));
    expect(named('Bybit').recoveredAtMs).toBeLessThan(Date.UTC(2025, 2, 6));
  });
});

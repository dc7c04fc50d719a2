/**
 * The depeg watch: reached only after a time, left only after a longer one, half way back.
 *
 * Paths of prices read minute by minute; then properties. Tried, and seen to fail: confirming at once, and releasing at the threshold.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextPeg, type PegMemory, pegStates } from '../../src/signals/peg.ts';

const minuteMs = 60_000;
const limits = {
  restrictShare: 0.02,
  exitShare: 0.05,
  confirmMs: 10 * minuteMs,
  releaseMs: 60 * minuteMs,
};

/** One price a minute. @returns the state after each. */
function walk(prices: readonly (number | null)[], start: PegMemory | null = null) {
  let memory = start;
  return prices.map((price, minute) => {
    memory = nextPeg(memory, price, limits, minute * minuteMs);
    return memory.state;
  });
}
const minutes = (count: number, price: number | null) => Array.from({ length: count }, () => price);

describe('nextPeg', () => {
  test('a dip shorter than the confirmation moves nothing', () => {
    const path = [...minutes(9, 0.9), 1, ...minutes(9, 0.9), 1];
    expect(new Set(walk(path))).toEqual(new Set(['pegged']));
  });

  test('to 0.90 and back: exit after ten minutes, pegged an hour after it is back', () => {
    const states = walk([1, ...minutes(30, 0.9), ...minutes(90, 0.999)]);
    expect(states.indexOf('exit')).toBe(11);
    expect(states.lastIndexOf('exit')).toBe(30 + 59);
    expect(states.at(-1)).toBe('pegged');
    expect(states).not.toContain('restrict');
  });

  test('three cents below is a reason to add nothing, not to leave', () => {
    expect(walk(minutes(30, 0.97)).at(-1)).toBe('restrict');
    expect(walk([...minutes(30, 0.97), ...minutes(11, 0.94)]).at(-1)).toBe('exit');
  });

  test('half way back it stays, and above par is no fault', () => {
    expect(walk([...minutes(12, 0.97), ...minutes(600, 0.989)]).at(-1)).toBe('restrict');
    expect(walk([...minutes(12, 0.97), ...minutes(61, 0.991)]).at(-1)).toBe('pegged');
    expect(walk(minutes(100, 1.05)).at(-1)).toBe('pegged');
  });

  test('from exit it may fall to restrict first', () => {
    expect(walk([...minutes(12, 0.9), ...minutes(61, 0.976)]).at(-1)).toBe('restrict');
  });

  test('an unknown price keeps what was known', () => {
    expect(walk([...minutes(12, 0.9), ...minutes(600, null)]).at(-1)).toBe('exit');
    expect(walk(minutes(5, null)).at(-1)).toBe('pegged');
  });

  test('never worse sooner than the confirmation, never better sooner than the release', () => {
    const prices = fc.array(fc.double({ min: 0.85, max: 1.01, noNaN: true }), { maxLength: 200 });
    fc.assert(
      fc.property(prices, (path) => {
        const states = walk(path);
        let changedAt = 0;
        for (const [minute, state] of states.entries()) {
          const before = states[minute - 1] ?? 'pegged';
          if (state === before) continue;
          const isWorse = pegStates.indexOf(state) > pegStates.indexOf(before);
          const least = isWorse ? limits.confirmMs : limits.releaseMs;
          const gap = (minute - changedAt) * minuteMs;
          expect(gap).toBeGreaterThanOrEqual(least);
          if (isWorse) {
            const since = path.slice(minute - 10, minute + 1);
            expect(since.every((price) => price <= 1 - limits.restrictShare)).toBe(true);
          }
          changedAt = minute;
        }
      }),
      { seed: 5 },
    );
  });
});

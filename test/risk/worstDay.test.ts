/**
 * The worst day on record: compounded, in either direction, over whole days only.
 *
 * Method: closed forms; then properties against a day that is put in by hand.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { worstDay } from '../../src/risk/worstDay.ts';

describe('worstDay', () => {
  test('compounds the bars of a day, it does not add them', () => {
    expect(worstDay([-0.1, -0.1], 2)).toBeCloseTo(0.19, 15);
    expect(worstDay([0.1, 0.1], 2)).toBeCloseTo(0.21, 15);
    expect(worstDay([-0.5, 1], 2)).toBeCloseTo(0, 15);
  });

  test('is the size of the move in either direction: a short leg loses on the way up', () => {
    expect(worstDay([0.02, -0.05, 0.08], 1)).toBeCloseTo(0.08, 15);
    expect(worstDay([0.02, -0.09, 0.08], 1)).toBeCloseTo(0.09, 15);
  });

  test('looks at every window of a day, not at calendar days', () => {
    // The fall straddles the middle: cut into two days of two bars, each shows only half of it.
    expect(worstDay([0, -0.1, -0.1, 0], 2)).toBeCloseTo(0.19, 15);
  });

  test('a window with a missing bar is no day, and no whole day is unknown, not zero', () => {
    expect(worstDay([-0.1, null, -0.1, -0.2], 2)).toBeCloseTo(0.28, 15);
    expect(worstDay([-0.5, null, -0.5], 2)).toBeNull();
    expect(worstDay([-0.5], 2)).toBeNull();
    expect(worstDay([], 1)).toBeNull();
    expect(worstDay([null, null], 1)).toBeNull();
  });

  test('a quiet record is a known zero', () => {
    expect(worstDay([0, 0, 0], 2)).toBe(0);
  });

  test('more record never makes it smaller, and a crash put anywhere is found', () => {
    const bars = fc.array(
      fc.option(fc.double({ min: -0.3, max: 0.3, noNaN: true }), { nil: null, freq: 8 }),
      { minLength: 4, maxLength: 30 },
    );
    fc.assert(
      fc.property(bars, bars, fc.integer({ min: 1, max: 4 }), (before, after, perDay) => {
        const alone = worstDay(before, perDay) ?? 0;
        const joined = worstDay([...before, ...after], perDay) ?? 0;
        expect(joined).toBeGreaterThanOrEqual(alone);
        const crash = Array.from({ length: perDay }, () => -0.4);
        const found = worstDay([...before, ...crash, ...after], perDay) ?? 0;
        expect(found).toBeGreaterThanOrEqual(1 - 0.6 ** perDay - 1e-12);
      }),
      { seed: 41 },
    );
  });
});

/** Goal: moments, growth and traded signs are what their series say. Method: closed forms, and a z-score by two ways. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { zScore, zScoreOf } from '../../src/signals/basis.ts';
import { growthOver } from '../../src/signals/growth.ts';
import { tradedSigns } from '../../src/signals/liquidity/tradedSigns.ts';
import { momentsOf } from '../../src/signals/moments.ts';

test('moments have the sample deviation, and none where nothing moves', () => {
  expect(momentsOf([1, 2, 3])).toEqual({ readings: 3, mean: 2, deviation: 1 });
  expect(momentsOf([0.1, 0.1, 0.1]).deviation).toBe(0);
  expect(momentsOf([])).toEqual({ readings: 0, mean: 0, deviation: 0 });
  expect(momentsOf([5])).toEqual({ readings: 1, mean: 5, deviation: 0 });
});

test('property: a z-score from moments is the one from the series', () => {
  const values = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { maxLength: 40 });
  fc.assert(
    fc.property(values, fc.double({ min: -1e3, max: 1e3, noNaN: true }), (history, value) => {
      expect(zScoreOf(value, momentsOf(history), 5)).toEqual(zScore(value, history, 5));
    }),
    { seed: 43 },
  );
});

test('growth compares with the reading one span before, or up to half a span older', () => {
  const at = (atMs: number, value: number) => ({ atMs, value });
  const readings = [at(0, 100), at(4, 110), at(8, 120), at(12, 99), at(30, 200)];
  expect(growthOver(readings, 8)).toEqual([at(8, 120 / 100 - 1), at(12, 99 / 110 - 1)]);
  expect(growthOver([at(0, 0), at(8, 5)], 8)).toEqual([]);
  expect(growthOver([at(0, 1), at(12, 2)], 8)).toEqual([at(12, 1)]);
  expect(growthOver([at(0, 1), at(13, 2)], 8)).toEqual([]);
});

test('a week of hours gives volume, volatility, Amihud and Kyle', () => {
  const bars = Array.from({ length: 48 }, (_, i) => {
    const up = i % 2 === 0;
    return { open: up ? 100 : 101, close: up ? 101 : 100, volumeBase: up ? 10 : 20 };
  });
  const signs = tradedSigns(bars);
  const [rise, fall] = [0.01, 1 - 100 / 101];
  expect(signs?.volumeDailyQuote).toBeCloseTo(12 * (10 * 101 + 20 * 100), 9);
  expect(signs?.volatilityDaily).toBeCloseTo(Math.sqrt(12 * (rise ** 2 + fall ** 2)), 12);
  expect(signs?.amihudPerQuote).toBeCloseTo((rise / 1010 + fall / 2000) / 2, 15);
  // Changes of ±1 on signed volumes of 10 and -20: a slope of two in thirty.
  expect(signs?.kyleLambda).toBeCloseTo(2 / 30, 12);
  expect(tradedSigns(bars.slice(0, 23))).toBeNull();
  const idle = tradedSigns(bars.map((bar) => ({ ...bar, volumeBase: 0 })));
  expect([idle?.volumeDailyQuote, idle?.amihudPerQuote, idle?.kyleLambda]).toEqual([0, null, null]);
});

/**
 * Goal: funding is averaged over time, whatever interval each settlement had.
 * Method: closed forms, then a property: cut into settlements as you like, a constant yearly rate comes out.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fundingAnnual, meanFundingRate, settledFundingAnnual } from '../../src/signals/funding.ts';

const hourMs = 3_600_000;
const stamps = (hours: readonly number[], rate: (hours: number) => number) => {
  let atMs = 0;
  return hours.map((interval) => {
    atMs += interval * hourMs;
    return { atMs, rate: rate(interval) };
  });
};

describe('mean funding', () => {
  test('of equal intervals is the mean of all but the oldest, and of the next', () => {
    const settled = [9, 1, 2].map((rate, index) => ({ atMs: index * 8 * hourMs, rate }));
    expect(meanFundingRate(settled, { rate: 3, intervalMs: 8 * hourMs })).toBeCloseTo(2, 12);
  });

  test('without a past, or with one settlement of it, is the next one', () => {
    const next = { rate: 3, intervalMs: hourMs };
    expect(meanFundingRate([], next)).toBe(3);
    expect(meanFundingRate([{ atMs: hourMs, rate: 9 }], next)).toBe(3);
  });

  test('property: a constant yearly rate comes out of any intervals', () => {
    const intervals = fc.array(fc.constantFrom(1, 2, 4, 8), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(
        intervals,
        fc.constantFrom(1, 8),
        fc.double({ min: -1, max: 1, noNaN: true }),
        (hours, nextHours, annual) => {
          const rate = (interval: number) => (annual * interval) / (365 * 24);
          const settled = stamps(hours, rate);
          const next = { rate: rate(nextHours), intervalMs: nextHours * hourMs };
          const found = fundingAnnual(meanFundingRate(settled, next), next.intervalMs);
          expect(found).toBeCloseTo(annual, 9);
          for (const each of settledFundingAnnual(settled)) expect(each).toBeCloseTo(annual, 9);
        },
      ),
      { seed: 12 },
    );
  });
});

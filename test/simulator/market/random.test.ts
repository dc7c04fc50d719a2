/**
 * Goal: the counter-keyed draws have the laws they claim and are independent of the order of asking.
 * Method: moments and tail shares of a fixed sample against closed forms, at four standard errors or more.
 */
import { describe, expect, it } from 'vitest';
import { normal, streamKey, studentScale, uniform } from '../../../src/simulator/market/random.ts';
import { studentTail } from './student.ts';

const COUNT = 40_000;
const hours = Array.from({ length: COUNT }, (_, hour) => hour);

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe('draws', () => {
  const stream = streamKey(11, 'test');

  it('are uniform: mean 1/2, variance 1/12, no correlation from counter to counter or draw to draw', () => {
    const values = hours.map((hour) => uniform(stream, hour, 0) - 0.5);
    expect(Math.abs(mean(values))).toBeLessThan(0.006);
    expect(mean(values.map((value) => value * value))).toBeCloseTo(1 / 12, 2);
    const lagged = values.slice(1).map((value, i) => value * (values[i] ?? 0) * 12);
    const crossed = values.map((value, hour) => value * (uniform(stream, hour, 1) - 0.5) * 12);
    expect(Math.abs(mean(lagged))).toBeLessThan(0.02);
    expect(Math.abs(mean(crossed))).toBeLessThan(0.02);
  });

  it('are normal: variance 1, kurtosis 3', () => {
    const values = hours.map((hour) => normal(stream, hour, 2));
    expect(mean(values.map((value) => value ** 2))).toBeCloseTo(1, 1);
    expect(Math.abs(mean(values.map((value) => value ** 4)) - 3)).toBeLessThan(0.2);
  });

  it('scaled are Student-t of four degrees with unit variance: tails as in the closed distribution', () => {
    const values = hours.map((hour) => normal(stream, hour, 2) * studentScale(stream, hour, 4));
    for (const bound of [1, 2.5, 5]) {
      const expected = studentTail(bound);
      const found = values.filter((value) => Math.abs(value) > bound).length / COUNT;
      const error = Math.sqrt((expected * (1 - expected)) / COUNT);
      expect(Math.abs(found - expected)).toBeLessThan(4 * error);
    }
  });

  it('differ by seed and by name, high words of a seed included', () => {
    const keys = [
      streamKey(1, 'a'),
      streamKey(2, 'a'),
      streamKey(1, 'b'),
      streamKey(2 ** 40 + 1, 'a'),
    ];
    expect(new Set(keys).size).toBe(4);
  });
});

/**
 * Goal: what needs memory is what memory says, and a time that was not looked at is never called quiet.
 * Method: closed forms, then properties over random readings.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  feeRatio,
  gapDeviations,
  heldThroughout,
  ratioToUsual,
  sincePeakShare,
  type Timed,
} from '../../../src/signals/solvency/remembered.ts';

const minuteMs = 60_000;
const nowMs = 1_700_000_000_000;
const held = { nowMs, heldMs: 10 * minuteMs, gapMsMax: 15 * minuteMs, quiet: 0.01 };
/** Values a minute apart, the last one now. */
const minutes = (values: readonly number[], everyMs = minuteMs): readonly Timed[] =>
  values.map((value, i) => ({ atMs: nowMs - (values.length - 1 - i) * everyMs, value }));

describe('held for ten minutes', () => {
  test('is the least of a time looked at throughout, with its sign', () => {
    const readings = minutes([-0.09, -0.05, ...Array(9).fill(-0.06)]);
    expect(heldThroughout(readings, held)).toEqual({
      kind: 'observed',
      value: -0.05,
      observedAtMs: nowMs,
    });
  });

  test('is nothing where the sign changed or one reading was right', () => {
    const other = (value: number) =>
      minutes([...Array(5).fill(0.05), value, ...Array(5).fill(0.05)]);
    expect(heldThroughout(other(-0.05), held)).toMatchObject({ value: 0 });
    expect(heldThroughout(other(0), held)).toMatchObject({ value: 0 });
  });

  test('forgets what lies before', () => {
    const readings = minutes([0, ...Array(11).fill(0.05)]);
    expect(heldThroughout(readings, held)).toMatchObject({ value: 0.05 });
  });

  test('is unknown where it is off and was not looked at for so long, quiet where it is not off', () => {
    expect(heldThroughout(minutes(Array(9).fill(0.05)), held)).toEqual({
      kind: 'unknown',
      reason: '5.0 %, seen for 8 of 10 minutes',
    });
    expect(heldThroughout(minutes([0.009]), held)).toMatchObject({
      kind: 'observed',
      value: 0.009,
    });
    expect(heldThroughout([], held)).toMatchObject({ kind: 'unknown' });
  });

  test('does not bridge a gap in which nobody looked', () => {
    expect(heldThroughout(minutes([0.05, 0.05], 16 * minuteMs), held).kind).toBe('unknown');
    expect(heldThroughout(minutes([0.05, 0.05], 15 * minuteMs), held).kind).toBe('observed');
  });

  test('never exceeds a reading of the last ten minutes, over any readings', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 11, maxLength: 30 }),
        (values) => {
          const found = heldThroughout(minutes(values), held);
          const least = Math.min(...values.slice(-11).map(Math.abs));
          expect(found.kind).toBe('observed');
          if (found.kind === 'observed') expect(Math.abs(found.value)).toBeLessThanOrEqual(least);
        },
      ),
      { seed: 4 },
    );
  });
});

describe('against the past', () => {
  const usual = Array.from({ length: 30 }, (_, i) => 10 + (i % 3));

  test('a pool is measured from its peak', () => {
    expect(sincePeakShare(minutes([100, 120, 84]))).toBeCloseTo(-0.3, 12);
    expect(sincePeakShare(minutes([100, 120]))).toBe(0);
    expect(sincePeakShare([])).toBeNull();
    expect(sincePeakShare(minutes([0]))).toBeNull();
  });

  test('a ratio to the usual needs thirty samples and something usual', () => {
    expect(ratioToUsual(2.75, usual)).toBe(0.25);
    expect(ratioToUsual(2.75, usual.slice(1))).toBeNull();
    expect(ratioToUsual(1, Array(30).fill(0))).toBeNull();
  });

  test('a funding gap is measured in deviations of its own past, at least a resting rate each', () => {
    const past = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 1e-3 : -1e-3));
    const deviation = Math.sqrt((40 * 1e-6) / 39);
    expect(gapDeviations(3e-3, past)).toBeCloseTo(3e-3 / deviation, 9);
    expect(gapDeviations(2e-4, Array(40).fill(0))).toBeCloseTo(2, 9);
    expect(gapDeviations(2e-4, Array(29).fill(0))).toBeNull();
  });

  test('one dear chain is no dear venue; every chain of a coin is', () => {
    const one = Array(30).fill(1);
    const past = { 'USDT|TRX': one, 'USDT|ETH': one, 'BTC|BTC': one };
    expect(feeRatio({ 'USDT|TRX': 1, 'USDT|ETH': 9, 'BTC|BTC': 1 }, past)).toBe(1);
    expect(feeRatio({ 'USDT|TRX': 4, 'USDT|ETH': 9, 'BTC|BTC': 1 }, past)).toBe(4);
    expect(feeRatio({ 'USDT|SOL': 4 }, past)).toBeNull();
  });
});

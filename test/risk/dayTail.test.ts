/**
 * Goal: a day's tail is that of windows of one day, whole ones only, and its parts are the legs' own.
 * Method: windows summed by brute force, worst days by hand, gaps put in.
 */
import { describe, expect, test } from 'vitest';
import { dayTail } from '../../src/risk/dayTail.ts';
import { chanceFrom, normalFrom } from '../parity/randomProblems.ts';

const barsPerDay = 6;
const bars = 200;
const chance = chanceFrom(5);
const returnsByLeg = [0.01, 0.02].map((size) =>
  Array.from({ length: bars }, (): number | null => size * normalFrom(chance)),
);
const exposures = [1_000, 700];
const covarianceAnnual = [
  [0.25, 0.1],
  [0.1, 1],
];
const tailOf = (series: readonly (readonly (number | null)[])[]) =>
  dayTail({ exposures, covarianceAnnual, returnsByLeg: series, barsPerDay }, 0.95);

/** Profit per leg of every window without a gap. */
function windowsOf(series: readonly (readonly (number | null)[])[]): number[][] {
  const found: number[][] = [];
  for (let end = barsPerDay; end <= bars; end++) {
    const parts = series.map((leg) => leg.slice(end - barsPerDay, end));
    if (parts.some((leg) => leg.includes(null))) continue;
    found.push(
      parts.map(
        (leg, k) => (exposures[k] ?? 0) * leg.reduce<number>((sum, r) => sum + (r ?? 0), 0),
      ),
    );
  }
  return found;
}
const total = (parts: readonly number[]) => parts.reduce((sum, part) => sum + part, 0);

describe('the historical figures', () => {
  const gappy = returnsByLeg.map((series, leg) =>
    series.map((value, bar) => (bar === 50 + leg * 40 ? null : value)),
  );

  test.each([
    ['whole', returnsByLeg],
    ['with gaps', gappy],
  ] as const)('%s: mean and edge of the worst twentieth of the windows', (_, series) => {
    const windows = windowsOf(series).toSorted((a, b) => total(a) - total(b));
    const found = tailOf(series);
    expect(found.windows).toBe(windows.length);
    const share = 0.05 * windows.length;
    const count = Math.ceil(share);
    const part = (rank: number) => Math.min(1, share - rank) / share;
    const worst = windows.slice(0, count);
    expect(found.historical?.valueAtRisk).toBeCloseTo(-total(worst.at(-1) ?? []), 9);
    for (const leg of [0, 1]) {
      const mean = total(worst.map((parts, rank) => part(rank) * (parts[leg] ?? 0)));
      expect(found.historical?.components[leg]).toBeCloseTo(-mean, 9);
    }
  });

  test('the moments of the windows stand behind Cornish–Fisher: near the normal tail of their own size', () => {
    const windows = windowsOf(returnsByLeg).map(total);
    const mean = total(windows) / windows.length;
    const deviation = Math.sqrt(total(windows.map((x) => (x - mean) ** 2)) / windows.length);
    const expected = 2.0627 * deviation - mean;
    const found = tailOf(returnsByLeg).cornishFisher?.expectedShortfall ?? Number.NaN;
    expect(Math.abs(found / expected - 1)).toBeLessThan(0.25);
  });

  test('a leg that is not held may be missing', () => {
    const missing = [returnsByLeg[0] ?? [], Array.from({ length: bars }, () => null)];
    const found = dayTail(
      { exposures: [1_000, 0], covarianceAnnual, returnsByLeg: missing, barsPerDay },
      0.95,
    );
    expect(found.windows).toBe(bars - barsPerDay + 1);
    expect(found.historical?.components[1]).toBeCloseTo(0, 12);
  });
});

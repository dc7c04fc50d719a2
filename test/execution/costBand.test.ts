/** The cost-aware band against its closed form: its width is where the costs of drifting and of trading together are least. */
import { describe, expect, test } from 'vitest';
import { costBandShare, tradeCostShare } from '../../src/execution/costBand.ts';
import { policyOf } from '../rebalance/policyGiven.ts';
import { quoteOf } from '../rebalance/snapshotWorld.ts';

const { sizing } = policyOf([], {
  sizing: { tradeTo: 'edge', rewardPerRisk: 2, targetVolatilityAnnual: 0.15 },
});
const at = { equityUsd: 1_000_000, targetUsd: 100_000, costShare: 0.00075 };

describe('the width', () => {
  test('is the cube root of 3 c R / 2 S x, whatever the leg’s own volatility', () => {
    const share = costBandShare(sizing, at);
    expect(share).toBeCloseTo(((3 * 0.00075 * 150_000) / (2 * 2 * 100_000)) ** (1 / 3), 12);
  });

  test('is where a year’s drift and a year’s trading together cost least', () => {
    const h = costBandShare(sizing, at) * at.targetUsd;
    // Any volatility: the minimum does not move.
    for (const sigma of [0.3, 0.9]) {
      const curvature = (2 * sigma ** 2) / 150_000;
      const yearly = (half: number) =>
        (curvature * half ** 2) / 6 + (at.costShare * (sigma * at.targetUsd) ** 2) / (2 * half);
      for (const off of [0.9, 0.99, 1.01, 1.1]) expect(yearly(off * h)).toBeGreaterThan(yearly(h));
    }
  });

  test('grows with the cost, shrinks with what the book earns, and is never over half the target', () => {
    const width = (change: Partial<typeof at>) => costBandShare(sizing, { ...at, ...change });
    expect(width({ costShare: 0.006 }) / width({})).toBeCloseTo(2, 9);
    expect(costBandShare({ ...sizing, rewardPerRisk: 0.25 }, at) / width({})).toBeCloseTo(2, 9);
    expect(width({ targetUsd: 1 })).toBe(0.5);
    expect(width({ costShare: 0 })).toBe(0);
    expect(width({ targetUsd: 0 })).toBe(0);
  });

  test('is nothing where the policy trades to the target, or says nothing', () => {
    expect(costBandShare({ ...sizing, tradeTo: 'target' }, at)).toBe(0);
    expect(costBandShare(policyOf([]).sizing, at)).toBe(0);
  });
});

test('a trade costs its fee and half the spread; a crossed book costs no spread', () => {
  const quote = (bid: number, ask: number) => quoteOf('BTC/USDT:USDT', { bid, ask });
  expect(tradeCostShare(quote(99, 101), 0.0005)).toBeCloseTo(0.0105, 12);
  expect(tradeCostShare(quote(101, 99), 0.0005)).toBe(0.0005);
  expect(tradeCostShare(quote(0, 0), 0.0005)).toBe(0.0005);
});

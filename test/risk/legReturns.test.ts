/**
 * Goal: a leg's return per bar is what a person holding it would have earned.
 * Method: each kind against a book kept by hand in coins, on numbers small enough to follow.
 */
import { describe, expect, it } from 'vitest';
import {
  carryReturns,
  lendingReturns,
  perpetualReturns,
  stableReturns,
} from '../../src/risk/legReturns.ts';

const hour = 3_600_000;
const grid = { startMs: 0, barMs: hour };
const parity = [1, 1, 1];

describe('perpetualReturns', () => {
  it('pays funding out of the bar where the settlement falls, its very end included', () => {
    const returns = perpetualReturns({
      closes: [100, 110, 99],
      funding: [{ timestampMs: hour, rate: 0.001 }],
      grid,
      unitUsd: parity,
      direction: 'long',
    });
    // 100 USD of notional is 1 coin; at the settlement it is worth 110 and pays 0.11.
    expect(returns[0]).toBeCloseTo((10 - 0.11) / 100, 15);
    expect(returns[1]).toBeCloseTo(-0.1, 15);
  });

  it('gives the short the exact opposite, funding included', () => {
    const input = {
      closes: [100, 104, 90],
      funding: [{ timestampMs: 2 * hour, rate: -0.002 }],
      grid,
      unitUsd: [1, 1, 0.98],
    };
    const long = perpetualReturns({ ...input, direction: 'long' });
    const short = perpetualReturns({ ...input, direction: 'short' });
    expect(short).toEqual(long.map((value) => -(value ?? 0)));
  });

  it('leaves a bar unknown where a close or the unit is missing or not a price', () => {
    const of = (closes: (number | null)[], unitUsd: (number | null)[]) =>
      perpetualReturns({ closes, funding: [], grid, unitUsd, direction: 'long' });
    expect(of([100, null, 99], parity)).toEqual([null, null]);
    expect(of([100, 0, 99], parity)).toEqual([null, null]);
    expect(of([100, 101, 102], [1, 1, null])[1]).toBeNull();
  });

  it('ignores settlements outside the grid, the one at its start among them', () => {
    const funding = [0, -hour, 3 * hour].map((timestampMs) => ({ timestampMs, rate: 0.5 }));
    const returns = perpetualReturns({
      closes: [100, 100, 100],
      funding,
      grid,
      unitUsd: parity,
      direction: 'long',
    });
    expect(returns).toEqual([0, 0]);
  });
});

describe('carryReturns', () => {
  it('is what the pair earns in the settlement coin while that coin holds its peg', () => {
    const returns = carryReturns({
      spotCloses: [100, 120],
      perpetualCloses: [101, 121],
      funding: [{ timestampMs: hour, rate: 0.0003 }],
      grid,
      unitUsd: [1, 1],
    });
    const short = -(121 / 101 - 1) + 0.0003 * (121 / 101);
    expect(returns[0]).toBeCloseTo(0.2 + short, 14);
  });

  it('falls with the quote coin: a pair hedged in USDT is a holding of USDT', () => {
    // The coin itself holds its dollars: its price in the fallen quote coin rises by 1 / 0.95.
    const returns = carryReturns({
      spotCloses: [100, 100 / 0.95],
      perpetualCloses: [100, 100 / 0.95],
      funding: [],
      grid,
      unitUsd: [1, 0.95],
    });
    expect(returns[0]).toBeCloseTo(-0.05, 14);
  });
});

describe('lendingReturns and stableReturns', () => {
  it('accrue a simple annual rate by the bar and move with the coin', () => {
    const returns = lendingReturns({ coinUsd: [1, 0.99], yieldAnnual: [0.0876], grid });
    expect(returns[0]).toBeCloseTo((1 + 0.0876 / 8760) * 0.99 - 1, 15);
  });

  it('count both the move against the quote coin and the quote coin against the unit', () => {
    const returns = stableReturns({
      closes: [1, 1.01],
      unitUsd: [1, 0.98],
      yieldAnnual: [0],
      grid,
    });
    expect(returns[0]).toBeCloseTo(1.01 * 0.98 - 1, 15);
  });

  it('do not take an unknown yield for none', () => {
    expect(lendingReturns({ coinUsd: [1, 1, 1], yieldAnnual: [null, 0], grid })).toEqual([null, 0]);
  });
});

/** Goal: liquidity measures are right where they are defined and say so where they are not. Method: closed forms, properties. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Book,
  depthUsd,
  midPrice,
  takeFromBook,
} from '../../../src/signals/liquidity/depth.ts';
import {
  amihudPerUsd,
  kyleLambda,
  turnoverRatio,
} from '../../../src/signals/liquidity/illiquidity.ts';
import {
  capacityUsd,
  daysToExit,
  exitableUsd,
  squareRootImpact,
} from '../../../src/signals/liquidity/impact.ts';
import {
  corwinSchultzSpread,
  estimateSpread,
  rollSpread,
} from '../../../src/signals/liquidity/spread.ts';

describe('price impact of volume', () => {
  test('Kyle’s lambda recovers a straight line and is undefined without variation', () => {
    const volumes = [3, -2, 5, 0, -7];
    const changes = volumes.map((volume) => 0.25 * volume + 1);
    expect(kyleLambda(changes, volumes)).toBeCloseTo(0.25, 12);
    expect(kyleLambda([1, 2, 3], [4, 4, 4])).toBeNull();
  });

  test('Amihud leaves out bars that did not trade and is undefined where none did', () => {
    expect(amihudPerUsd([0.02, 0.5], [100, 0])).toBeCloseTo(0.0002, 15);
    expect(amihudPerUsd([0.02], [0])).toBeNull();
  });

  test('turnover is volume over open interest', () => {
    expect([turnoverRatio(300, 100), turnoverRatio(300, 0)]).toEqual([3, null]);
  });

  test('four times the size moves the price twice as far, and capacity is where the budget is met', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e3, max: 1e8, noNaN: true }), (quantityUsd) => {
        const market = { volatilityDaily: 0.03, volumeDailyUsd: 1e8, coefficient: 0.8 };
        const one = squareRootImpact({ ...market, quantityUsd });
        const four = squareRootImpact({ ...market, quantityUsd: 4 * quantityUsd });
        expect(four.peakBps / one.peakBps).toBeCloseTo(2, 9);
        expect(capacityUsd(one.peakBps, market) / quantityUsd).toBeCloseTo(1, 9);
      }),
      { seed: 23 },
    );
  });

  test('time to exit and what can exit are each other’s inverse; nothing traded, no exit', () => {
    expect(daysToExit(exitableUsd(3, 1e6, 0.05), 1e6, 0.05)).toBeCloseTo(3, 12);
    expect(daysToExit(100, 0, 0.05)).toBeNull();
  });
});

describe('book', () => {
  const book: Book = {
    bids: [
      [99, 1],
      [98, 5],
    ],
    asks: [
      [101, 2],
      [102, 3],
    ],
  };
  test('has a middle and depth on each side, and neither when a side is empty', () => {
    expect(midPrice(book)).toBe(100);
    expect(depthUsd(book, 100)).toEqual({ bidUsd: 99, askUsd: 202 });
    expect(depthUsd({ bids: [], asks: book.asks }, 100)).toBeNull();
  });

  test('costs on both sides, and says what is there when it is too thin', () => {
    expect(takeFromBook(book, 'buy', 3)).toMatchObject({ kind: 'filled', averagePrice: 304 / 3 });
    const sold = takeFromBook(book, 'sell', 2);
    expect(sold).toMatchObject({ kind: 'filled', averagePrice: 98.5 });
    expect(sold.kind === 'filled' ? sold.slippageBps : 0).toBeCloseTo(150, 9);
    expect(takeFromBook(book, 'buy', 6)).toEqual({ kind: 'tooThin', availableBase: 5 });
  });
});

describe('spread', () => {
  const bars = [
    { high: 102, low: 98 },
    { high: 103, low: 99 },
  ];
  const estimate = (quotedShare: number | null, closes: readonly number[]) =>
    estimateSpread({ quotedShare, closes, bars, floorShare: 0.0001 });

  test('prefers the quote, then Roll, then Corwin–Schultz, and never goes below a tick', () => {
    const bouncing = [100, 100.1, 100, 100.1, 100];
    expect(estimate(0.0005, bouncing)).toEqual({ spreadShare: 0.0005, method: 'quoted' });
    expect(estimate(null, bouncing).method).toBe('roll');
    expect(estimate(null, [1, 2, 3, 4]).method).toBe('corwinSchultz');
    expect(estimate(0, bouncing)).toEqual({ spreadShare: 0.0001, method: 'floor' });
  });

  test('is absent, not zero, where there is too little to see', () => {
    expect([rollSpread([1, 2]), corwinSchultzSpread(bars.slice(1))]).toEqual([null, null]);
  });
});

/**
 * Goal: the path within an hour, funding, brackets, steps and liquidity keep their stated laws.
 * Method: closed forms by hand, then properties over random candles (seed pinned).
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fundingFromPremiums } from '../../../src/simulator/market/funding.ts';
import { HOUR_MS, priceWithin, shapeBySign } from '../../../src/simulator/market/hour.ts';
import { linearInstrument } from '../../../src/simulator/market/instruments.ts';
import { liquidityOf } from '../../../src/simulator/market/liquidity.ts';
import type { Candle } from '../../../src/simulator/market/market.ts';
import { parseStep, roundToStep } from '../../../src/simulator/market/step.ts';
import { buildTiers } from '../../../src/simulator/market/tiers.ts';

const candles = fc
  .tuple(...([0, 1, 2, 3] as const).map(() => fc.double({ min: 1, max: 100, noNaN: true })))
  .map((prices): Candle => {
    const [open = 1, close = 1] = prices;
    const [high, low] = [Math.max(...prices), Math.min(...prices)];
    return { openMs: 7 * HOUR_MS, open, high, low, close, volumeBase: 5 };
  });

describe('the path within an hour', () => {
  it('opens, touches both extremes and closes, and never leaves them, with a wiggle or without', () => {
    fc.assert(
      fc.property(candles, fc.boolean(), fc.boolean(), (candle, lowFirst, wiggles) => {
        const wiggle = (second: number) => Math.sin(second * 12.9898);
        const line = { lowFirst, firstSecond: 700, secondSecond: 2900 };
        const shape = wiggles ? { ...line, wiggle } : line;
        const path = Array.from({ length: 3600 }, (_, second) =>
          priceWithin(candle, shape, candle.openMs + second * 1000 + 400),
        );
        expect(path[0]).toBe(candle.open);
        expect(path[3599]).toBe(candle.close);
        expect(Math.max(...path)).toBe(candle.high);
        expect(Math.min(...path)).toBe(candle.low);
        expect(path[700]).toBe(lowFirst ? candle.low : candle.high);
      }),
      { seed: 3, numRuns: 30 },
    );
  });

  it('goes low first when the hour closed higher', () => {
    const candle = { openMs: 0, open: 10, high: 14, low: 8, close: 12, volumeBase: 1 };
    expect(priceWithin(candle, shapeBySign(candle), 600_000)).toBeCloseTo(9, 12);
    const fallen = { ...candle, close: 9 };
    expect(priceWithin(fallen, shapeBySign(fallen), 600_000)).toBeCloseTo(12, 12);
  });
});

describe('funding from premiums', () => {
  it('is the interest rate inside the clamp, the premium less or plus 5 bp outside, and capped', () => {
    expect(fundingFromPremiums([0.0003, -0.0001], 0.02)).toBe(0.0001);
    expect(fundingFromPremiums([0.001], 0.02)).toBe(0.0005);
    expect(fundingFromPremiums([-0.001, -0.003], 0.02)).toBe(-0.0015);
    expect(fundingFromPremiums([-0.24], 0.02)).toBe(-0.02);
    expect(fundingFromPremiums([0.24], 0.00375)).toBe(0.00375);
  });
});

describe('brackets', () => {
  it('join without gaps and keep the maintenance margin continuous, and below the initial margin', () => {
    for (const leverageMax of [100, 75, 50]) {
      const tiers = buildTiers(leverageMax, 200_000);
      expect(tiers.length).toBeGreaterThanOrEqual(5);
      expect(tiers[0]).toMatchObject({ floorUsd: 0, deductionUsd: 0, leverageMax });
      expect(tiers.at(-1)?.capUsd).toBeNull();
      for (const [i, tier] of tiers.entries()) {
        expect(tier.maintenanceMarginRate).toBeLessThan(1 / tier.leverageMax);
        const previous = tiers[i - 1];
        if (previous === undefined) continue;
        expect(tier.floorUsd).toBe(previous.capUsd);
        const below = tier.floorUsd * previous.maintenanceMarginRate - previous.deductionUsd;
        const above = tier.floorUsd * tier.maintenanceMarginRate - tier.deductionUsd;
        expect(above).toBeCloseTo(below, 6);
      }
    }
  });

  it('of BTC by hand: the second deducts 2 M x 0.15 %, the third 17.5 k more', () => {
    const tiers = linearInstrument('BTC', 0)?.tiers ?? [];
    expect(tiers.map((tier) => tier.deductionUsd).slice(0, 3)).toEqual([0, 3_000, 20_500]);
  });
});

describe('steps', () => {
  it('give the decimal itself, not its float neighbour', () => {
    expect(roundToStep(0.30000000000000004, parseStep('0.1'))).toBe(0.3);
    expect(roundToStep(1.13, parseStep('0.05'))).toBe(1.15);
    expect(roundToStep(17, parseStep('10'))).toBe(20);
  });
});

describe('liquidity', () => {
  const calm = { openMs: 0, open: 100, high: 100.25, low: 99.75, close: 100, volumeBase: 1e6 };

  it('follows the stated formula', () => {
    const { spreadBps, depthUsd } = liquidityOf(calm, 0.001);
    expect(spreadBps).toBeCloseTo(0.3 + 0.5, 10);
    expect(depthUsd).toBeCloseTo(100e6 * 0.04, 2);
  });

  it('is worse in a wild hour, never finer than a tick, never deeper than 5 % of the volume', () => {
    const wild = { ...calm, high: 115, low: 95 };
    expect(liquidityOf(wild, 0.001).spreadBps).toBeGreaterThan(20);
    expect(liquidityOf(wild, 0.001).depthUsd).toBeCloseTo(100e6 * 0.0002, 6);
    expect(liquidityOf(calm, 1).spreadBps).toBe(100);
    expect(liquidityOf({ ...calm, high: 100, low: 100 }, 0.001).depthUsd).toBeCloseTo(5e6, 6);
  });
});

/**
 * Goal: no stablecoin is without jump risk, and the past does not know the future.
 * Method: posterior means by hand; worked case T01.
 */
import { describe, expect, it } from 'vitest';
import {
  jumpAdjustedVolatility,
  jumpCovarianceAnnual,
  stablecoinJump,
} from '../../src/risk/jumps.ts';

const asOfMs = Date.UTC(2025, 5, 30);

describe('stablecoinJump', () => {
  it('gives an unknown coin the prior: one event in three years, 12.5 %', () => {
    expect(stablecoinJump('XYZUSD', asOfMs)).toEqual({
      factor: 'XYZUSD',
      ratePerYear: 1 / 3,
      sizeRms: 0.125,
    });
  });

  it('never gives a coin without events a rate of zero, however long it held', () => {
    const jump = stablecoinJump('USDP', Date.UTC(2100, 0, 1));
    expect(jump.ratePerYear).toBeGreaterThan(0.05);
    expect(jump.sizeRms).toBe(0.125);
  });

  it('counts three events for USDT and lies between one in two and one in four years', () => {
    const jump = stablecoinJump('usdt', asOfMs);
    expect(jump.ratePerYear).toBeGreaterThan(0.25);
    expect(jump.ratePerYear).toBeLessThan(0.5);
    const squares = 0.125 ** 2 + 0.13 ** 2 + 0.05 ** 2 + 0.07 ** 2;
    expect(jump.sizeRms).toBeCloseTo(Math.sqrt(squares / 4), 14);
  });

  it('knows nothing of an event before it happened', () => {
    const before = stablecoinJump('USDC', Date.UTC(2023, 2, 10));
    const after = stablecoinJump('USDC', Date.UTC(2023, 2, 12));
    expect(before.sizeRms).toBe(0.125);
    expect(after.ratePerYear).toBeGreaterThan(before.ratePerYear * 1.9);
  });
});

describe('jump variance', () => {
  it('turns 33 times leverage into 1.41 (worked case T01)', () => {
    const jump = { factor: 'USDX', ratePerYear: 0.5, sizeRms: 0.1 };
    expect(jumpAdjustedVolatility(0.003, jump)).toBeCloseTo(0.070774289116882, 14);
  });

  it('is shared by legs in one coin and by no others', () => {
    const jump = { factor: 'USDX', ratePerYear: 0.4, sizeRms: 0.1 };
    expect(jumpCovarianceAnnual(jump, { ...jump, sizeRms: 0.2 })).toBeCloseTo(0.008, 15);
    expect(jumpCovarianceAnnual(jump, { ...jump, factor: 'USDY' })).toBe(0);
    expect(jumpCovarianceAnnual(jump, null)).toBe(0);
  });
});

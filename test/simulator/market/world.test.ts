/**
 * Goal: the generated world has the correlation, tails, regimes, premiums and depegs that its header states.
 * Method: long samples of a fixed seed against closed expectations. Correlation is measured by Kendall's tau, which is
 * (2 / pi) asin(rho) for every elliptical law, whatever its tails; tails are measured given the regime.
 */
import { describe, expect, it } from 'vitest';
import { ASSETS, STABLES } from '../../../src/simulator/market/parameters.ts';
import {
  CALM_SCALE,
  createWorld,
  HOURS_PER_YEAR,
  STRESSED_SCALE,
  STRESSED_SHARE,
} from '../../../src/simulator/market/world.ts';
import { studentTail } from './student.ts';

const HOURS = 40_000;
const world = createWorld(5, ASSETS, STABLES);
const hours = Array.from({ length: HOURS }, (_, hour) => hour);

function returnsOf(asset: number, count = HOURS): number[] {
  return hours
    .slice(0, count)
    .map((hour) => world.logUsd(asset, hour + 1) - world.logUsd(asset, hour));
}

function kendallTau(xs: readonly number[], ys: readonly number[]): number {
  let score = 0;
  for (let i = 0; i < xs.length; i += 1) {
    for (let j = 0; j < i; j += 1) {
      score += Math.sign((xs[i] ?? 0) - (xs[j] ?? 0)) * Math.sign((ys[i] ?? 0) - (ys[j] ?? 0));
    }
  }
  return (2 * score) / (xs.length * (xs.length - 1));
}

describe('the generated world', () => {
  it('correlates assets by the root of the product of their factor shares', () => {
    for (const [a, b] of [
      [0, 1],
      [2, 4],
      [0, 3],
    ] as const) {
      const shares = (ASSETS[a]?.factorShare ?? 0) * (ASSETS[b]?.factorShare ?? 0);
      const expected = (2 / Math.PI) * Math.asin(Math.sqrt(shares));
      const tau = kendallTau(returnsOf(a, 1500), returnsOf(b, 1500));
      expect(Math.abs(tau - expected)).toBeLessThan(0.05);
    }
  });

  it('has the tails of a Student-t in each regime, far fatter than a normal', () => {
    const volatility = (ASSETS[0]?.volatilityAnnual ?? 0) / Math.sqrt(HOURS_PER_YEAR);
    const returns = returnsOf(0);
    for (const [stressed, scale] of [
      [false, CALM_SCALE],
      [true, STRESSED_SCALE],
    ] as const) {
      const scaled = returns
        .filter((_, hour) => world.isStressed(hour) === stressed)
        .map((value) => value / volatility / scale);
      for (const bound of [1, 2.5, 4]) {
        const expected = studentTail(bound);
        const found = scaled.filter((value) => Math.abs(value) > bound).length / scaled.length;
        const error = Math.sqrt((expected * (1 - expected)) / scaled.length);
        expect(Math.abs(found - expected)).toBeLessThan(4 * error);
      }
    }
  });

  it('is stressed one hour in eleven in the mean, and the regimes keep the variance at one', () => {
    const share = hours.filter((hour) => world.isStressed(hour)).length / HOURS;
    expect(share).toBeGreaterThan(0.5 * STRESSED_SHARE);
    expect(share).toBeLessThan(2 * STRESSED_SHARE);
    const variance = (1 - STRESSED_SHARE) * CALM_SCALE ** 2 + STRESSED_SHARE * STRESSED_SCALE ** 2;
    expect(variance).toBeCloseTo(1, 12);
  });

  it('lets premiums revert: half a deviation is gone after six hours', () => {
    const premiums = hours.map((hour) => world.premium(0, hour) - 0.0001);
    const sum = (lag: number) =>
      premiums.slice(lag).reduce((total, value, i) => total + value * (premiums[i] ?? 0), 0);
    expect(sum(6) / sum(0)).toBeGreaterThan(0.4);
    expect(sum(6) / sum(0)).toBeLessThan(0.6);
  });

  it('breaks pegs rarely and heals them', () => {
    const usde = STABLES.findIndex((stable) => stable.coin === 'USDE');
    const deep = hours.map((hour) => world.pegLog(usde, hour) < -0.01);
    const starts = deep.filter((isDeep, hour) => isDeep && deep[hour - 1] !== true).length;
    // 0.7 a year for 4.6 years, of which exp(-1/3) are deeper than 1 %: 2.3 expected.
    expect(starts).toBeGreaterThanOrEqual(1);
    expect(starts).toBeLessThanOrEqual(8);
    expect(deep.filter(Boolean).length / HOURS).toBeLessThan(0.02);
  });

  it('keeps prices within a decade of their anchor for years', () => {
    for (const [i, asset] of ASSETS.entries()) {
      const distance = hours.map((hour) =>
        Math.abs(world.logUsd(i, hour) - Math.log(asset.anchorUsd)),
      );
      expect(Math.max(...distance)).toBeLessThan(Math.log(10));
    }
  });

  it('is the same walked in one stride or step by step', () => {
    const stride = createWorld(5, ASSETS, STABLES);
    expect(stride.logUsd(3, 5000)).toBe(world.logUsd(3, 5000));
    expect(stride.pegLog(1, 4999)).toBe(world.pegLog(1, 4999));
    expect(createWorld(6, ASSETS, STABLES).logUsd(3, 5000)).not.toBe(world.logUsd(3, 5000));
  });
});

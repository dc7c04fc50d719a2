/**
 * Goal: the number of bets, the realised shares and the collateral's share are what they say.
 * Method: closed forms for constant correlation; profits whose covariance is known; a default that hits all alike.
 */
import { describe, expect, it } from 'vitest';
import { withCollateral } from '../../src/risk/collateral.ts';
import { contributions } from '../../src/risk/contributions.ts';
import { diversification } from '../../src/risk/diversification.ts';
import { estimateRisk } from '../../src/risk/estimateRisk.ts';
import { realisedContributions } from '../../src/risk/realisedContributions.ts';

const constant = (n: number, rho: number) =>
  Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? 1 : rho)));

describe('diversification', () => {
  it('has the closed form n / (1 + (n - 1) rho) as the square of its ratio', () => {
    const found = diversification([1, 1, 1, 1], constant(4, 0.5));
    expect((found?.diversificationRatio ?? 0) ** 2).toBeCloseTo(4 / 2.5, 12);
    expect(found?.effectiveBets).toBeCloseTo(4, 10);
  });

  it('counts one bet where one leg carries all risk', () => {
    expect(diversification([1, 0, 0], constant(3, 0))?.effectiveBets).toBeCloseTo(1, 12);
  });

  it('is the exponential of the entropy of the shares where legs are uncorrelated', () => {
    const entropy = -(0.2 * Math.log(0.2) + 0.8 * Math.log(0.8));
    const found = diversification([1, 2], constant(2, 0));
    expect(found?.effectiveBets).toBeCloseTo(Math.exp(entropy), 12);
  });

  it('does not depend on the unit of a leg', () => {
    const scaled = [
      [4, 0.6],
      [0.6, 1],
    ];
    const plain = diversification([1, 2], constant(2, 0.3));
    expect(diversification([0.5, 2], scaled)).toEqual({
      diversificationRatio: expect.closeTo(plain?.diversificationRatio ?? 0, 12),
      effectiveBets: expect.closeTo(plain?.effectiveBets ?? 0, 12),
    });
  });

  it('has no answer for an empty book', () => {
    expect(diversification([0, 0], constant(2, 0))).toBeNull();
  });
});

describe('realisedContributions', () => {
  it('is the contribution under the sample covariance of what was held', () => {
    const a = [1, -1, 2, -2, 0.5];
    const b = [-0.5, 0.4, -0.7, 0.5, 0.1];
    const found = realisedContributions([a, b]);
    const covariance = [a, b].map((x) => [a, b].map((y) => sampleCovariance(x, y)));
    const wanted = contributions([1, 1], covariance);
    expect(found).toMatchObject({ kind: 'realised', bars: 5 });
    if (found.kind !== 'realised') return;
    expect(found.volatility).toBeCloseTo(wanted.volatility, 12);
    found.riskShares.forEach((share, leg) => {
      expect(share).toBeCloseTo(wanted.riskShares[leg] ?? 0, 12);
    });
  });

  it('leaves out bars in which a leg is missing and says how many are left', () => {
    expect(
      realisedContributions([
        [1, null, 2],
        [null, 1, 1],
      ]),
    ).toEqual({
      kind: 'insufficientHistory',
      bars: 1,
    });
  });
});

describe('withCollateral', () => {
  it('makes idle collateral share the default of its venue with the legs there', () => {
    const trait = {
      volatilityFloorAnnual: 0.1,
      jump: null,
      desmooth: false,
      held: false,
      lastEstimate: null,
      venueCapital: [{ venueIndex: 0, capitalShare: 0.2 }],
    };
    const venues = [{ defaultProbabilityAnnual: 0.04, lossGivenDefault: 0.5 }];
    const estimate = estimateRisk({
      returnsByLeg: [[0.01, -0.01, 0.01, -0.01]],
      legs: [trait],
      venues,
      settings: {
        barsPerYear: 1,
        volatilityHalfLifeBars: 10,
        correlationHalfLifeBars: 10,
        volatilityShrinkageShare: 0,
        correlationShrinkageShare: 0,
        historyBarsMin: 2,
        staleBarsMax: 1,
        impliedShare: 0,
        demandRaiseShareMax: 0,
      },
    });
    if (estimate.kind !== 'estimated')
      throw new Error(`expected an estimate, was ${estimate.kind}`);
    const pool = { venueIndex: 0, volatilityAnnual: 0.05, jump: null };
    const covariance = withCollateral(estimate, [trait], venues, [pool]);
    expect(covariance[0]?.[0]).toBeCloseTo(0.01 + 0.04 * 0.25 * 0.04, 14);
    expect(covariance[0]?.[1]).toBeCloseTo(0.04 * 0.25 * 0.2, 14);
    expect(covariance[1]?.[0]).toBeCloseTo(0.04 * 0.25 * 0.2, 14);
    expect(covariance[1]?.[1]).toBeCloseTo(0.0025 + 0.04 * 0.25, 14);
  });
});

function sampleCovariance(x: readonly number[], y: readonly number[]): number {
  const mean = (z: readonly number[]) => z.reduce((sum, v) => sum + v, 0) / z.length;
  const [mx, my] = [mean(x), mean(y)];
  return x.reduce((sum, v, i) => sum + (v - mx) * ((y[i] ?? 0) - my), 0) / (x.length - 1);
}

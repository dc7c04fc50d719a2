/**
 * Goal: bets, tails and what was realised are what closed forms say, and are not made up where there is too little to say them from.
 * Method: uncorrelated legs of known volatility, over more and fewer days than a figure needs.
 */
import { describe, expect, test } from 'vitest';
import { carryLeg } from '../../rebalance/legsGiven.ts';
import { policyOf } from '../../rebalance/policyGiven.ts';
import { type Scene, walshReturns } from '../../rebalance/snapshotWorld.ts';
import { btc, explained, legs, quiet, sol, sum } from './explainedGiven.ts';

describe('bets and tails', () => {
  const { risk, explanation } = explained(policyOf(legs), quiet);

  test('uncorrelated legs at equal budgets are as many bets, and diversify by their root', () => {
    expect(risk.effectiveBets).toBeCloseTo(4, 2);
    expect(risk.diversificationRatio).toBeCloseTo(2, 2);
  });

  test('a leg that is left out is no bet, whatever it shares with the others', () => {
    const market = walshReturns(0, 1);
    const mixed = [1, 2, 3].map((own) =>
      walshReturns(own, 1).map((move, bar) => 0.8 * (market[bar] ?? 0) + 0.6 * move),
    );
    const closed = policyOf([btc, sol, carryLeg]);
    const { risk: found, explanation: text } = explained(closed, {
      fundingRate: -0.01,
      snapshot: { returnsByLeg: mixed },
    });
    expect(text.legs[2]?.targetUsd).toBe(0);
    expect(found.effectiveBets).toBeLessThanOrEqual(2 + 1e-12);
  });

  test('the normal tail is the printed multiple of a day’s volatility', () => {
    const day = (explanation.portfolio.forecastVolatilityAnnual * 100_000) / Math.sqrt(365);
    expect(risk.tail.normal.valueAtRiskUsd / day).toBeCloseTo(1.6448536, 6);
    expect(risk.tail.normal.expectedShortfallUsd / day).toBeCloseTo(2.0627128, 6);
  });

  test('the parts of every tail add up to it', () => {
    for (const tail of [risk.tail.normal, risk.tail.cornishFisher, risk.tail.historical]) {
      if (tail === null) throw new Error('512 bars are twenty days');
      expect(sum(tail.shortfallByLegUsd)).toBeCloseTo(tail.expectedShortfallUsd, 6);
    }
  });

  test('days on record are not made up where there are too few', () => {
    const returnsByLeg = [0, 1].map((leg) =>
      walshReturns(leg, 0.5).map((value, bar) => (bar % 20 === leg ? null : value)),
    );
    const { risk: gappy } = explained(policyOf([btc, sol]), { snapshot: { returnsByLeg } });
    expect(gappy.tail).toMatchObject({ cornishFisher: null, historical: null, days: 0 });
  });
});

describe('what was realised', () => {
  const policy = policyOf([btc, sol]);
  const returnsByLeg = [walshReturns(0, 0.5), walshReturns(1, 1)];
  const held = (barsHeld: number): Scene => ({
    snapshot: {
      returnsByLeg,
      heldUsdByLegByBar: [
        Array.from({ length: barsHeld }, () => 20_000),
        Array.from({ length: barsHeld }, () => -20_000),
      ],
    },
  });

  test('is what was held times what it then returned, whatever the targets are', () => {
    const { risk } = explained(policy, held(256));
    expect(risk.realised).toMatchObject({ kind: 'realised', bars: 256 });
    if (risk.realised.kind !== 'realised') return;
    // Variances 0.25 and 1 on equal notionals.
    expect(risk.realised.riskShares[0]).toBeCloseTo(0.2, 9);
    expect(risk.realised.riskShares[1]).toBeCloseTo(0.8, 9);
    expect(risk.realised.volatilityAnnual).toBeCloseTo(0.2 * Math.sqrt(1.25), 2);
  });

  test('of less than a day is not said', () => {
    expect(explained(policy, held(20)).risk.realised).toEqual({
      kind: 'insufficientHistory',
      bars: 20,
    });
    expect(explained(policy, { snapshot: { returnsByLeg } }).risk.realised.kind).toBe(
      'insufficientHistory',
    );
  });
});

/**
 * Goal: risk by source adds up to one, and says what coins, carry, pegs and venues do, not what legs earn.
 * Method: uncorrelated legs of known volatility, one venue of known default probability, a coin of known jumps.
 */
import { describe, expect, test } from 'vitest';
import { readBook } from '../../../src/parity/sizing/book.ts';
import { factorPortfolios } from '../../../src/parity/sizing/factors.ts';
import { riskInput } from '../../../src/parity/sizing/riskInput.ts';
import { estimateRisk } from '../../../src/risk/estimateRisk.ts';
import { carryLeg, lendingLeg, perpetualLeg } from '../../rebalance/legsGiven.ts';
import { policyOf } from '../../rebalance/policyGiven.ts';
import { snapshotOf } from '../../rebalance/snapshotWorld.ts';
import { btc, explained, failing, legs, quiet, share, sol, sum } from './explainedGiven.ts';

describe('factors', () => {
  test('by source: market, alts, carry, pegs with jumps, and each venue add up to one', () => {
    const jumps = {
      USDC: { ratePerYear: 1, sizeShare: 0.05 },
      USDT: { ratePerYear: 1e-9, sizeShare: 1e-9 },
    };
    const { risk, explanation } = explained(policyOf(legs, { risk: { jumps } }), {
      ...quiet,
      venue: failing(0.05),
    });
    expect(risk.factors.map((factor) => factor.name)).toEqual([
      'market',
      'alts',
      'carry',
      'peg',
      'venue:alpha',
      'residual',
    ]);
    expect(sum(risk.factors.map((factor) => factor.relativeShare))).toBeCloseTo(1, 9);
    const usd = explanation.legs.map((leg) => Math.abs(leg.targetUsd));
    const varianceUsd = (explanation.portfolio.forecastVolatilityAnnual * 100_000) ** 2;
    const tiedUsd = (usd[0] ?? 0) / 10 + (usd[1] ?? 0) / 10 + (usd[2] ?? 0) * 1.1 + (usd[3] ?? 0);
    expect(share(risk, 'venue:alpha')).toBeCloseTo((0.05 * 0.25 * tiedUsd ** 2) / varianceUsd, 9);
    const pegUsd = (0.05 ** 2 + 0.05 ** 2) * (usd[3] ?? 0) ** 2;
    expect(share(risk, 'peg')).toBeCloseTo(pegUsd / varianceUsd, 2);
    expect(share(risk, 'carry')).toBeCloseTo((0.1 * (usd[2] ?? 0)) ** 2 / varianceUsd, 2);
  });

  test('directions are undone: the market is what the coins do, not what the legs earn', () => {
    const own = [btc, perpetualLeg('eth', 'ETH/USDT:USDT', 'short'), sol, carryLeg, lendingLeg];
    const policy = policyOf(own);
    const reading = readBook(snapshotOf(policy), policy);
    if (reading.kind !== 'book') throw new Error(reading.reason);
    const estimate = estimateRisk(riskInput(reading.book));
    if (estimate.kind !== 'estimated') throw new Error('no estimate');
    expect(factorPortfolios(reading.book, estimate, [0, 1, 2, 3, 4])).toEqual([
      { name: 'market', holdings: [0.5, -0.5, 0, 0, 0] },
      { name: 'alts', holdings: [-0.5, 0.5, -1, 0, 0] },
      { name: 'carry', holdings: [0, 0, 0, 1, 0] },
      { name: 'peg', holdings: [0, 0, 0, 0, 1] },
    ]);
  });

  test('a book of one coin is all market', () => {
    const { risk } = explained(policyOf([btc]), { volatilities: [0.5] });
    expect(share(risk, 'market')).toBeCloseTo(1, 9);
  });
});

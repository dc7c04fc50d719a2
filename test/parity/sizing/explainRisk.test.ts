/**
 * Goal: the risk part of a decision adds up over legs, collateral and venues, and carries the estimate of a leg whose data stopped.
 * Method: uncorrelated legs of known volatility, one venue of known default probability, a coin of known jumps.
 */
import { describe, expect, test } from 'vitest';
import type { Leg } from '../../../src/domain/leg.ts';
import { beta, carryLeg } from '../../rebalance/legsGiven.ts';
import { policyOf } from '../../rebalance/policyGiven.ts';
import { BARS, nowMs, snapshotOf, walshReturns } from '../../rebalance/snapshotWorld.ts';
import { btc, explained, failing, legs, quiet, sol, sum, volatilities } from './explainedGiven.ts';

describe('contributions', () => {
  const { risk, explanation } = explained(policyOf(legs), { ...quiet, venue: failing(0.05) });
  const usd = explanation.legs.map((leg) => Math.abs(leg.targetUsd));

  test('of legs and collateral add up to the volatility of the whole', () => {
    const parts = [...risk.legs, ...risk.collateral];
    const wholeUsd = risk.volatilityAnnual * explanation.portfolio.equityUsd;
    expect(sum(parts.map((part) => part.absoluteUsd)) / wholeUsd).toBeCloseTo(1, 12);
    expect(sum(parts.map((part) => part.relativeShare))).toBeCloseTo(1, 12);
    for (const [index, part] of risk.legs.entries()) {
      expect(part.absoluteUsd).toBeCloseTo(part.marginal * (usd[index] ?? 0), 6);
    }
  });

  test('by group and venue are the same parts summed, a leg without a group under its id', () => {
    expect(risk.groups.map((group) => group.name)).toEqual(['coins', 'eth-carry', 'usdc-earn']);
    const [a, b] = risk.legs.map((leg) => leg.relativeShare);
    expect(risk.groups[0]?.relativeShare).toBeCloseTo((a ?? 0) + (b ?? 0), 12);
    expect(risk.venues).toHaveLength(1);
    expect(risk.venues[0]?.relativeShare).toBeCloseTo(1, 12);
  });

  test('shares among the legs alone stay those of the budgets', () => {
    for (const leg of explanation.legs) expect(leg.riskShare).toBeCloseTo(0.25, 9);
  });

  test('a default takes all that lies at the venue: legs’ capital and idle collateral are its equity', () => {
    const idleUsd = sum(risk.collateral.map((pool) => pool.idleUsd));
    // One tenth of a perpetual's notional is margin; spot and lent coins lie there in full.
    const tiedUsd = (usd[0] ?? 0) / 10 + (usd[1] ?? 0) / 10 + (usd[2] ?? 0) * 1.1 + (usd[3] ?? 0);
    expect(idleUsd + tiedUsd).toBeCloseTo(100_000, 4);
    const own = volatilities.map((volatility, leg) => (volatility * (usd[leg] ?? 0)) ** 2);
    const venueUsd = 0.05 * 0.5 ** 2 * 100_000 ** 2;
    const wholeUsd = Math.sqrt(sum(own) + venueUsd);
    expect((risk.volatilityAnnual * 100_000) / wholeUsd).toBeCloseTo(1, 2);
  });
});

describe('collateral', () => {
  test('is a pool per venue and settlement coin, with the jumps of its coin', () => {
    const two: readonly Leg[] = [btc, { ...sol, venue: beta }];
    const policy = policyOf(two, {
      risk: { jumps: { USDT: { ratePerYear: 0.5, sizeShare: 0.1 } } },
    });
    const { risk } = explained(policy, { volatilities: [0.5, 1] });
    expect(risk.collateral.map(({ venue, coin }) => [venue, coin])).toEqual([
      ['alpha', 'USDT'],
      ['beta', 'USDT'],
    ]);
    const idleUsd = sum(risk.collateral.map((pool) => pool.idleUsd));
    const jumpUsd = Math.sqrt(0.5) * 0.1 * idleUsd;
    const legsUsd = 0.2 * 100_000;
    const wholeUsd = risk.volatilityAnnual * 100_000;
    expect(wholeUsd / Math.hypot(jumpUsd, legsUsd)).toBeCloseTo(1, 3);
  });

  test('is outside the scaling: a weak venue does not shrink legs that tie up nothing there', () => {
    const sized = (probability: number) =>
      explained(policyOf([btc]), { volatilities: [0.5], venue: failing(probability) });
    const [sound, weak] = [sized(0), sized(0.3)];
    expect(weak.risk.volatilityAnnual).toBeGreaterThan(0.3);
    // 0.3·0.5² on a tenth of the notional is all that the leg itself has of it.
    const ratio = Math.sqrt(0.25 / (0.25 + 0.3 * 0.25 * 0.01));
    const usd = (found: typeof sound) => found.explanation.legs[0]?.targetUsd ?? 0;
    expect(usd(weak) / usd(sound)).toBeCloseTo(ratio, 4);
  });
});

describe('a carry leg', () => {
  test('has the jumps of the coin that it is a synthetic holding of', () => {
    const jumps = { USDT: { ratePerYear: 1, sizeShare: 0.1 } };
    const { explanation } = explained(policyOf([btc, carryLeg], { risk: { jumps } }), {
      volatilities: [0.5, 0.1],
    });
    expect(explanation.legs[1]?.volatilityAnnual).toBeCloseTo(Math.hypot(0.1, 0.1), 3);
  });
});

test('the next estimate of a leg whose data stopped is the stored one, correlations included', () => {
  const policy = policyOf([btc, sol], {
    risk: { jumps: { USDT: { ratePerYear: 1e-9, sizeShare: 1e-9 } } },
  });
  const market = walshReturns(0, 1);
  const own = walshReturns(1, 1);
  const mixed = [
    market.map((x) => 0.5 * x),
    market.map((x, bar) => 0.6 * x + 0.8 * (own[bar] ?? 0)),
  ];
  const first = explained(policy, { snapshot: { returnsByLeg: mixed } });
  const lastEstimates = Object.fromEntries(
    first.risk.legs.flatMap(({ leg, estimate }) => (estimate === null ? [] : [[leg, estimate]])),
  );
  expect(lastEstimates['sol']?.correlation['btc']).toBeCloseTo(0.6, 2);
  const stopped = mixed.map((series, leg) =>
    leg === 1 ? series.map((value, bar) => (bar < BARS - 50 ? value : null)) : series,
  );
  const again = explained(policy, {
    held: [0, -5_000],
    positions: { 'SOL/USDT:USDT': '-50' },
    snapshot: {
      returnsByLeg: stopped,
      previous: {
        rebalanceId: snapshotOf(policy).rebalanceId,
        decidedAtMs: nowMs,
        weights: {},
        volatilityAnnual: {},
        lastEstimates,
        gatesOpen: {},
      },
    },
  });
  expect(again.explanation.legs[1]).toMatchObject({ binding: { code: 'DATA_GATE' } });
  const next = again.risk.legs[1]?.estimate;
  expect(next?.baseVolatilityAnnual).toBe(lastEstimates['sol']?.baseVolatilityAnnual);
  expect(next?.correlation['btc']).toBeCloseTo(0.6, 2);
});

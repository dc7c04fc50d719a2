/**
 * Goal: the risk part of a decision adds up, and says of legs, collateral, factors, tails and the past what closed forms say.
 * Method: uncorrelated legs of known volatility, one venue of known default probability, a coin of known jumps.
 */
import { describe, expect, test } from 'vitest';
import type { Leg } from '../../../src/domain/leg.ts';
import type { Policy } from '../../../src/domain/policy.ts';
import type { RiskExplanation } from '../../../src/domain/riskExplanation.ts';
import type { VenueObservation } from '../../../src/domain/snapshot.ts';
import { readBook } from '../../../src/parity/sizing/book.ts';
import { factorPortfolios } from '../../../src/parity/sizing/factors.ts';
import { riskInput } from '../../../src/parity/sizing/riskInput.ts';
import { decide } from '../../../src/rebalance/decide.ts';
import { estimateRisk } from '../../../src/risk/estimateRisk.ts';
import {
  BARS,
  beta,
  carryLeg,
  lendingLeg,
  nowMs,
  perpetualLeg,
  policyOf,
  type Scene,
  snapshotOf,
  walshReturns,
} from '../../rebalance/snapshotWorld.ts';

const btc = perpetualLeg('btc', 'BTC/USDT:USDT');
const sol = perpetualLeg('sol', 'SOL/USDT:USDT', 'short');
const legs: readonly Leg[] = [
  { ...btc, group: 'coins' },
  { ...sol, group: 'coins' },
  carryLeg,
  lendingLeg,
];
const volatilities = [0.5, 1, 0.1, 0.05];
/** The quiet coin turns at every bar, so that nothing is taken for staleness. */
const quiet: Scene = {
  snapshot: {
    returnsByLeg: volatilities.map((volatility, leg) => walshReturns((leg + 1) % 4, volatility)),
  },
};
const failing =
  (defaultProbabilityAnnual: number) =>
  (seen: VenueObservation): VenueObservation => ({
    ...seen,
    health: { ...seen.health, defaultProbabilityAnnual },
  });

function explained(policy: Policy, scene: Scene) {
  const decision = decide(snapshotOf(policy, scene), policy);
  const risk = decision.explanation?.risk;
  if (!risk || !decision.explanation) throw new Error(JSON.stringify(decision));
  return { risk, explanation: decision.explanation };
}
const sum = (values: readonly number[]) => values.reduce((total, each) => total + each, 0);
const share = (risk: RiskExplanation, name: string) =>
  risk.factors.find((factor) => factor.name === name)?.relativeShare ?? Number.NaN;

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

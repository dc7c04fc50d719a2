/**
 * Goal: every objective that the config offers sizes a book, by the rule that it is named after.
 * Method: legs with a known covariance; each rule's own optimality condition computed anew from the sizes.
 */
import { describe, expect, test } from 'vitest';
import { legId } from '../../../src/domain/ids.ts';
import type { Leg } from '../../../src/domain/leg.ts';
import type { Objective, Policy } from '../../../src/domain/policy.ts';
import { readBook } from '../../../src/parity/sizing/book.ts';
import { objectiveProblem } from '../../../src/parity/sizing/objectiveProblem.ts';
import { riskInput } from '../../../src/parity/sizing/riskInput.ts';
import { decide } from '../../../src/rebalance/decide.ts';
import { estimateRisk } from '../../../src/risk/estimateRisk.ts';
import { alpha, carryLeg, lendingLeg, perpetualLeg } from '../../rebalance/legsGiven.ts';
import { policyOf } from '../../rebalance/policyGiven.ts';
import { BARS, type Scene, snapshotOf, walshReturns } from '../../rebalance/snapshotWorld.ts';
import { chanceFrom, normalFrom } from '../randomProblems.ts';

const btc = perpetualLeg('btc', 'BTC/USDT:USDT');
const eth = perpetualLeg('eth', 'ETH/USDT:USDT');
const sol = perpetualLeg('sol', 'SOL/USDT:USDT', 'short');
const legs: readonly Leg[] = [btc, eth, sol, carryLeg, lendingLeg];
const perBar = 1 / Math.sqrt(365 * 24);

/** Two coins that share a market, a third with a move of its own, two quiet legs; all from Walsh functions. */
function returnsByLeg(): number[][] {
  const [market, own, alt, carry, peg] = [0, 1, 2, 3, 4].map((k) => walshReturns(k, 1)) as [
    number[],
    number[],
    number[],
    number[],
    number[],
  ];
  const mix = (...parts: readonly (readonly [number, readonly number[]])[]) =>
    market.map((_, bar) => parts.reduce((sum, [k, x]) => sum + k * (x[bar] ?? 0), 0));
  return [
    mix([0.5, market], [0.2, own]),
    mix([0.7, market], [-0.2, own]),
    mix([-0.8, market], [0.6, alt]),
    mix([0.08, carry], [0.02, peg]),
    mix([0.05, peg]),
  ];
}

const scene: Scene = { snapshot: { returnsByLeg: returnsByLeg() } };

function explained(objective: Partial<Objective>, own = scene, who = legs) {
  const policy: Policy = policyOf(who, { objective });
  const decision = decide(snapshotOf(policy, own), policy);
  if (decision.explanation === null) throw new Error(JSON.stringify(decision));
  return { policy, explanation: decision.explanation };
}
const weightsOf = (objective: Partial<Objective>) =>
  explained(objective).explanation.legs.map((leg) => Math.abs(leg.weight));

describe('every kind', () => {
  const kinds: readonly Objective['kind'][] = [
    'risk-parity',
    'inverse-volatility',
    'equal-weight',
    'minimum-variance',
    'maximum-diversification',
    'hierarchical-risk-parity',
    'cvar-parity',
  ];
  test.each(kinds)('%s sizes the book to the target and names its method', (kind) => {
    const { explanation } = explained({ kind });
    const { solver, forecastVolatilityAnnual } = explanation.portfolio;
    expect(solver.method).not.toBe('');
    expect(forecastVolatilityAnnual).toBeLessThanOrEqual(0.2 * (1 + 1e-9));
    expect(explanation.legs.some((leg) => leg.targetUsd !== 0)).toBe(true);
    expect(JSON.stringify(explanation)).not.toContain('NaN');
  });

  test('the quiet legs are the smaller the less the rule looks at risk', () => {
    const lent = (kind: Objective['kind']) => weightsOf({ kind })[4] ?? 0;
    expect(lent('equal-weight')).toBeCloseTo(0.2, 9);
    expect(lent('risk-parity')).toBeGreaterThan(0.4);
    expect(lent('minimum-variance')).toBeGreaterThan(lent('risk-parity'));
  });
});

describe('cvar-parity', () => {
  test('every leg has its budget of the mean loss of the worst bars', () => {
    const confidence = 0.9;
    const chance = chanceFrom(11);
    const market = Array.from({ length: BARS }, () => normalFrom(chance));
    const returns = [0.5, 0.8, 0.1].map((volatility) =>
      market.map((move) => volatility * perBar * (0.6 * move + 0.8 * normalFrom(chance))),
    );
    const three = [btc, eth, lendingLeg];
    const { explanation } = explained(
      { kind: 'cvar-parity', confidence },
      { snapshot: { returnsByLeg: returns } },
      three,
    );
    const usd = explanation.legs.map((leg) => leg.targetUsd);
    const means = returns.map((series) => series.reduce((sum, x) => sum + x, 0) / BARS);
    const losses = market.map((_, bar) =>
      usd.map((x, leg) => -x * ((returns[leg]?.[bar] ?? 0) - (means[leg] ?? 0))),
    );
    const total = (parts: readonly number[]) => parts.reduce((sum, part) => sum + part, 0);
    const worst = losses
      .toSorted((a, b) => total(b) - total(a))
      .slice(0, Math.round((1 - confidence) * BARS));
    const tail = usd.map((_, leg) => total(worst.map((parts) => parts[leg] ?? 0)));
    // At the optimum a few bars tie at the edge of the tail, and each is one of fifty.
    for (const part of tail) expect(Math.abs(part / total(tail) - 1 / 3)).toBeLessThan(0.06);
    const { solver } = explanation.portfolio;
    expect(solver.worstGap).toBeLessThanOrEqual(1e-10);
    expect(solver.method).toBe('interior-point');
    const plain = explained({}, { snapshot: { returnsByLeg: returns } }, three).explanation;
    expect(usd[0]).not.toBeCloseTo(plain.legs[0]?.targetUsd ?? 0, 0);
  });

  test('needs bars in which all legs are known, and says so', () => {
    const gaps = returnsByLeg().map((series, leg) =>
      series.map((value, bar) => ((bar + leg) % 5 === 0 ? null : value)),
    );
    const policy = policyOf(legs, { objective: { kind: 'cvar-parity' } });
    const decision = decide(snapshotOf(policy, { snapshot: { returnsByLeg: gaps } }), policy);
    expect(decision).toMatchObject({ kind: 'stand', code: 'NOT_CONVERGED' });
    expect(decision.kind === 'stand' && decision.reason).toContain('returns');
  });
});

describe('factor-parity', () => {
  test('factors contribute their budgets, the residual beside them', () => {
    const factorBudgets = { market: 2, alts: 1, carry: 0.5, peg: 0.5 };
    const { explanation } = explained({ kind: 'factor-parity', factorBudgets, tolerance: 1e-9 });
    const factors = explanation.risk?.factors ?? [];
    expect(factors.map((factor) => factor.name)).toEqual([
      'market',
      'alts',
      'carry',
      'peg',
      'residual',
    ]);
    const residual = factors.at(-1)?.relativeShare ?? 1;
    for (const { name, relativeShare } of factors.slice(0, 4)) {
      const budget = factorBudgets[name as keyof typeof factorBudgets] / 4;
      expect(relativeShare / (1 - residual), name).toBeCloseTo(budget, 7);
    }
  });

  test('the residual has a budget where it is named', () => {
    const factorBudgets = { market: 0.6, carry: 0.2, residual: 0.2 };
    const { explanation } = explained({ kind: 'factor-parity', factorBudgets, tolerance: 1e-9 });
    const shares = explanation.risk?.factors.map((factor) => factor.relativeShare) ?? [];
    for (const [at, wanted] of [0.6, 0.2, 0.2].entries()) {
      expect(shares[at]).toBeCloseTo(wanted, 7);
    }
  });

  test('a factor whose legs are all missing drops out with its budget', () => {
    const series = returnsByLeg().map((own, leg) =>
      leg === 3 ? own.map((value, bar) => (bar < BARS - 20 ? null : value)) : own,
    );
    const { explanation } = explained(
      { kind: 'factor-parity', factorBudgets: { market: 0.5, carry: 0.5 }, tolerance: 1e-9 },
      { snapshot: { returnsByLeg: series } },
    );
    expect(explanation.risk?.factors.map((factor) => factor.name)).toEqual(['market', 'residual']);
  });
});

describe('budgets and bounds', () => {
  test('a group inside a group has its share of that group, the legs beside it the rest', () => {
    const nested = legs.map((leg, index) => ({
      ...leg,
      group: ['crypto/majors', 'crypto/majors', 'crypto', 'quiet', 'quiet'][index] ?? null,
    }));
    const groupBudgets = { crypto: 0.6, 'crypto/majors': 0.75, quiet: 0.4 };
    const { explanation } = explained({ groupBudgets }, scene, nested);
    const shares = explanation.legs.map((leg) => leg.riskShare);
    for (const [index, wanted] of [0.225, 0.225, 0.15, 0.2, 0.2].entries()) {
      expect(shares[index]).toBeCloseTo(wanted, 9);
    }
  });

  test('a group that fills the one around it is that one', () => {
    const nested = legs.map((leg, index) => ({
      ...leg,
      group: index < 3 ? 'crypto/all' : 'quiet',
    }));
    const groupBudgets = { crypto: 0.5, 'crypto/all': 0.9, quiet: 0.5 };
    const { explanation } = explained({ groupBudgets }, scene, nested);
    const crypto = explanation.legs.slice(0, 3).reduce((sum, leg) => sum + leg.riskShare, 0);
    expect(crypto).toBeCloseTo(0.5, 9);
  });

  test('bounds hold as shares of the gross, also where a leg is left out', () => {
    const bounds = { 'usdc-earn': { max: 0.3 }, btc: { min: 0.15 } };
    const whole = explained({ weightBounds: bounds }).explanation.legs;
    expect(whole[4]?.weight).toBeCloseTo(0.3, 9);
    expect(whole[0]?.weight).toBeGreaterThanOrEqual(0.15 - 1e-9);
    const closed: Scene = { ...scene, fundingRate: -0.01 };
    const without = explained({ weightBounds: bounds }, closed).explanation.legs;
    expect(without[3]?.targetUsd).toBe(0);
    const ratio = (rows: typeof whole) => (rows[4]?.targetUsd ?? 0) / (rows[0]?.targetUsd ?? 1);
    expect(ratio(without)).toBeCloseTo(ratio(whole), 1);
  });

  test('the linkage reaches the solver', () => {
    const policy = policyOf(legs, {
      objective: { kind: 'hierarchical-risk-parity', linkage: 'ward' },
    });
    const reading = readBook(snapshotOf(policy, scene), policy);
    if (reading.kind !== 'book') throw new Error(reading.reason);
    const estimate = estimateRisk(riskInput(reading.book));
    if (estimate.kind !== 'estimated') throw new Error('no estimate');
    const at = { rows: [0, 1], budgets: [0.5, 0.5], grossShare: 1 };
    expect(objectiveProblem(reading.book, estimate, at)).toMatchObject({
      kind: 'problem',
      problem: { linkage: 'ward', objective: 'hierarchical-risk-parity' },
    });
  });
});

test('a warm start from the last decision gives the same book', () => {
  const first = explained({}).explanation;
  const previous = {
    rebalanceId: snapshotOf(policyOf(legs)).rebalanceId,
    decidedAtMs: 0,
    weights: Object.fromEntries(first.legs.map((leg) => [leg.leg, leg.weight])),
    volatilityAnnual: {},
    gatesOpen: {},
  };
  const again = explained({}, { snapshot: { ...scene.snapshot, previous } }).explanation;
  expect(again.portfolio.solver.iterations).toBeLessThan(first.portfolio.solver.iterations);
  for (const [index, leg] of again.legs.entries()) {
    expect(leg.weight).toBeCloseTo(first.legs[index]?.weight ?? 0, 9);
  }
});

test('a second leg on the same venue is its own leg: ids, not symbols, carry bounds', () => {
  const twin = { ...btc, id: legId('btc-2'), venue: alpha };
  const { explanation } = explained(
    { weightBounds: { 'btc-2': { max: 0.05 } } },
    { volatilities: [0.5, 0.5] },
    [btc, twin],
  );
  expect(explanation.legs[1]?.weight).toBeCloseTo(0.05, 9);
});

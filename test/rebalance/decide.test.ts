/**
 * The decision as a whole: what it stands for, that it is a value, and that acting on it brings the book to its targets.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import type { Decision, StandCode } from '../../src/domain/decision.ts';
import { observed, unknown } from '../../src/domain/observed.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { InstrumentObservation, Snapshot } from '../../src/domain/snapshot.ts';
import { decide } from '../../src/rebalance/decide.ts';
import { carryLeg, lendingLeg, perpetualLeg, stableLeg } from './legsGiven.ts';
import { policyOf } from './policyGiven.ts';
import { nowMs, type Scene, snapshotOf, walshReturns } from './snapshotWorld.ts';

const legs = [
  perpetualLeg('btc', 'BTC/USDT:USDT'),
  perpetualLeg('sol', 'SOL/USDT:USDT', 'short'),
  perpetualLeg('eth', 'ETH/USDT:USDT'),
  carryLeg,
  lendingLeg,
];
const volatilities = [0.5, 1, 0.7, 0.1, 0.05];
const policy = policyOf(legs, { sizing: { usableEquityShare: 0.9 } });
const scene: Scene = { volatilities };

/** The snapshot after every order of a decision has filled at its mark. */
function filled(decision: Decision, own: Policy, from: Scene): Scene {
  if (decision.kind !== 'trade') throw new Error('nothing to fill');
  const positions: Record<string, string> = { ...from.positions };
  const move = (symbol: string, by: number) => {
    positions[symbol] = String(Math.round((Number(positions[symbol] ?? 0) + by) * 1e8) / 1e8);
  };
  for (const { symbol, action, quantityBase } of decision.orders) {
    const quantity = Number(quantityBase);
    move(symbol, action === 'buy' || action === 'subscribe' ? quantity : -quantity);
    if (symbol.startsWith('earn:'))
      move(`${symbol.slice(5)}/USDT`, action === 'subscribe' ? -quantity : quantity);
  }
  const held = decision.explanation.legs.map((leg) => leg.targetUsd);
  expect(held).toHaveLength(own.legs.length);
  return { ...from, positions, held };
}

describe('a decision is a value', () => {
  test('the same snapshot gives the same decision, and JSON gives it back whole', () => {
    const snapshot = snapshotOf(policy, scene);
    const decision = decide(snapshot, policy);
    expect(decision.kind).toBe('trade');
    expect(decide(snapshot, policy)).toStrictEqual(decision);
    expect(JSON.parse(JSON.stringify(decision))).toStrictEqual(decision);
    const stored = JSON.parse(JSON.stringify({ snapshot, policy })) as {
      snapshot: Snapshot;
      policy: Policy;
    };
    expect(decide(stored.snapshot, stored.policy)).toStrictEqual(decision);
  });

  test('parts of the legs sum to what each instrument is wanted for, before rounding', () => {
    const decision = decide(snapshotOf(policy, scene), policy);
    for (const target of decision.explanation?.instruments ?? []) {
      if (target.parts.length === 0) continue;
      const sum = target.parts.reduce((total, part) => total + part.targetBase, 0);
      expect(Math.abs(sum - Number(target.targetBase))).toBeLessThan(0.1);
    }
  });

  test('weights sum to one in magnitude, risk shares to one, signs follow the direction', () => {
    const rows = decide(snapshotOf(policy, scene), policy).explanation?.legs ?? [];
    expect(rows.reduce((sum, leg) => sum + Math.abs(leg.weight), 0)).toBeCloseTo(1, 12);
    expect(rows.reduce((sum, leg) => sum + leg.riskShare, 0)).toBeCloseTo(1, 12);
    expect(rows.map((leg) => Math.sign(leg.targetUsd))).toEqual([1, -1, 1, 1, 1]);
  });
});

describe('acting on it', () => {
  test('once filled, the next decision on the same world stands within its bands', () => {
    const decision = decide(snapshotOf(policy, scene), policy);
    const next = decide(snapshotOf(policy, filled(decision, policy, scene)), policy);
    expect(next).toMatchObject({ kind: 'stand', code: 'WITHIN_BANDS' });
  });

  test('a venue that is to be left is left: everything is closed, redeemed or sold, reductions only', () => {
    const first = filled(decide(snapshotOf(policy, scene), policy), policy, scene);
    const leaving: Scene = {
      ...first,
      venue: (seen) => ({ ...seen, health: { ...seen.health, state: 'exit' } }),
    };
    const out = decide(snapshotOf(policy, leaving), policy);
    expect(out.denials).toEqual([]);
    const after = filled(out, policy, leaving).positions ?? {};
    for (const [symbol, quantity] of Object.entries(after)) {
      if (symbol !== 'USDC/USDT') expect(Number(quantity), symbol).toBeCloseTo(0, 8);
    }
    if (out.kind === 'trade')
      expect(new Set(out.orders.map((order) => order.risk))).toEqual(new Set(['reduces']));
  });
});

describe('standing', () => {
  const dark = (match: string, change: (seen: InstrumentObservation) => InstrumentObservation) => ({
    observation: (seen: InstrumentObservation) =>
      seen.instrument.symbol === match ? change(seen) : seen,
  });
  const rows: readonly (readonly [StandCode, Scene, boolean])[] = [
    ['HALTED', { snapshot: { halt: { halted: true, reason: 'a person' } } }, true],
    ['UNIT_UNKNOWN', { snapshot: { unit: { kind: 'unknown', reason: 'no marks' } } }, false],
    [
      'UNIT_UNKNOWN',
      { snapshot: { unit: { kind: 'known', index: 'usdt', usdByCoin: {} } } },
      false,
    ],
    [
      'POSITION_UNKNOWN',
      dark('BTC/USDT:USDT', (seen) => ({ ...seen, positionBase: unknown('timeout') })),
      false,
    ],
    ['EQUITY_UNKNOWN', { venue: (seen) => ({ ...seen, account: unknown('timeout') }) }, false],
    ['EQUITY_UNKNOWN', { equityUsd: 0 }, false],
    [
      'MARK_UNKNOWN',
      {
        positions: { 'BTC/USDT:USDT': '0.1' },
        ...dark('BTC/USDT:USDT', (seen) => ({ ...seen, quote: unknown('timeout') })),
      },
      false,
    ],
    [
      'INSUFFICIENT_HISTORY',
      { snapshot: { returnsByLeg: legs.map((_, leg) => walshReturns(leg, 0.5, 50)) } },
      false,
    ],
    ['ALL_DENIED', { snapshot: { discrepancies: 2 } }, true],
  ];

  test.each(rows)('%s', (code, own, isExplained) => {
    const decision = decide(snapshotOf(policy, { ...scene, ...own }), policy);
    expect(decision).toMatchObject({ kind: 'stand', code });
    expect(decision.explanation !== null).toBe(isExplained);
    if (decision.kind === 'stand') expect(decision.reason).not.toBe('');
  });

  test('NOT_CONVERGED where the solver cannot meet its tolerance', () => {
    const strict = policyOf(legs, { objective: { tolerance: 1e-300 } });
    expect(decide(snapshotOf(strict, scene), strict)).toMatchObject({
      kind: 'stand',
      code: 'NOT_CONVERGED',
    });
  });

  test('a denied instrument says so in its row, with the others traded', () => {
    const restricted = policyOf(legs, { limits: { restricted: ['SOL'] } });
    const decision = decide(snapshotOf(restricted, scene), restricted);
    expect(decision.kind).toBe('trade');
    expect(decision.denials.map((denial) => denial.code)).toEqual(['RESTRICTED_INSTRUMENT']);
    const row = decision.explanation?.instruments.find((each) => each.instrument.includes('SOL'));
    expect(row?.withheld).toBe('denied');
  });

  test('a mark missing where nothing is held leaves that leg out and trades the rest', () => {
    const own = dark('SOL/USDT:USDT', (seen) => ({ ...seen, quote: unknown('timeout') }));
    const decision = decide(snapshotOf(policy, { ...scene, ...own }), policy);
    expect(decision.kind).toBe('trade');
    expect(decision.explanation?.legs[1]).toMatchObject({
      targetUsd: 0,
      binding: { code: 'DATA_GATE' },
    });
  });
});

test('over random worlds: no exception, no NaN, JSON-safe, and no increase where a gate forbids it', () => {
  const all = [...legs, stableLeg];
  const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
  const worlds = fc.record({
    volatilities: fc.tuple(...all.map(() => number(0.01, 2))),
    positions: fc.record({
      'BTC/USDT:USDT': number(-1, 1).map((q) => q.toFixed(3)),
      'SOL/USDT:USDT': number(-300, 300).map((q) => q.toFixed(1)),
      'ETH/USDT:USDT': number(-20, 20).map((q) => q.toFixed(2)),
      'ETH/USDT': number(0, 20).map((q) => q.toFixed(4)),
      'earn:USDC': number(0, 30_000).map((q) => q.toFixed(2)),
      'USDC/USDT': number(0, 30_000).map((q) => q.toFixed(2)),
    }),
    held: fc.tuple(...all.map(() => number(-40_000, 40_000))),
    equityUsd: number(1_000, 200_000),
    fundingRate: number(-0.001, 0.001),
    freeUsdt: number(0, 100_000),
    state: fc.constantFrom('healthy', 'restrict', 'unknown', 'exit') as fc.Arbitrary<
      Snapshot['venues'][number]['health']['state']
    >,
    isStale: fc.boolean(),
    discrepancies: fc.constantFrom(0, 1),
    whenCapped: fc.constantFrom('parity' as const, 'exposure' as const),
  });
  fc.assert(
    fc.property(worlds, ({ state, isStale, discrepancies, whenCapped, ...own }) => {
      const random = policyOf(all, {
        sizing: { whenCapped, stressPerpetualShare: 0.3, usableEquityShare: 0.9 },
      });
      const snapshot = snapshotOf(random, {
        ...own,
        observation: (seen) =>
          isStale && seen.quote.kind === 'observed'
            ? { ...seen, quote: observed(seen.quote.value, nowMs - 100_000) }
            : seen,
        venue: (seen) => ({ ...seen, health: { ...seen.health, state } }),
        snapshot: { discrepancies },
      });
      const decision = decide(snapshot, random);
      expect(JSON.parse(JSON.stringify(decision))).toStrictEqual(decision);
      expect(JSON.stringify(decision.explanation)).not.toMatch(
        /":null,"(targetUsd|weight|riskShare|markUsd)/,
      );
      // What is not a number would come back from JSON as null.
      expect(JSON.stringify(decision.explanation?.risk)).not.toMatch(
        /"(marginal|absoluteUsd|relativeShare|idleUsd|volatilityAnnual|valueAtRiskUsd|expectedShortfallUsd)":null|[[,]null[\],]/,
      );
      for (const leg of decision.explanation?.legs ?? []) {
        expect(
          [leg.weight, leg.riskShare, leg.targetUsd].every((each) => Number.isFinite(each)),
        ).toBe(true);
      }
      if (decision.kind !== 'trade') return;
      const isForbidden = state !== 'healthy' || isStale || discrepancies > 0;
      for (const order of decision.orders) {
        if (isForbidden) expect(order.risk).toBe('reduces');
        expect(Number(decimal(order.quantityBase))).toBeGreaterThan(0);
      }
    }),
    { seed: 20240605, numRuns: 150 },
  );
});

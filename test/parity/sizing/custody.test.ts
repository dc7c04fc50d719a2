/**
 * Venue and issuer caps with the collateral in them, and what a person is told to move.
 *
 * Closed forms: 100 000 of equity, half of it at each of two venues where there are two.
 */
import { describe, expect, test } from 'vitest';
import { describeDecision } from '../../../src/commands/describeDecision.ts';
import { decimal } from '../../../src/domain/decimal.ts';
import { legId } from '../../../src/domain/ids.ts';
import type { Leg } from '../../../src/domain/leg.ts';
import type { Policy } from '../../../src/domain/policy.ts';
import type { VenueObservation } from '../../../src/domain/snapshot.ts';
import { decide } from '../../../src/rebalance/decide.ts';
import { alpha, beta, lendingLeg, perpetualLeg } from '../../rebalance/legsGiven.ts';
import { policyOf } from '../../rebalance/policyGiven.ts';
import { type Scene, snapshotOf } from '../../rebalance/snapshotWorld.ts';

const btc = perpetualLeg('btc', 'BTC/USDT:USDT');
const sol: Leg = { ...perpetualLeg('sol', 'SOL/USDT:USDT'), venue: beta };

function explained(policy: Policy, scene: Scene) {
  const decision = decide(snapshotOf(policy, scene), policy);
  if (decision.explanation === null) throw new Error('it was sized');
  const { legs, transfers } = decision.explanation;
  const targets = legs.map((leg) => Math.round(Math.abs(leg.targetUsd)));
  const codes = legs.map((leg) => leg.binding?.code ?? null);
  return { targets, codes, legs, transfers, text: describeDecision(decision) };
}

describe('a venue above its cap by what lies idle there', () => {
  const at = (held: readonly number[], change: Partial<Policy['sizing']> = {}) =>
    explained(policyOf([btc, sol], { sizing: { venueShareMax: 0.4, ...change } }), {
      volatilities: [0.5, 0.5],
      held,
    });

  test('opens nothing there, forces nothing out, and says what to move away', () => {
    // Both hold 50 000 of at most 40 000.
    const { targets, codes, legs, transfers, text } = at([9_000, 0]);
    expect(targets).toEqual([9_000, 0]);
    expect(codes).toEqual(['VENUE_CAP', 'VENUE_CAP']);
    expect(legs[0]?.binding?.lifts).toContain('move 10,000 USD away from alpha');
    expect(legs[0]?.binding?.shortfallUsd).toBeCloseTo(28_284 - 9_000, -2);
    expect(transfers).toMatchObject([
      { kind: 'move', from: 'alpha', to: null, usd: 10_000 },
      { kind: 'move', from: 'beta', to: null, usd: 10_000 },
    ]);
    expect(text).toContain(
      'for a person: move 10,000 USD from alpha to another venue, as alpha is above its VENUE_CAP, and no other venue has room',
    );
  });

  test('still lets a leg down to its own size', () => {
    const { targets } = at([40_000, 0]);
    expect(targets[0]).toBeGreaterThan(28_000);
    expect(targets[0]).toBeLessThan(28_400);
  });

  test('is not above it at the limit itself', () => {
    expect(at([0, 0], { venueShareMax: 0.5 }).codes).toEqual([null, null]);
  });

  test('a venue that weakens is above it alone, and the other takes what is moved', () => {
    const venue = (seen: VenueObservation): VenueObservation =>
      seen.id === alpha
        ? { ...seen, health: { ...seen.health, defaultProbabilityAnnual: 0.2 } }
        : seen;
    // 0.03 ÷ (0.2 · 0.5) of 100 000 is 30 000; beta takes 20 000 under its 80 000.
    const sizing = { venueLossBudgetShare: 0.03, venueShareMax: 0.8 };
    const { codes, targets, transfers } = explained(policyOf([btc, sol], { sizing }), {
      volatilities: [0.5, 0.5],
      venue,
    });
    expect(codes).toEqual(['VENUE_CAP', null]);
    expect(targets[0]).toBe(0);
    expect(targets[1]).toBeGreaterThan(28_000);
    expect(transfers).toMatchObject([{ kind: 'move', from: 'alpha', to: 'beta' }]);
    expect(transfers?.[0]?.usd).toBeCloseTo(20_000, 6);
  });
});

describe('an issuer', () => {
  /** Beta's wallet: so many USDC beside its USDT. */
  const holding = (usdc: number) => (seen: VenueObservation) =>
    seen.id !== beta || seen.account.kind === 'unknown'
      ? seen
      : {
          ...seen,
          account: {
            ...seen.account,
            value: {
              ...seen.account.value,
              coins: [
                { coin: 'USDT', wallet: decimal(50_000 - usdc), free: decimal(50_000 - usdc) },
                { coin: 'USDC', wallet: decimal(usdc), free: decimal(usdc) },
              ],
            },
          },
        };
  /** Settled in USDC, so that USDC there is collateral. */
  const inUsdc: Leg = {
    id: legId('eth'),
    kind: 'perpetual',
    venue: beta,
    symbol: 'ETH/USDC:USDC',
    direction: 'long',
    group: null,
    budget: null,
  };
  const policy = policyOf([btc, sol, inUsdc, lendingLeg], { sizing: { issuerShareMax: 0.3 } });
  const at = (usdc: number, lent: number) =>
    explained(policy, {
      volatilities: [0.5, 0.5, 0.5, 0.01],
      venue: holding(usdc),
      held: [0, 0, 0, lent],
      positions: { 'earn:USDC': String(lent) },
    });

  test('leaves its legs what collateral in its coin elsewhere does not take', () => {
    // 30 000 in all, 12 000 of it in beta's wallet; alpha has no USDC.
    for (const lent of [0, 25_000]) {
      const { targets, codes } = at(12_000, lent);
      expect(targets[3]).toBe(18_000);
      expect(codes[3]).toBe('ISSUER_CAP');
    }
  });

  test('above its cap by collateral alone opens nothing, forces nothing out, and says what to exchange', () => {
    expect(at(42_000, 0).targets[3]).toBe(0);
    const { targets, codes, legs, transfers, text } = at(42_000, 4_000);
    expect(codes[3]).toBe('ISSUER_CAP');
    expect(targets[3]).toBe(4_000);
    expect(legs[3]?.binding?.lifts).toContain('exchange 16,000 USD of it');
    expect(transfers).toContainEqual(expect.objectContaining({ kind: 'exchange', coin: 'USDC' }));
    expect(text).toContain('for a person: exchange 16,000 USD of USDC for another coin');
  });

  test('of coins that settle where they are lent is above its cap whatever is lent, and nothing more is', () => {
    const lendUsdt: Leg = { ...lendingLeg, coin: 'USDT' };
    const lends = (lent: number) =>
      explained(policyOf([btc, lendUsdt], { sizing: { issuerShareMax: 0.3 } }), {
        volatilities: [0.5, 0.01],
        held: [0, lent],
        snapshot: {},
      });
    const { targets, codes, legs } = lends(10_000);
    expect(targets[1]).toBe(10_000);
    expect(codes[1]).toBe('ISSUER_CAP');
    expect(legs[1]?.binding?.lifts).toContain('exchange 70,000 USD of it');
    // What legs alone are above it by is theirs to give up.
    expect(lends(45_000).targets[1]).toBe(30_000);
  });
});

describe('transfers', () => {
  test('go where cash holds legs back, from where it can be spared', () => {
    const policy = policyOf([sol, lendingLeg], { sizing: { usableEquityShare: 0.95 } });
    const { codes, transfers } = explained(policy, { volatilities: [0.5, 0.05] });
    expect(codes[1]).toBe('CASH');
    expect(transfers).toMatchObject([{ kind: 'move', from: 'beta', to: 'alpha' }]);
    // Beta keeps what its own leg ties up: a tenth of 28 284 ÷ 0.95.
    expect(transfers?.[0]?.usd).toBeCloseTo(50_000 - 28_284 / 10 / 0.95, -2);
  });

  test('are not asked for where nothing is held back', () => {
    const policy = policyOf([btc, sol]);
    expect(explained(policy, { volatilities: [0.5, 0.5] }).transfers).toBeUndefined();
  });
});

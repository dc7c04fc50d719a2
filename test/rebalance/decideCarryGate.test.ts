/**
 * Goal: the carry gate opens only where the round trip is earned back soon enough, and futures speak against nothing that they lack.
 * Method: closed forms of one pair over funding, basis and what was open before.
 */
import { describe, expect, test } from 'vitest';
import type { UnderlyingSignals } from '../../src/domain/marketSignals.ts';
import { notOffered } from '../../src/domain/marketSignals.ts';
import { observed, unknown } from '../../src/domain/observed.ts';
import type { SignalsPolicy } from '../../src/domain/signalsPolicy.ts';
import { explained, legOf, withSignals } from './decidedGiven.ts';
import { carryLeg } from './legsGiven.ts';
import { policyOf } from './policyGiven.ts';
import { marketOf, signalsOf, underlyingOf } from './signalsGiven.ts';
import { nowMs, type Scene, snapshotOf } from './snapshotWorld.ts';

describe('the carry gate', () => {
  const carry = policyOf([carryLeg], { sizing: { carryOpenAnnual: 0, carryCloseAnnual: -0.02 } });
  const markets = [marketOf('ETH/USDT:USDT', 1e12), marketOf('ETH/USDT', 1e12)];
  const scene = (fundingRate: number): Scene => ({
    volatilities: [0.05],
    fundingRate,
    observation: (seen) => ({
      ...seen,
      instrument: { ...seen.instrument, takerFeeRate: 0.0005 },
    }),
  });
  const term = (annual: number) =>
    underlyingOf('ETH', {
      futureBasis: observed(
        { value: annual, days: 80, history: { readings: 0, mean: 0, deviation: 0 } },
        nowMs,
      ),
    });
  const gateAt = (
    change: Partial<SignalsPolicy>,
    annual: number,
    own: Scene = scene(0.0001),
    wasOpen: boolean | null = null,
  ) =>
    legOf(withSignals(carry, change), signalsOf(markets, [term(annual)]), {
      ...own,
      ...(wasOpen === null
        ? {}
        : {
            snapshot: {
              previous: {
                rebalanceId: snapshotOf(carry).rebalanceId,
                decidedAtMs: nowMs - 1,
                weights: {},
                volatilityAnnual: {},
                gatesOpen: { [carryLeg.id]: wasOpen },
              },
            },
          }),
    });

  test('opens only where the round trip is earned back soon enough: 20 bps at 10.95 % a year are 6.7 days', () => {
    expect(gateAt({ breakEvenDaysMax: 6.7 }, 0.1).gateOpen).toBe(true);
    const shut = gateAt({ breakEvenDaysMax: 6.6 }, 0.1);
    expect(shut.gateOpen).toBe(false);
    expect(shut.binding).toMatchObject({ code: 'CARRY_GATE' });
    expect(shut.leftOut).toContain('signals.breakEvenDaysMax');
  });

  test('stays shut in backwardation, but what is open stays open until its carry falls', () => {
    expect(gateAt({}, -0.03).leftOut).toContain('signals.basisFlatAnnual');
    expect(gateAt({}, -0.01).gateOpen).toBe(true);
    expect(gateAt({}, -0.03, scene(0.0001), true).gateOpen).toBe(true);
    expect(gateAt({}, 0.1, scene(-0.0001), true).gateOpen).toBe(false);
  });

  test('stays shut while futures are listed and unread; where none are, nothing speaks against', () => {
    const given = (futureBasis: UnderlyingSignals['futureBasis'], own: Scene = {}) =>
      legOf(withSignals(carry), signalsOf(markets, [underlyingOf('ETH', { futureBasis })]), {
        ...scene(0.0001),
        ...own,
      });
    const unread = given(unknown('timeout'));
    expect(unread.gateOpen).toBe(false);
    expect(unread.leftOut).toContain('timeout');
    expect(given(notOffered).gateOpen).toBe(true);
    expect(given(unknown('timeout'), { held: [1_000] }).gateOpen).toBe(true);
  });

  test('a hurdle below zero lets a pair in at a loss, whatever signals say', () => {
    const costly = { breakEvenDaysMax: 0.1 };
    const free = policyOf([carryLeg], { sizing: { carryOpenAnnual: -1, carryCloseAnnual: -1 } });
    const found = legOf(
      withSignals(free, costly),
      signalsOf(markets, [term(-0.5)]),
      scene(-0.0001),
    );
    expect(found.gateOpen).toBe(true);
    expect(gateAt(costly, -0.5).gateOpen).toBe(false);
  });

  test('is explained by basis, state and break-even', () => {
    const [shown] =
      explained(withSignals(carry), signalsOf(markets, [term(0.1)]), scene(0.0001)).signals ?? [];
    expect(shown?.basis).toEqual({ of: 'future', annual: 0.1, z: null, state: 'contango' });
    expect(shown?.carryAnnual).toBeCloseTo(0.1095, 9);
    expect(shown?.breakEvenDays).toBeCloseTo((0.002 * 365) / 0.1095, 9);
  });
});

/**
 * Goal: a leg that may not grow keeps what it holds, and comes down only where a rule needs it.
 * Method: one reason at a time (data, quote, venue, book), with what is held above and below the leg's own size.
 */
import { describe, expect, test } from 'vitest';
import type { Leg } from '../../../src/domain/leg.ts';
import { observed, unknown } from '../../../src/domain/observed.ts';
import type { InstrumentObservation, VenueObservation } from '../../../src/domain/snapshot.ts';
import type { VenueState } from '../../../src/domain/venue.ts';
import { beta } from '../../rebalance/legsGiven.ts';
import { policyOf } from '../../rebalance/policyGiven.ts';
import { BARS, nowMs, quoteOf, snapshotOf, walshReturns } from '../../rebalance/snapshotWorld.ts';
import { btc, size, sol, within } from './sizedGiven.ts';

describe('legs that may not grow', () => {
  const venueIn = (state: VenueState) => (seen: VenueObservation) => ({
    ...seen,
    health: { ...seen.health, state },
  });
  const gap = (index: number, series: readonly number[]) =>
    series.map((value, bar) => (bar >= BARS - 50 && index === 1 ? null : value));

  test('a held leg whose data stop keeps its position and its budget idle', () => {
    const policy = policyOf([btc, sol]);
    const returnsByLeg = [0, 1].map((leg) => gap(leg, walshReturns(leg, 0.5)));
    const previous = {
      rebalanceId: snapshotOf(policy).rebalanceId,
      decidedAtMs: nowMs,
      weights: {},
      volatilityAnnual: {},
      lastEstimates: { sol: { baseVolatilityAnnual: 0.5, correlation: { btc: 0 } } },
      gatesOpen: {},
    };
    const { sized } = size(policy, {
      held: [0, 39_000],
      positions: { 'SOL/USDT:USDT': '390' },
      snapshot: { returnsByLeg, previous },
    });
    // More than its own 28 284: what is not known is not traded.
    expect(sized.notionalsUsd[1]).toBe(39_000);
    expect(sized.bindings[1]?.code).toBe('DATA_GATE');
    expect(sized.notionalsUsd[0]).toBeLessThanOrEqual((0.2 * 100_000) / (0.5 * Math.SQRT2) + 1);
  });

  test('a new leg with too little history is left out, and its budget is not handed on', () => {
    const returnsByLeg = [
      walshReturns(0, 0.5),
      walshReturns(1, 0.5).map((v, t) => (t < BARS - 20 ? null : v)),
    ];
    const { sized } = size(policyOf([btc, sol]), { snapshot: { returnsByLeg } });
    expect(sized.notionalsUsd[1]).toBe(0);
    within(sized.notionalsUsd[0], (0.2 * 100_000) / (0.5 * Math.SQRT2));
    expect(sized.standings[1]?.state).toMatchObject({ kind: 'out', code: 'DATA_GATE' });
  });

  test('a stale quote, or none, holds its leg', () => {
    for (const quote of [unknown<never>('timeout'), null]) {
      const observation = (seen: InstrumentObservation): InstrumentObservation => {
        if (seen.instrument.symbol !== 'SOL/USDT:USDT' || seen.quote.kind !== 'observed')
          return seen;
        return { ...seen, quote: quote ?? observed(seen.quote.value, nowMs - 60_001) };
      };
      const held = quote === null ? 3_000 : 0;
      const { sized } = size(policyOf([btc, sol]), {
        held: [0, held],
        positions: quote === null ? { 'SOL/USDT:USDT': '30' } : {},
        observation,
      });
      expect(sized.notionalsUsd[1]).toBe(held);
      expect(sized.bindings[1]?.code).toBe('DATA_GATE');
    }
  });

  test('restrict and unknown forbid growth but not reduction; exit leaves', () => {
    const scene = { held: [50_000, 5_000], volatilities: [0.5, 1] };
    const at = (state: VenueState) =>
      size(policyOf([btc, sol]), { ...scene, venue: venueIn(state) });
    for (const state of ['restrict', 'unknown'] as const) {
      const { sized } = at(state);
      within(sized.notionalsUsd[0], 28_284);
      expect(sized.notionalsUsd[1]).toBe(5_000);
      expect(sized.bindings[1]?.code).toBe('VENUE_STATE');
    }
    expect(at('exit').sized.notionalsUsd).toEqual([0, 0]);
    within(at('watch').sized.notionalsUsd[1], 14_142);
  });

  test('legs held in a thin book come down where they alone break the stressed-margin rule', () => {
    const sizing = { targetVolatilityAnnual: 2, stressPerpetualShare: 0.4 };
    const thin = (seen: InstrumentObservation): InstrumentObservation => ({
      ...seen,
      quote: observed(quoteOf(seen.instrument.symbol, { depthQuote: 0 }), nowMs),
    });
    const at = (whenCapped: 'parity' | 'exposure', held: number) =>
      size(policyOf([btc, sol], { sizing: { ...sizing, whenCapped } }), {
        volatilities: [0.5, 0.5],
        observation: thin,
        held: [held, held],
      }).sized;
    for (const whenCapped of ['parity', 'exposure'] as const) {
      // Fall: E - 0.4 (2x) = 0.005·0.6 (2x).
      const edge = 100_000 / (0.4 + 0.005 * 0.6) / 2;
      const tight = at(whenCapped, 150_000);
      for (const usd of tight.notionalsUsd) within(usd, edge, 1e-9);
      expect(tight.standings[0]?.state).toMatchObject({ kind: 'held', code: 'LIQUIDITY' });
      expect(tight.bindings.map((each) => each?.code)).toEqual([
        'STRESSED_MARGIN',
        'STRESSED_MARGIN',
      ]);
      // Below it nothing is sold into the thin book.
      const calm = at(whenCapped, 0.99 * edge);
      expect(calm.notionalsUsd).toEqual([0.99 * edge, 0.99 * edge]);
      expect(calm.bindings.map((each) => each?.code)).toEqual(['LIQUIDITY', 'LIQUIDITY']);
    }
  });

  test('only the venue that breaks the rule gives up held legs', () => {
    const legs: Leg[] = [btc, { ...sol, venue: beta }];
    const policy = policyOf(legs, {
      sizing: { targetVolatilityAnnual: 2, stressPerpetualShare: 0.4 },
    });
    const { sized } = size(policy, { held: [200_000, 100_000], venue: venueIn('restrict') });
    within(sized.notionalsUsd[0], 50_000 / (0.4 + 0.005 * 0.6), 1e-9);
    expect(sized.notionalsUsd[1]).toBe(100_000);
  });

  test('held legs that break a cap by themselves come down to it', () => {
    const policy = policyOf([btc, sol], { sizing: { grossLeverageMax: 0.05 } });
    const { sized } = size(policy, { held: [20_000, 20_000], venue: venueIn('restrict') });
    within((sized.notionalsUsd[0] ?? 0) + (sized.notionalsUsd[1] ?? 0), 5_000, 1e-9);
  });
});

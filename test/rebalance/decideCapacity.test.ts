/**
 * Goal: a leg is no larger, and a slice no larger, than what its market takes.
 * Method: closed forms of turnover and of the square-root law on books of one leg, then properties over depths and volumes.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { notOffered } from '../../src/domain/marketSignals.ts';
import { observed, unknown } from '../../src/domain/observed.ts';
import type { SignalsPolicy } from '../../src/domain/signalsPolicy.ts';
import { base, btc, decided, legOf, rich, symbol, withSignals } from './decidedGiven.ts';
import { policyOf } from './policyGiven.ts';
import { marketOf, signalsOf } from './signalsGiven.ts';
import { nowMs } from './snapshotWorld.ts';

describe('capacity', () => {
  const sizedAt = (volume: number, change: Partial<SignalsPolicy> = {}) =>
    legOf(withSignals(btc, change), signalsOf([marketOf(symbol, volume)]));

  test('is what can be left within the horizon at the share of the volume, and says what would lift it', () => {
    const found = sizedAt(200_000, { exitHorizonDays: 0.5 });
    expect(found.targetUsd).toBeCloseTo(0.5 * 0.1 * 200_000, 4);
    expect(found.binding?.code).toBe('LIQUIDITY');
    expect(found.binding?.shortfallUsd).toBeCloseTo(base.targetUsd - 10_000, 4);
    expect(found.binding?.lifts).toContain('signals.exitHorizonDays than 0.5');
  });

  test('is the notional whose impact is the budget, by the square-root law', () => {
    const found = sizedAt(1e6, { impactBpsMax: 30, exitParticipationShare: 1 });
    expect(found.targetUsd).toBeCloseTo((0.003 / 0.03) ** 2 * 1e6, 4);
    expect(found.binding?.lifts).toContain('signals.impactBpsMax than 30');
  });

  test('property: it never falls when a market trades more, and never exceeds the size without it', () => {
    const volume = fc.double({ min: 1e3, max: 1e7, noNaN: true });
    fc.assert(
      fc.property(volume, volume, (a, b) => {
        const [less, more] = [sizedAt(Math.min(a, b)), sizedAt(Math.max(a, b))];
        expect(more.targetUsd).toBeGreaterThanOrEqual(less.targetUsd - 1e-6);
        expect(more.targetUsd).toBeLessThanOrEqual(base.targetUsd + 1e-6);
      }),
      { seed: 42, numRuns: 40 },
    );
  });

  test('property: it never falls when a book gets deeper', () => {
    const depth = fc.double({ min: 1, max: 1e5, noNaN: true });
    const sizedIn = (depthQuote: number) =>
      legOf(
        withSignals(policyOf(btc.legs, { execution: { participationShareMax: 0.1 } })),
        signalsOf([rich]),
        {
          observation: (seen) => ({
            ...seen,
            quote:
              seen.quote.kind === 'observed'
                ? { ...seen.quote, value: { ...seen.quote.value, depthQuote } }
                : seen.quote,
          }),
        },
      ).targetUsd;
    fc.assert(
      fc.property(depth, depth, (a, b) => {
        expect(sizedIn(Math.max(a, b))).toBeGreaterThanOrEqual(sizedIn(Math.min(a, b)) - 1e-6);
      }),
      { seed: 44, numRuns: 30 },
    );
    // A tenth of the depth in each of twelve refills within two minutes.
    expect(sizedIn(1_000)).toBeCloseTo(1_200, 6);
  });

  test('that is not known lets nothing grow and sells nothing; one that is not offered binds nothing', () => {
    const dark = signalsOf([marketOf(symbol, 1, { traded: unknown('no answer') })]);
    const none = legOf(withSignals(btc), dark);
    expect([none.targetUsd, none.leftOut]).toEqual([0, expect.stringContaining('no answer')]);
    const held = { positions: { [symbol]: '0.1' }, held: [5_000] };
    const kept = legOf(withSignals(btc), dark, held);
    expect(kept.targetUsd).toBeCloseTo(5_000, 6);
    expect(kept.binding?.code).toBe('LIQUIDITY');
    const quiet = signalsOf([marketOf(symbol, 1, { traded: notOffered })]);
    expect(legOf(withSignals(btc), quiet).targetUsd).toBe(base.targetUsd);
  });
});

describe('orders', () => {
  const ordersOf = (...parts: Parameters<typeof decided>) => {
    const decision = decided(...parts);
    return decision.kind === 'trade' ? decision.orders : [];
  };

  test('are cut so that one slice stays within its impact budget', () => {
    const policy = withSignals(btc, { sliceImpactBpsMax: 10, exitParticipationShare: 1 });
    const slices = ordersOf(policy, signalsOf([marketOf(symbol, 9e6)]));
    const most = (0.001 / 0.03) ** 2 * 9e6;
    expect(slices.length).toBeGreaterThan(3);
    for (const slice of slices) expect(slice.notionalUsd).toBeLessThanOrEqual(most);
    expect(ordersOf(btc, null)).toHaveLength(1);
  });

  test('that open rest before they take across a wide spread; those that reduce take', () => {
    const book = observed({ spreadShare: 0.002, depth10Quote: 1, depth50Quote: 1 }, nowMs);
    const signals = signalsOf([marketOf(symbol, 1e12, { book })]);
    const policy = withSignals(btc, { takeSpreadBpsMax: 10 });
    const styles = (...parts: Parameters<typeof ordersOf>) =>
      ordersOf(...parts).map((order) => order.style);
    expect(styles(policy, signals)).toEqual(['passive']);
    expect(styles(withSignals(btc, { takeSpreadBpsMax: 30 }), signals)).toEqual(['ioc']);
    const over = { positions: { [symbol]: '2' }, held: [100_000] };
    expect(new Set(styles(policy, signals, over))).toEqual(new Set(['ioc']));
  });
});

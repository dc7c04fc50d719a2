/**
 * Goal: signals move a decision's forecast within their caps, in their direction, and not at all where nobody asked for them.
 * Method: closed forms on books of one leg, then a property over scores.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { notOffered } from '../../src/domain/marketSignals.ts';
import { unknown } from '../../src/domain/observed.ts';
import {
  base,
  btc,
  decided,
  explained,
  legOf,
  rich,
  symbol,
  volatilityOf,
  withSignals,
} from './decidedGiven.ts';
import { atScore, marketOf, series, signalsOf, underlyingOf } from './signalsGiven.ts';

describe('a snapshot or a policy without signals', () => {
  const full = signalsOf(
    [marketOf(symbol, 1)],
    [underlyingOf('BTC', { impliedAnnual: series(3), putCall: atScore(9) })],
  );

  test('decides as before, to the last digit', () => {
    const before = decided(btc, null);
    expect(decided(withSignals(btc, { impliedShare: 1 }), null)).toEqual(before);
    expect(decided(btc, full)).toEqual(before);
    expect(before.explanation).not.toHaveProperty('signals');
  });
});

describe('the forecast', () => {
  test('takes the implied variance by its share', () => {
    const policy = withSignals(btc, { impliedShare: 0.3 });
    const found = legOf(
      policy,
      signalsOf([rich], [underlyingOf('BTC', { impliedAnnual: series(0.8) })]),
    );
    const blend = Math.sqrt(0.7 * volatilityOf(base) ** 2 + 0.3 * 0.8 ** 2);
    expect(volatilityOf(found)).toBeCloseTo(blend, 9);
    expect(found.targetUsd).toBeCloseTo((base.targetUsd * volatilityOf(base)) / blend, 4);
  });

  test('property: demand raises it by no more than the cap and never lowers it', () => {
    const score = fc.option(fc.double({ min: -8, max: 8, noNaN: true }), { nil: null });
    const parts = fc.tuple(
      score,
      score,
      score,
      score,
      score,
      fc.double({ min: 0, max: 1, noNaN: true }),
    );
    fc.assert(
      fc.property(parts, ([funding, basis, open, long, skew, cap]) => {
        const at = (z: number | null) => (z === null ? notOffered : atScore(z));
        const signs = underlyingOf('BTC', {
          fundingAnnual: at(funding),
          perpetualBasis: at(basis),
          openInterestGrowth: at(open),
          longShare: at(long),
          riskReversal: at(skew),
        });
        const policy = withSignals(btc, { demandRaiseShareMax: cap });
        const found = legOf(policy, signalsOf([rich], [signs]));
        const ratio = volatilityOf(found) / volatilityOf(base);
        expect(ratio).toBeGreaterThanOrEqual(1 - 1e-12);
        expect(ratio).toBeLessThanOrEqual(1 + cap + 1e-12);
        expect(Math.abs(found.targetUsd)).toBeLessThanOrEqual(base.targetUsd * (1 + 1e-9));
      }),
      { seed: 41, numRuns: 60 },
    );
  });

  test('is raised by the whole cap times the score, which the explanation shows with its parts', () => {
    const policy = withSignals(btc, { demandRaiseShareMax: 0.1 });
    const parts = [signalsOf([rich], [underlyingOf('BTC', { putCall: atScore(2) })])] as const;
    const score = Math.tanh(1);
    expect(volatilityOf(legOf(policy, ...parts))).toBeCloseTo(
      volatilityOf(base) * (1 + 0.1 * score),
      9,
    );
    const [shown] = explained(policy, ...parts).signals ?? [];
    expect(shown?.demand).toEqual({ score, parts: { putCall: score } });
    expect(shown?.forecastRaiseShare).toBeCloseTo(0.1 * score, 12);
  });

  test('is not moved by a part with too short a past, or that could not be read', () => {
    const policy = withSignals(btc, { demandRaiseShareMax: 1, impliedShare: 1 });
    const signs = underlyingOf('BTC', { putCall: series(9), longShare: unknown('no answer') });
    const found = explained(policy, signalsOf([rich], [signs]));
    expect(found.legs[0]?.volatilityAnnual).toBe(base.volatilityAnnual);
    expect(found.signals?.[0]?.demand).toBeNull();
    expect(found.signals?.[0]?.unread).toEqual(['longShare: no answer']);
  });
});

test('liquidity is explained per market: turnover, impact and the days that leaving takes', () => {
  const policy = withSignals(btc);
  const found = explained(policy, signalsOf([marketOf(symbol, 1e6)]));
  const [market] = found.signals?.[0]?.liquidity ?? [];
  const targetUsd = Math.abs(Number(found.instruments[0]?.targetBase)) * 50_000;
  expect(market).toMatchObject({
    instrument: `alpha|${symbol}`,
    volumeDailyUsd: 1e6,
    turnoverRatio: 2,
    spreadShare: 0.0002,
    depth10Usd: 1e6,
    depth50Usd: 3e6,
    amihudPerUsd: 1e-10,
  });
  expect(market?.impactBps).toBeCloseTo(300 * Math.sqrt(targetUsd / 1e6), 9);
  expect(market?.exitDays).toBeCloseTo(targetUsd / 1e5, 9);
});

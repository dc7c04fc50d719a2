/**
 * Goal: signals move a decision within their caps, in their direction, and not at all where nobody asked for them.
 * Method: closed forms on books of one leg, then properties over scores, depths and volumes.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Decision, Explanation } from '../../src/domain/decision.ts';
import type { MarketSignals, UnderlyingSignals } from '../../src/domain/marketSignals.ts';
import { notOffered } from '../../src/domain/marketSignals.ts';
import { observed, unknown } from '../../src/domain/observed.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { SignalsPolicy } from '../../src/domain/signalsPolicy.ts';
import { decide } from '../../src/rebalance/decide.ts';
import {
  atScore,
  marketOf,
  series,
  signalsOf,
  signalsPolicy,
  underlyingOf,
} from './signalsGiven.ts';
import {
  carryLeg,
  nowMs,
  perpetualLeg,
  policyOf,
  type Scene,
  snapshotOf,
} from './snapshotWorld.ts';

const symbol = 'BTC/USDT:USDT';
const btc = policyOf([perpetualLeg('btc', symbol)]);
const rich = marketOf(symbol, 1e12);
const withSignals = (policy: Policy, change: Partial<SignalsPolicy> = {}): Policy => ({
  ...policy,
  signals: { ...signalsPolicy, ...change },
});
const decided = (policy: Policy, signals: MarketSignals | null, scene: Scene = {}): Decision =>
  decide(
    snapshotOf(policy, {
      volatilities: [0.5],
      ...scene,
      snapshot: { ...scene.snapshot, ...(signals === null ? {} : { signals }) },
    }),
    policy,
  );
const explained = (...parts: Parameters<typeof decided>): Explanation => {
  const { explanation } = decided(...parts);
  if (explanation === null) throw new Error('it was sized');
  return explanation;
};
const legOf = (...parts: Parameters<typeof decided>) => {
  const [leg] = explained(...parts).legs;
  if (leg === undefined) throw new Error('it has a leg');
  return leg;
};
const base = legOf(btc, null);
const volatilityOf = (leg: { volatilityAnnual: number | null }) => leg.volatilityAnnual ?? 0;

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

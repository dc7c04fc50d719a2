/**
 * Sizing: from weights to notionals under every cap.
 *
 * Closed forms first: uncorrelated legs of known volatility at equal budgets have notionals target·equity/(σ·√n), and each
 * cap alone cuts them to a figure that can be written down. Then properties over random books: no cap is exceeded, no leg
 * stands above its uncapped size, shares hold under `parity`, the order of the legs does not matter.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { legId } from '../../../src/domain/ids.ts';
import type { Leg } from '../../../src/domain/leg.ts';
import { observed, unknown } from '../../../src/domain/observed.ts';
import type { Policy } from '../../../src/domain/policy.ts';
import type { InstrumentObservation, VenueObservation } from '../../../src/domain/snapshot.ts';
import type { VenueState } from '../../../src/domain/venue.ts';
import { evaluateAccount } from '../../../src/margin/account.ts';
import { accountsAt, bookScenarios, stressAt } from '../../../src/parity/sizing/accounts.ts';
import { readBook } from '../../../src/parity/sizing/book.ts';
import { usedUsd } from '../../../src/parity/sizing/caps.ts';
import { quantitiesOf } from '../../../src/parity/sizing/netting.ts';
import { riskInput } from '../../../src/parity/sizing/riskInput.ts';
import { type SizedBook, sizeBook } from '../../../src/parity/sizing/sizeBook.ts';
import { overRows, volatilityUsd } from '../../../src/parity/sizing/sizingProblem.ts';
import { timesCovariance } from '../../../src/parity/sizing/weigh.ts';
import { estimateRisk } from '../../../src/risk/estimateRisk.ts';
import type { RiskEstimate } from '../../../src/risk/riskTypes.ts';
import {
  alpha,
  BARS,
  beta,
  carryLeg,
  lendingLeg,
  nowMs,
  perpetualLeg,
  policyOf,
  quoteOf,
  type Scene,
  snapshotOf,
  stableLeg,
  walshReturns,
} from '../../rebalance/snapshotWorld.ts';

const btc = perpetualLeg('btc', 'BTC/USDT:USDT');
const sol = perpetualLeg('sol', 'SOL/USDT:USDT');
const eth = perpetualLeg('eth', 'ETH/USDT:USDT');
/** The estimator corrects for the bars that there are; the closed forms are for volatility as stated. */
const near = 2e-3;

function size(policy: Policy, scene: Scene = {}) {
  const reading = readBook(snapshotOf(policy, scene), policy);
  if (reading.kind !== 'book') throw new Error(reading.reason);
  const estimate = estimateRisk(riskInput(reading.book));
  if (estimate.kind !== 'estimated') throw new Error('no estimate');
  const sized = sizeBook(reading.book, estimate);
  if (sized.kind !== 'sized') throw new Error(sized.reason);
  return { book: reading.book, estimate, sized };
}

function shares(estimate: RiskEstimate, sized: SizedBook): readonly number[] {
  const x = overRows(estimate, sized.notionalsUsd);
  const marginal = timesCovariance(estimate, x);
  const total = x.reduce((sum, usd, row) => sum + usd * (marginal[row] ?? 0), 0);
  return x.map((usd, row) => (usd * (marginal[row] ?? 0)) / total);
}

const within = (found: number | undefined, wanted: number, share = near) =>
  expect(Math.abs((found ?? Number.NaN) / wanted - 1)).toBeLessThan(share);

describe('closed forms', () => {
  test('two uncorrelated perpetuals are sized by inverse volatility to the target', () => {
    const { sized } = size(policyOf([btc, sol]), { volatilities: [0.5, 1] });
    within(sized.notionalsUsd[0], (0.2 * 100_000) / (0.5 * Math.SQRT2));
    within(sized.notionalsUsd[1], (0.2 * 100_000) / (1 * Math.SQRT2));
    expect(sized.bindings).toEqual([null, null]);
  });

  test('budgets by leg and by group set the squares of the risks', () => {
    const legs: Leg[] = [
      { ...btc, group: 'majors', budget: 3 },
      { ...eth, group: 'majors', budget: 1 },
      { ...sol, group: 'alts' },
    ];
    const policy = policyOf(legs, { objective: { groupBudgets: { majors: 0.8, alts: 0.2 } } });
    const { sized, estimate } = size(policy, { volatilities: [0.5, 0.5, 0.5] });
    const wanted = [0.6, 0.2, 0.2];
    for (const [index, share] of shares(estimate, sized).entries())
      within(share, wanted[index] ?? 0);
  });

  const capped: readonly (readonly [string, Leg[], Partial<Policy['sizing']>, Scene, number[]])[] =
    [
      // Uncapped 28284 and 14142: gross 0.42426.
      ['GROSS_LEVERAGE', [btc, sol], { grossLeverageMax: 0.3 }, {}, [20_000, 10_000]],
      ['LEG_CAP', [btc, sol], { legShareMax: 0.1 }, {}, [10_000, 5_000]],
      // Leverage there is ceil(10 / 0.05) but at most the tier's 100.
      ['INITIAL_MARGIN', [btc, sol], { initialMarginShareMax: 0.0003 }, {}, [2_000, 1_000]],
    ];
  test.each(capped)('%s alone cuts the book together', (code, legs, sizing, scene, wanted) => {
    const { sized } = size(policyOf(legs, { sizing }), { volatilities: [0.5, 1], ...scene });
    for (const [index, usd] of wanted.entries()) within(sized.notionalsUsd[index], usd);
    expect(sized.bindings.map((binding) => binding?.code)).toEqual([code, code]);
    within((sized.notionalsUsd[0] ?? 0) + (sized.bindings[0]?.shortfallUsd ?? 0), 28_284);
  });

  test('stressed margin cuts where the worst scenario leaves maintenance × buffer', () => {
    const sizing = {
      targetVolatilityAnnual: 2,
      stressPerpetualShare: 0.4,
      stressedMarginBuffer: 2,
    };
    const { sized } = size(policyOf([btc], { sizing }), { volatilities: [0.5] });
    // Fall: E - 0.4 x = 2·0.005·0.6 x.
    within(sized.notionalsUsd[0], 100_000 / (0.4 + 2 * 0.005 * 0.6), 1e-6);
    expect(sized.bindings[0]?.code).toBe('STRESSED_MARGIN');
  });

  test('the worst day on record × its multiple is in the stress set', () => {
    const sizing = { targetVolatilityAnnual: 2, stressPerpetualShare: 0.1, worstDayMultiple: 2 };
    const { sized } = size(policyOf([btc], { sizing }), {
      volatilities: [0.5],
      snapshot: { worstDayByLeg: [0.35] },
    });
    within(sized.notionalsUsd[0], 100_000 / (0.7 + 0.005 * 0.3), 1e-6);
  });

  test('cash: what is lent and bought plus margin is at most the usable share', () => {
    const policy = policyOf([btc, lendingLeg], { sizing: { usableEquityShare: 0.5 } });
    const { sized } = size(policy, { volatilities: [0.5, 0.01] });
    const [btcUsd = 0, lentUsd = 0] = sized.notionalsUsd;
    within(btcUsd / 10 + lentUsd, 50_000, 1e-9);
    expect(sized.bindings[1]?.code).toBe('CASH');
    expect(sized.bindings[1]?.lifts).toContain('usableEquityShare');
  });

  test('cash is counted per venue: what lies at one is of no use at the other', () => {
    const legs: Leg[] = [{ ...btc, venue: beta }, lendingLeg];
    const policy = policyOf(legs, { sizing: { whenCapped: 'exposure' } });
    const { sized } = size(policy, { volatilities: [0.5, 0.01] });
    within(sized.notionalsUsd[1], 50_000, 1e-9);
    expect(sized.bindings[0]).toBeNull();
  });

  test('an issuer is capped over all legs that hold its coin', () => {
    const lendBeta: Leg = { ...lendingLeg, id: legId('beta-earn'), venue: beta };
    const policy = policyOf([btc, lendingLeg, lendBeta], { sizing: { issuerShareMax: 0.2 } });
    const { sized } = size(policy, { volatilities: [0.5, 0.01, 0.01] });
    within((sized.notionalsUsd[1] ?? 0) + (sized.notionalsUsd[2] ?? 0), 20_000, 1e-9);
    expect(sized.bindings[1]?.code).toBe('ISSUER_CAP');
  });

  test('what legs tie up at a venue is at most its loss budget ÷ (PD·LGD) of the equity', () => {
    const venue = (seen: VenueObservation) => ({
      ...seen,
      health: { ...seen.health, defaultProbabilityAnnual: 0.2 },
    });
    const policy = policyOf([btc, lendingLeg], { sizing: { venueLossBudgetShare: 0.03 } });
    const { sized } = size(policy, { volatilities: [0.5, 0.01], venue, held: [20_000, 60_000] });
    // 0.03 ÷ (0.2·0.5) = 0.3 of 100 000; one tenth of a perpetual's notional lies there.
    within((sized.notionalsUsd[0] ?? 0) / 10 + (sized.notionalsUsd[1] ?? 0), 30_000, 1e-9);
    expect(sized.bindings[1]?.code).toBe('VENUE_CAP');
    expect(sized.bindings[1]?.lifts).toContain('default probability');
  });

  test('liquidity: what the book takes within the deadline at the allowed share', () => {
    const observation = (seen: InstrumentObservation): InstrumentObservation =>
      seen.instrument.symbol === 'SOL/USDT:USDT' && seen.quote.kind === 'observed'
        ? { ...seen, quote: observed({ ...seen.quote.value, depthQuote: 1_000 }, nowMs) }
        : seen;
    const policy = policyOf([btc, sol], { execution: { participationShareMax: 0.5 } });
    const { sized } = size(policy, { volatilities: [0.5, 1], observation });
    within(sized.notionalsUsd[1], 1_000 * 0.5 * 12, 1e-9);
    expect(sized.bindings[1]?.code).toBe('LIQUIDITY');
  });

  test('a book that has gone thin stops growth, forces nothing out, and leaves the others their size', () => {
    const observation = (seen: InstrumentObservation): InstrumentObservation =>
      seen.instrument.symbol.startsWith('SOL')
        ? { ...seen, quote: observed(quoteOf(seen.instrument.symbol, { depthQuote: 0 }), nowMs) }
        : seen;
    const at = (held: number) =>
      size(policyOf([btc, sol]), { volatilities: [0.5, 1], observation, held: [0, held] }).sized;
    const { notionalsUsd, uncappedUsd, standings } = at(3_000);
    expect(notionalsUsd[1]).toBe(3_000);
    within(notionalsUsd[0], uncappedUsd[0] ?? 0, 1e-9);
    expect(standings[1]?.state).toMatchObject({ kind: 'held', code: 'LIQUIDITY' });
    // More than its own size still comes down to it.
    const [, own = 0] = uncappedUsd;
    within(at(2 * own).notionalsUsd[1], own, 1e-9);
    expect(at(0).standings[1]?.state).toMatchObject({ kind: 'out', code: 'LIQUIDITY' });
  });

  test('a quota caps what is lent at what is there already plus what is left', () => {
    const observation = (seen: InstrumentObservation): InstrumentObservation =>
      seen.yield === null
        ? seen
        : {
            ...seen,
            yield: observed({ yieldAnnual: 0.04, quotaBase: 500, available: true }, nowMs),
          };
    const { sized } = size(policyOf([btc, lendingLeg]), {
      volatilities: [0.5, 0.01],
      observation,
      held: [0, 2_000],
      positions: { 'earn:USDC': '2000' },
    });
    within(sized.notionalsUsd[1], 2_500, 1e-9);
    expect(sized.bindings[1]?.code).toBe('QUOTA');
  });

  test('an earn product that is closed and not held is left out, and the others keep their own size', () => {
    const observation = (seen: InstrumentObservation): InstrumentObservation =>
      seen.yield === null ? seen : { ...seen, yield: unknown('no answer') };
    const policy = policyOf([btc, sol, lendingLeg]);
    const { sized } = size(policy, { volatilities: [0.5, 1, 0.05], observation });
    expect(sized.notionalsUsd[2]).toBe(0);
    within(sized.notionalsUsd[0], (0.2 * 100_000) / (0.5 * Math.sqrt(3)));
    expect(sized.bindings[2]?.code).toBe('QUOTA');
  });
});

describe('whenCapped', () => {
  const policy = (whenCapped: 'parity' | 'exposure') =>
    policyOf([btc, sol, lendingLeg], { sizing: { whenCapped, usableEquityShare: 0.6 } });
  const volatilities = [0.5, 1, 0.02];

  test('parity keeps the shares and falls below the target', () => {
    const { sized, estimate, book } = size(policy('parity'), { volatilities });
    for (const share of shares(estimate, sized)) expect(share).toBeCloseTo(1 / 3, 9);
    expect(volatilityUsd(estimate, sized.notionalsUsd) / book.equityUsd).toBeLessThan(0.19);
  });

  test('exposure leaves the legs that the cap does not concern as they are', () => {
    const sizing = { whenCapped: 'exposure', issuerShareMax: 0.1 } as const;
    const { sized } = size(policyOf([btc, sol, lendingLeg], { sizing }), { volatilities });
    expect(sized.notionalsUsd[2]).toBeCloseTo(10_000, 4);
    expect(sized.notionalsUsd[0]).toBeCloseTo(sized.uncappedUsd[0] ?? 0, 6);
    expect(sized.bindings.map((binding) => binding?.code ?? null)).toEqual([
      null,
      null,
      'ISSUER_CAP',
    ]);
  });
});

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

describe('the carry gate', () => {
  const policy = policyOf([btc, carryLeg], {
    sizing: { carryOpenAnnual: 0.1, carryCloseAnnual: 0.02 },
  });
  const gate = (annual: number, wasOpen: boolean | null, held = 0) =>
    size(policy, {
      fundingRate: annual / (365 * 3),
      held: [0, held],
      snapshot:
        wasOpen === null
          ? {}
          : {
              previous: {
                rebalanceId: snapshotOf(policy).rebalanceId,
                decidedAtMs: nowMs,
                weights: {},
                volatilityAnnual: {},
                gatesOpen: { 'eth-carry': wasOpen },
              },
            },
    }).sized;

  test('opens above the upper hurdle, closes below the lower, and between them stays as it was', () => {
    expect(gate(0.11, false).standings[1]?.gateOpen).toBe(true);
    expect(gate(0.09, false).standings[1]?.gateOpen).toBe(false);
    expect(gate(0.09, true).standings[1]?.gateOpen).toBe(true);
    expect(gate(0.01, true).standings[1]?.gateOpen).toBe(false);
    expect(gate(0.09, null, 1_000).standings[1]?.gateOpen).toBe(true);
    expect(gate(0.09, null).standings[1]?.gateOpen).toBe(false);
  });

  test('funding is expected at the mean of the last settlements and the next one', () => {
    const settled = (annual: number) =>
      size(policy, {
        fundingRate: 0.2 / (365 * 3),
        observation: (seen) =>
          seen.funding === null
            ? seen
            : { ...seen, settledFundingRates: Array.from({ length: 9 }, () => annual / (365 * 3)) },
      }).sized.standings[1]?.gateOpen;
    // (9 x + 0.2) ÷ 10 against 0.1.
    expect(settled(0.0889)).toBe(true);
    expect(settled(0.0888)).toBe(false);
  });

  test('what was settled every eight hours counts for eight, when a spike shortens the interval to one', () => {
    const eightHoursMs = 28_800_000;
    const hourly = (annual: number) =>
      size(policy, {
        observation: (seen) =>
          seen.funding === null
            ? seen
            : {
                ...seen,
                funding: observed(
                  { rate: 0.5 / (365 * 24), intervalMs: 3_600_000, nextMs: nowMs + 1 },
                  nowMs,
                ),
                settledFunding: Array.from({ length: 22 }, (_, index) => ({
                  atMs: nowMs - (21 - index) * eightHoursMs,
                  rate: index === 0 ? 1 : annual / (365 * 3),
                })),
              },
      }).sized.standings[1]?.gateOpen;
    // (168 x + 0.5) ÷ 169 against 0.1.
    expect(hourly(0.0977)).toBe(true);
    expect(hourly(0.0976)).toBe(false);
  });

  test('to open, the round trip is paid within a month; to stay open it is spent', () => {
    const withFees = (annual: number, held: number) =>
      size(policy, {
        fundingRate: annual / (365 * 3),
        held: [0, held],
        observation: (seen) => ({
          ...seen,
          instrument: { ...seen.instrument, takerFeeRate: 0.0005 },
        }),
      }).sized.standings[1]?.gateOpen;
    // 2 · (5 + 5 bps) · 365 ÷ 30.
    const costAnnual = (0.002 * 365) / 30;
    expect(withFees(0.1 + costAnnual + 1e-6, 0)).toBe(true);
    expect(withFees(0.1 + costAnnual - 1e-6, 0)).toBe(false);
    expect(withFees(0.02 + 1e-6, 1_000)).toBe(true);
    expect(withFees(0.02 - 1e-6, 1_000)).toBe(false);
  });

  test('closed, the leg goes to nothing and the others are not raised', () => {
    const sized = gate(0.01, true, 30_000);
    expect(sized.notionalsUsd[1]).toBe(0);
    expect(sized.notionalsUsd[0]).toBeCloseTo(sized.uncappedUsd[0] ?? 0, 6);
    expect(sized.bindings[1]?.code).toBe('CARRY_GATE');
  });

  test('with unknown funding a held pair is kept and a new one is not opened', () => {
    const observation = (seen: InstrumentObservation): InstrumentObservation =>
      seen.funding === null ? seen : { ...seen, funding: unknown('no answer') };
    expect(size(policy, { observation, held: [0, 9_000] }).sized.notionalsUsd[1]).toBe(9_000);
    expect(size(policy, { observation }).sized.notionalsUsd[1]).toBe(0);
  });
});

describe('over random books', () => {
  const legs = [btc, sol, eth, carryLeg, lendingLeg, stableLeg];
  const share = (min: number, max: number) => fc.double({ min, max, noNaN: true });
  const scenes = fc.record({
    volatilities: fc.tuple(...legs.map(() => share(0.02, 1.5))),
    whenCapped: fc.constantFrom('parity' as const, 'exposure' as const),
    grossLeverageMax: share(0.05, 6),
    usableEquityShare: share(0.1, 1),
    initialMarginShareMax: share(0.05, 1),
    stressPerpetualShare: share(0.05, 0.9),
    stressBasisShare: share(0.01, 0.1),
    venueShareMax: share(0.05, 2),
    issuerShareMax: share(0.01, 1),
    legShareMax: share(0.01, 2),
    targetVolatilityAnnual: share(0.02, 1),
    state: fc.constantFrom('healthy', 'watch', 'restrict', 'unknown') as fc.Arbitrary<VenueState>,
    held: fc.tuple(...legs.map(() => fc.oneof(fc.constant(0), share(0, 30_000)))),
    fundingRate: share(-0.0005, 0.0005),
  });
  type Drawn = typeof scenes extends fc.Arbitrary<infer T> ? T : never;
  const run = ({ volatilities, state, held, fundingRate, ...sizing }: Drawn) =>
    size(policyOf(legs, { sizing: { ...sizing, stressStableShare: 0.1 } }), {
      volatilities,
      held,
      fundingRate,
      venue: (seen) => ({ ...seen, health: { ...seen.health, state } }),
    });

  test('no cap is exceeded, nothing is NaN or below 0, the target is a ceiling', () => {
    fc.assert(
      fc.property(scenes, (scene) => {
        const { sized, estimate, book } = run(scene);
        for (const usd of sized.notionalsUsd) expect(usd).toBeGreaterThanOrEqual(0);
        for (const cap of sized.caps) {
          const used = usedUsd(cap, sized.notionalsUsd);
          expect(used, cap.code).toBeLessThanOrEqual(cap.limitUsd * (1 + 1e-9) + 1e-6);
        }
        const isFixed = sized.standings.some((standing) => standing.state.kind === 'held');
        const volatility = volatilityUsd(estimate, sized.notionalsUsd) / book.equityUsd;
        if (!isFixed) {
          expect(volatility).toBeLessThanOrEqual(scene.targetVolatilityAnnual * (1 + 1e-9));
        }
        const quantities = quantitiesOf(
          book,
          sized.notionalsUsd.map((usd) => usd * (1 - 1e-9)),
        );
        expect(stressAt(book, quantities, bookScenarios(book), null).kind).toBe('holds');
        for (const [index, { state }] of sized.standings.entries()) {
          if (state.kind !== 'sized') continue;
          const uncapped = sized.uncappedUsd[index] ?? 0;
          expect(sized.notionalsUsd[index]).toBeLessThanOrEqual(uncapped * (1 + 1e-9));
        }
      }),
      { seed: 20240601, numRuns: 150 },
    );
  });

  test('under parity the shares of the sized legs hold among themselves', () => {
    fc.assert(
      fc.property(scenes, (scene) => {
        const healthy = {
          ...scene,
          // Above the cap of its only venue a book does not open.
          venueShareMax: 2,
          whenCapped: 'parity',
          state: 'healthy',
          fundingRate: 0.0005,
        } as const;
        const { sized, estimate } = run(healthy);
        for (const each of shares(estimate, sized)) expect(each).toBeCloseTo(1 / legs.length, 8);
      }),
      { seed: 20240602, numRuns: 60 },
    );
  });

  test('the order of the legs does not matter', () => {
    const order = [3, 0, 5, 1, 4, 2];
    const volatilities = [0.5, 1.1, 0.7, 0.1, 0.05, 0.06];
    const sizing = { usableEquityShare: 0.7, grossLeverageMax: 1.2 };
    const one = size(policyOf(legs, { sizing }), { volatilities });
    const returns = legs.map((_, index) => walshReturns(index, volatilities[index] ?? 0));
    const other = size(
      policyOf(
        order.map((at) => legs[at] as Leg),
        { sizing },
      ),
      {
        snapshot: { returnsByLeg: order.map((at) => returns[at] ?? []) },
      },
    );
    for (const [at, index] of order.entries()) {
      within(other.sized.notionalsUsd[at], one.sized.notionalsUsd[index] ?? 0, 1e-8);
    }
  });
});

test('lent coins leave the margin account, bought ones stay in it after a haircut', () => {
  const { book } = size(policyOf([btc, carryLeg, lendingLeg]));
  const [only] = accountsAt(book, quantitiesOf(book, [0, 20_000, 30_000]));
  expect(only?.account.walletBalanceUsd).toBe(50_000);
  expect(
    evaluateAccount(only?.account ?? { mode: 'cross', walletBalanceUsd: 0, positions: [] }),
  ).toMatchObject({ equityUsd: 50_000 + 0.9 * 20_000 });
});

test('all venues of the universe count towards the equity', () => {
  const { book } = size(policyOf([btc, { ...sol, venue: beta }]));
  expect(book.equityUsd).toBe(100_000);
  expect(book.venues.map((each) => each.venue)).toEqual([alpha, beta]);
});

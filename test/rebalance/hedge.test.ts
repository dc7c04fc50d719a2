/**
 * The hedge overlay, from the config to the venue: a treasury's bitcoin is hedged by the cheapest perpetual, beside the book.
 *
 * Method: decisions on snapshots with two perpetuals of known cost and returns; then the whole line in the world in memory. Tried, and
 * seen to fail: leaving the hedge in the estimate (the book then shrank), and taking the dearer perpetual.
 */
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import { policyOf as policyOfConfig } from '../../src/config/policy.ts';
import { legId } from '../../src/domain/ids.ts';
import type { Leg } from '../../src/domain/leg.ts';
import { observed } from '../../src/domain/observed.ts';
import type { InstrumentObservation, Snapshot } from '../../src/domain/snapshot.ts';
import type { VenueState } from '../../src/domain/venue.ts';
import { decide } from '../../src/rebalance/decide.ts';
import { rebalance } from '../../src/rebalance/rebalance.ts';
import { slotOf } from '../../src/rebalance/slot.ts';
import { eventsNamed, openedWorld, policy as worldPolicy } from './given.ts';
import { differences } from './guardGiven.ts';
import { alpha, beta, perpetualLeg } from './legsGiven.ts';
import { policyOf } from './policyGiven.ts';
import { nowMs, type Scene, snapshotOf, walshReturns } from './snapshotWorld.ts';

const hedge = { coin: 'BTC', quantityBase: 0.5, at: 'a treasury' };
const hedgeLeg = (id: string, venue: typeof alpha): Leg => ({
  id: legId(id),
  kind: 'perpetual',
  venue,
  symbol: 'BTC/USDT:USDT',
  direction: 'short',
  group: null,
  budget: 0,
  hedge,
});
const eth = perpetualLeg('eth', 'ETH/USDT:USDT');
const market = walshReturns(3, 0.6);
const short = market.map((move) => -move);

function decided(
  legs: readonly Leg[],
  rates: Readonly<Record<string, number>>,
  change: Scene = {},
  more: Partial<Snapshot> = {},
) {
  const policy = policyOf(legs);
  const snapshot = snapshotOf(policy, {
    observation: (seen) => ({
      ...seen,
      funding: observed(
        { rate: rates[seen.instrument.venue] ?? 0, intervalMs: 28_800_000, nextMs: nowMs + 1 },
        nowMs,
      ),
    }),
    ...change,
  });
  return decide(
    {
      ...snapshot,
      returnsByLeg: legs.map((leg, index) =>
        leg.kind === 'perpetual' && leg.hedge !== undefined
          ? short
          : (snapshot.returnsByLeg[index] ?? []),
      ),
      hedgedReturns: { BTC: market },
      ...more,
    },
    policy,
  );
}

const legOf = (decision: ReturnType<typeof decided>, id: string) =>
  decision.explanation?.legs.find((leg) => leg.leg === id);

/** Half of 25,000 USD of today's value, at the start of each bar. */
function halfShort(moves: readonly number[]): readonly number[] {
  let usd = -12_500;
  const values = moves.toReversed().map((move) => {
    usd /= 1 + move;
    return usd;
  });
  return values.toReversed();
}

describe('the hedge', () => {
  const both = [eth, hedgeLeg('hedge:BTC', alpha), hedgeLeg('hedge:BTC:2', beta)];

  test('is short of what is held elsewhere, at the ratio of the covariance', () => {
    const found = legOf(decided([eth, hedgeLeg('hedge:BTC', alpha)], {}), 'hedge:BTC');
    expect(found?.targetUsd).toBeCloseTo(-25_000, 0);
    expect(found?.leftOut).toContain('takes 100.0 % of the variance');
    expect(found).toMatchObject({ budget: 0, riskShare: 0, binding: { code: 'HEDGE' } });
  });

  test('is where being short pays most', () => {
    const at = (rates: Readonly<Record<string, number>>) => {
      const decision = decided(both, rates);
      return [legOf(decision, 'hedge:BTC')?.targetUsd, legOf(decision, 'hedge:BTC:2')?.targetUsd];
    };
    expect(at({ alpha: 0.0001, beta: 0.0003 })).toEqual([0, expect.closeTo(-25_000, 0)]);
    expect(at({ alpha: 0.0003, beta: 0.0001 })).toEqual([expect.closeTo(-25_000, 0), 0]);
  });

  test('takes nothing from the volatility of the book', () => {
    const alone = legOf(decided([eth], {}), 'eth')?.targetUsd ?? 0;
    const beside = legOf(decided([eth, hedgeLeg('hedge:BTC', alpha)], {}), 'eth')?.targetUsd ?? 0;
    expect(alone).toBeGreaterThan(0);
    expect(beside).toBeCloseTo(alone, 6);
  });

  test('is reported by itself: what was planned, what is held, how much variance it really took', () => {
    const legs = [eth, hedgeLeg('hedge:BTC', alpha)];
    const bars = 48;
    const heldUsdByLegByBar = [market.slice(-bars).map(() => 0), halfShort(market.slice(-bars))];
    const decision = decided(legs, {}, { held: [0, -12_500] }, { heldUsdByLegByBar });
    expect(decision.explanation?.hedges).toEqual([
      {
        coin: 'BTC',
        at: 'a treasury',
        quantityBase: 0.5,
        chosen: {
          leg: 'hedge:BTC',
          ratio: expect.closeTo(1, 6),
          effectiveness: expect.closeTo(1, 6),
          costAnnual: expect.any(Number),
        },
        targetUsd: expect.closeTo(-25_000, 0),
        heldUsd: -12_500,
        // Half of it was hedged: a quarter of the variance was left.
        realised: { kind: 'realised', bars, effectiveness: expect.closeTo(0.75, 3) },
      },
    ]);
    expect(decided([eth], {}).explanation?.hedges).toBeUndefined();
  });

  test('without returns of what it hedges keeps what it has', () => {
    const legs = [eth, hedgeLeg('hedge:BTC', alpha)];
    const policy = policyOf(legs);
    const snapshot = snapshotOf(policy, {
      positions: { 'BTC/USDT:USDT': '-0.3' },
      held: [0, -15_000],
    });
    expect(legOf(decide(snapshot, policy), 'hedge:BTC')?.targetUsd).toBeCloseTo(-15_000, 6);
  });
});

test('the whole line: ordered, netted with the book’s own bitcoin, booked to the hedge', async () => {
  const hedged = { ...hedge, quantityBase: 0.2 };
  const policy = {
    ...worldPolicy,
    legs: [
      ...worldPolicy.legs,
      { ...hedgeLeg('hedge:BTC', worldPolicy.legs[0]?.venue ?? alpha), hedge: hedged },
    ],
  };
  const { world, ports } = openedWorld();
  const result = await rebalance(ports, policy, slotOf('test', 'schedule', world.nowMs), 'test');
  if (result.kind !== 'ended') throw new Error('it ended');
  const { explanation } = result.record.decision;
  const target = explanation?.legs.find((leg) => leg.leg === 'hedge:BTC');
  // The same estimator as the book's: its correlation is shrunk too.
  const ratio = 1 - policy.risk.correlationShrinkage;
  expect(target?.targetUsd).toBeCloseTo(-10_000 * ratio, -1);
  const balances = await ports.ledger.balances('test');
  const booked = balances.find((one) => one.leg === 'hedge:BTC' && one.account === 'position');
  expect(Number(booked?.amount)).toBeCloseTo(-0.2 * ratio, 2);
  expect(await differences(world)).toEqual([]);
  expect(eventsNamed(world, 'orderDenied')).toEqual([]);
});

test('the config names it, and what cannot be is a fault', () => {
  const text = (coin: string, venue: string) => `
portfolio: test
venues: { alpha: { exchange: bybit, environment: simulated, endpoint: http://127.0.0.1:1 } }
legs: [{ id: eth, kind: perpetual, venue: alpha, symbol: ETH/USDT:USDT }]
hedge: { holdings: [{ coin: ${coin}, quantityBase: 2, at: treasury, instruments: [{ venue: ${venue}, symbol: BTC/USDT:USDT }] }] }
sizing: { targetVolatilityAnnual: 0.15, grossLeverageMax: 3 }
rebalance: { cron: '0 */8 * * *' }
`;
  const good = parseConfig(text('BTC', 'alpha'), {});
  if (good.kind === 'invalid') throw new Error(JSON.stringify(good.faults));
  expect(policyOfConfig(good.config).legs[1]).toMatchObject({
    id: 'hedge:BTC',
    direction: 'short',
    budget: 0,
    hedge: { coin: 'BTC', quantityBase: 2, at: 'treasury' },
  });
  const bad = parseConfig(text('ETH', 'gamma'), {});
  expect(bad.kind === 'invalid' && bad.faults.map(({ path }) => path)).toEqual([
    'hedge.holdings.0.instruments.0.venue',
    'hedge.holdings.0.instruments.0.symbol',
  ]);
});

describe('a cheap perpetual at a venue that weakens', () => {
  const legs = [eth, hedgeLeg('hedge:BTC', alpha), hedgeLeg('hedge:BTC:2', beta)];
  /** Shorts are paid most at beta. Half a bitcoin is 25 000 USD. */
  const targets = (state: VenueState, held: readonly number[] = []) =>
    decided(
      legs,
      { alpha: 0, beta: 0.001 },
      {
        held,
        venue: (seen) => (seen.id === beta ? { ...seen, health: { ...seen.health, state } } : seen),
      },
    ).explanation?.legs.map((leg) => Math.round(Math.abs(leg.targetUsd)));

  test('is the choice while the venue is sound', () => {
    expect(targets('healthy')?.slice(1)).toEqual([0, 25_000]);
  });

  test.each(['exit', 'restrict', 'unknown'] as const)(
    'at %s leaves the whole hedge to the other',
    (state) => {
      expect(targets(state)?.slice(1)).toEqual([25_000, 0]);
    },
  );

  test('is kept where it is held and the venue only takes nothing new', () => {
    const [, atAlpha, atBeta] = targets('restrict', [0, 0, -20_000]) ?? [];
    expect([atAlpha, atBeta]).toEqual([0, 20_000]);
  });
});

describe('a held perpetual that cannot be judged any more', () => {
  const legs = [eth, hedgeLeg('hedge:BTC', alpha), hedgeLeg('hedge:BTC:2', beta)];
  const held = [0, 0, -20_000];
  const rates = { alpha: 0.001, beta: 0 };
  const none = market.map(() => null);
  /** Half a bitcoin is 25 000 USD; 20 000 of it are hedged at beta. */
  const targets = (decision: ReturnType<typeof decided>) =>
    decision.explanation?.legs.slice(1).map((leg) => Math.round(Math.abs(leg.targetUsd)));
  const isAtBeta = (instrument: string) => instrument.startsWith('beta');

  test('without returns keeps what it has, and the other hedges the rest only', () => {
    const returnsByLeg = [walshReturns(3, 0.6), short, none];
    expect(targets(decided(legs, rates, { held }, { returnsByLeg }))).toEqual([5_000, 20_000]);
  });

  test('with a quote that is too old keeps what it has as well', () => {
    const observation = (seen: InstrumentObservation): InstrumentObservation =>
      isAtBeta(seen.instrument.id) && seen.quote.kind === 'observed'
        ? { ...seen, quote: observed(seen.quote.value, nowMs - 86_400_000) }
        : seen;
    expect(targets(decided(legs, {}, { held, observation }))).toEqual([5_000, 20_000]);
  });

  test('is no hedge of anything at a venue that is to be left', () => {
    const returnsByLeg = [walshReturns(3, 0.6), short, none];
    const venue: Scene['venue'] = (seen) =>
      seen.id === beta ? { ...seen, health: { ...seen.health, state: 'exit' } } : seen;
    expect(targets(decided(legs, rates, { held, venue }, { returnsByLeg }))).toEqual([25_000, 0]);
  });
});

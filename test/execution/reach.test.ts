/**
 * How far each instrument moves, and that the account which the plan leaves is one that the checks allow.
 *
 * Closed forms on one or two legs; then a property through `decide`: books that stand anywhere inside and outside their bands are
 * never refused for a limit that sizing has kept.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimal, toNumber } from '../../src/domain/decimal.ts';
import { instrumentId } from '../../src/domain/ids.ts';
import type { Leg } from '../../src/domain/leg.ts';
import { observed } from '../../src/domain/observed.ts';
import type { InstrumentObservation } from '../../src/domain/snapshot.ts';
import { drifts } from '../../src/execution/drift.ts';
import type { BandGuard } from '../../src/execution/reach.ts';
import { readBook } from '../../src/parity/sizing/book.ts';
import { netTargets } from '../../src/parity/sizing/netting.ts';
import { decide } from '../../src/rebalance/decide.ts';
import { alpha, carryLeg, lendingLeg, perpetualLeg } from '../rebalance/legsGiven.ts';
import { policyOf } from '../rebalance/policyGiven.ts';
import { nowMs, quoteOf, type Scene, snapshotOf } from '../rebalance/snapshotWorld.ts';

const btc = perpetualLeg('btc', 'BTC/USDT:USDT');
const sol = perpetualLeg('sol', 'SOL/USDT:USDT');
const eth = perpetualLeg('eth', 'ETH/USDT:USDT');

/** A taker's fee of 10 bps and a spread of 10: 15 bps of what is traded. */
const costly = (seen: InstrumentObservation): InstrumentObservation => {
  const { symbol } = seen.instrument;
  const { mark } = quoteOf(symbol);
  return {
    ...seen,
    instrument: { ...seen.instrument, takerFeeRate: 0.001 },
    quote: observed(quoteOf(symbol, { bid: mark * 0.9995, ask: mark * 1.0005 }), nowMs),
  };
};

function moved(
  legs: readonly Leg[],
  usd: readonly number[],
  scene: Scene,
  guard: BandGuard = () => [],
) {
  const sizing = { tradeTo: 'edge', targetVolatilityAnnual: 0.2, driftBandShare: 0.01 } as const;
  const policy = policyOf(legs, { sizing });
  const reading = readBook(snapshotOf(policy, { observation: costly, ...scene }), policy);
  if (reading.kind !== 'book') throw new Error(reading.reason);
  const rows = drifts(reading.book, netTargets(reading.book, usd), guard);
  return Object.fromEntries(
    rows.map((row) => [
      row.held.instrument.symbol,
      row.withheld ?? toNumber(row.target.positionBase) + toNumber(row.deltaBase),
    ]),
  );
}

describe('to the edge', () => {
  // (1.5 · 15 bps · 20 000 ÷ 50 000)^⅓ = 0.0965 of 50 000: 1 BTC.
  const share = Math.cbrt((1.5 * 0.0015 * 20_000) / 50_000);
  const at = (positionBase: string, guard?: BandGuard) =>
    moved([btc], [50_000], { positions: { 'BTC/USDT:USDT': positionBase } }, guard)[
      'BTC/USDT:USDT'
    ];

  test('what is beyond the edge comes to it, from above and from below, and is never carried past it', () => {
    // Lots round towards the position.
    expect(at('1.300')).toBe(Math.ceil((1 + share) * 1000) / 1000);
    expect(at('0.700')).toBe(Math.floor((1 - share) * 1000) / 1000);
  });

  test('what is inside it stays, although a cheaper trade would have been sent', () => {
    expect(at('1.090')).toBe('band');
    expect(at('0.910')).toBe('band');
  });

  test('a band protects no breached cap, and what is new opens at its target', () => {
    expect(at('1.090', () => [true])).toBe(1);
    expect(at('1.300', () => [true])).toBe(1);
    expect(at('0.700', () => [true])).toBe(Math.floor((1 - share) * 1000) / 1000);
    expect(at('0')).toBe(1);
    expect(at('-0.5')).toBe(1);
  });

  test('halves of a pair go to their targets together', () => {
    const positions = { 'ETH/USDT': '3', 'ETH/USDT:USDT': '-3' };
    expect(moved([carryLeg], [5_000], { positions })).toMatchObject({
      'ETH/USDT': 2,
      'ETH/USDT:USDT': -2,
    });
    // Inside the edge that one alone would have: (1.5 · 15 bps · 20 000 ÷ 5 000)^⅓ is a fifth.
    const nearer = { 'ETH/USDT': '2.2', 'ETH/USDT:USDT': '-2.2' };
    expect(moved([carryLeg], [5_000], { positions: nearer })).toMatchObject({
      'ETH/USDT': 2,
      'ETH/USDT:USDT': -2,
    });
  });
});

describe('the account after the plan', () => {
  test('a leg inside its band comes down where another’s growth would break the stressed-margin rule', () => {
    // 1 ÷ (0.4 + 0.003) of the equity in all, half of it each: 124 069.
    const policy = policyOf([btc, sol], {
      sizing: { targetVolatilityAnnual: 2, stressPerpetualShare: 0.4, grossLeverageMax: 10 },
    });
    const snapshot = snapshotOf(policy, {
      volatilities: [0.5, 0.5],
      positions: { 'BTC/USDT:USDT': '2.6', 'SOL/USDT:USDT': '1000' },
      held: [130_000, 100_000],
    });
    const decision = decide(snapshot, policy);
    expect(decision.denials).toEqual([]);
    if (decision.kind !== 'trade') throw new Error(decision.kind);
    expect(decision.orders.map(({ action, symbol }) => `${action} ${symbol}`)).toEqual([
      'sell BTC/USDT:USDT',
      'buy SOL/USDT:USDT',
    ]);
  });

  test('the guard is asked about the account as moved: a band holds where the others’ moves cure the breach', () => {
    const asked: number[][] = [];
    const guard: BandGuard = (usd, quantities) => {
      asked.push([...usd, quantities.get(instrumentId(alpha, 'BTC/USDT:USDT')) ?? 0]);
      return [];
    };
    moved(
      [btc, sol],
      [50_000, 10_000],
      {
        positions: { 'BTC/USDT:USDT': '1.02', 'SOL/USDT:USDT': '0' },
        held: [51_000, 0],
      },
      guard,
    );
    expect(asked).toEqual([[51_000, 10_000, 1.02]]);
  });

  test('nothing that sizing has kept within is refused by the checks', () => {
    const legs = [btc, sol, eth, lendingLeg];
    const around = fc.double({ min: 0.7, max: 1.3, noNaN: true });
    const scenes = fc.record({
      drift: fc.tuple(around, around, around, around),
      targetVolatilityAnnual: fc.double({ min: 0.1, max: 3, noNaN: true }),
      grossLeverageMax: fc.double({ min: 0.5, max: 5, noNaN: true }),
      stressPerpetualShare: fc.double({ min: 0.1, max: 0.6, noNaN: true }),
      tradeTo: fc.constantFrom('target' as const, 'edge' as const),
      whenCapped: fc.constantFrom('parity' as const, 'exposure' as const),
    });
    const volatilities = [0.5, 1, 0.8, 0.05];
    const limits = ['STRESSED_MARGIN', 'GROSS_LEVERAGE', 'CONCENTRATION', 'INITIAL_MARGIN'];
    let traded = 0;
    fc.assert(
      fc.property(scenes, ({ drift, ...sizing }) => {
        const policy = policyOf(legs, { sizing: { ...sizing, usableEquityShare: 0.95 } });
        const flat = decide(snapshotOf(policy, { volatilities, observation: costly }), policy);
        const wanted = flat.explanation?.legs.map((leg) => Math.abs(leg.targetUsd)) ?? [];
        const held = wanted.map((usd, index) => usd * (drift[index] ?? 1));
        const [btcUsd = 0, solUsd = 0, ethUsd = 0, lentUsd = 0] = held;
        const lent = Math.min(lentUsd, 60_000);
        const positions = {
          'BTC/USDT:USDT': decimal((btcUsd / 50_000).toFixed(3)),
          'SOL/USDT:USDT': decimal((solUsd / 100).toFixed(1)),
          'ETH/USDT:USDT': decimal((ethUsd / 2_500).toFixed(2)),
          'earn:USDC': decimal(lent.toFixed(2)),
        };
        const scene = { volatilities, observation: costly, positions };
        const decision = decide(
          snapshotOf(policy, { ...scene, held: [btcUsd, solUsd, ethUsd, lent] }),
          policy,
        );
        if (decision.kind === 'trade') traded += 1;
        const refused = decision.denials.filter(({ code }) => limits.includes(code));
        expect(refused).toEqual([]);
      }),
      { seed: 20261122, numRuns: 150 },
    );
    expect(traded).toBeGreaterThan(100);
  });
});

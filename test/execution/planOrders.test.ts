/**
 * The plan: from targets and positions to orders.
 *
 * Laws rather than snapshots of output: bands and lots, reductions first, pairs of equal halves, slices within their limit, what
 * is lent is bought before. Properties: nothing overshoots its target, quantities are on the lot and above the least order.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  absolute,
  add,
  compare,
  type DecimalText,
  decimal,
  subtract,
  toStep,
  zero,
} from '../../src/domain/decimal.ts';
import { instrumentId } from '../../src/domain/ids.ts';
import type { Leg } from '../../src/domain/leg.ts';
import { type MarketSignals, notOffered } from '../../src/domain/marketSignals.ts';
import { observed } from '../../src/domain/observed.ts';
import type { PlannedOrder } from '../../src/domain/order.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { type Plan, planOrders } from '../../src/execution/planOrders.ts';
import { type Book, readBook } from '../../src/parity/sizing/book.ts';
import { netTargets } from '../../src/parity/sizing/netting.ts';
import {
  alpha,
  carryLeg,
  lendingLeg,
  nowMs,
  perpetualLeg,
  policyOf,
  type Scene,
  snapshotOf,
  stableLeg,
} from '../rebalance/snapshotWorld.ts';

const btc = perpetualLeg('btc', 'BTC/USDT:USDT');
const btcShort = perpetualLeg('btc-short', 'BTC/USDT:USDT', 'short');
const eth = perpetualLeg('eth', 'ETH/USDT:USDT');

function plan(
  policy: Policy,
  notionalsUsd: readonly number[],
  scene: Scene = {},
  breached: readonly boolean[] = [],
): { readonly book: Book; readonly plan: Plan } {
  const reading = readBook(snapshotOf(policy, scene), policy);
  if (reading.kind !== 'book') throw new Error(reading.reason);
  const targets = netTargets(reading.book, notionalsUsd);
  return { book: reading.book, plan: planOrders(reading.book, targets, () => breached) };
}

const brief = ({ orders }: Plan) =>
  orders.map(({ symbol, action, quantityBase, stage, reduceOnly, risk }) => ({
    symbol,
    action,
    quantityBase,
    stage,
    reduceOnly,
    risk,
  }));

const signed = (order: PlannedOrder): DecimalText =>
  order.action === 'buy' || order.action === 'subscribe'
    ? order.quantityBase
    : subtract(zero, order.quantityBase);

describe('bands and lots', () => {
  const at = (positionBase: string, usd: number, breached = false) =>
    plan(policyOf([btc]), [usd], { positions: { 'BTC/USDT:USDT': positionBase } }, [breached]).plan;
  const withheldOf = (made: Plan) => made.withheld.get(instrumentId(alpha, 'ETH/USDT:USDT'));
  const withheld = (made: Plan) => made.withheld.get(instrumentId(alpha, 'BTC/USDT:USDT'));

  test('within the band nothing is sent, beyond it the whole drift is', () => {
    expect(withheld(at('0.091', 5_000))).toBe('band');
    expect(brief(at('0.089', 5_000))).toMatchObject([{ action: 'buy', quantityBase: '0.011' }]);
  });

  test('a band protects no target of zero', () => {
    expect(brief(at('0.001', 0))).toMatchObject([
      { action: 'sell', quantityBase: '0.001', reduceOnly: true, risk: 'reduces', stage: 0 },
    ]);
  });

  test('a band protects no breached cap, but only downwards', () => {
    expect(brief(at('0.105', 5_000, true))).toMatchObject([
      { action: 'sell', quantityBase: '0.005' },
    ]);
    expect(withheld(at('0.095', 5_000, true))).toBe('band');
  });

  test('less than a lot, and less than the least order, are withheld', () => {
    expect(at('0', 40).orders).toEqual([]);
    const policy = policyOf([eth], { sizing: { driftBandShare: 0 } });
    const small = plan(policy, [2_500 * 0.011], { positions: { 'ETH/USDT:USDT': '0.009' } });
    expect(small.plan.withheld.get(instrumentId(alpha, 'ETH/USDT:USDT'))).toBe('lot');
    const usde = plan(policyOf([stableLeg]), [4.9]);
    expect(usde.plan.withheld.get(instrumentId(alpha, 'USDE/USDT'))).toBe('minimum');
    expect(plan(policyOf([stableLeg]), [5]).plan.orders).toHaveLength(1);
  });

  test('a reduction of less than the least order goes where the venue takes it', () => {
    const policy = policyOf([eth], { sizing: { driftBandShare: 0 } });
    // 0.001 of a lot ten times finer is worth 2.5 of at least 5.
    const at = (usd: number, reducesBelowMinimum: boolean) =>
      plan(policy, [usd], {
        positions: { 'ETH/USDT:USDT': '1' },
        observation: (seen) => ({
          ...seen,
          instrument: {
            ...seen.instrument,
            quantityStepBase: decimal('0.001'),
            quantityMinBase: decimal('0.001'),
            reducesBelowMinimum,
          },
        }),
      }).plan;
    expect(brief(at(2_497.5, true))).toMatchObject([
      { action: 'sell', quantityBase: '0.001', reduceOnly: true },
    ]);
    expect(withheldOf(at(2_497.5, false))).toBe('minimum');
    expect(withheldOf(at(2_502.5, true))).toBe('minimum');
  });

  test('what pairing leaves over is sent only if the venue takes it', () => {
    const positions = { 'ETH/USDT': '1.5985', 'ETH/USDT:USDT': '-1.6' };
    const made = plan(policyOf([carryLeg], { sizing: { driftBandShare: 0 } }), [5_000], {
      positions,
    });
    expect(made.plan.orders.map((order) => order.symbol)).toEqual(['ETH/USDT', 'ETH/USDT:USDT']);
  });

  test('coins too few to be sold do not move the perpetual that is within its band', () => {
    const policy = policyOf([eth, carryLeg]);
    const at = (spot: string) =>
      plan(policy, [5_000, 0], {
        positions: { 'ETH/USDT': spot, 'ETH/USDT:USDT': '2.02' },
      }).plan;
    expect(at('0.001').orders).toEqual([]);
    expect(at('0.002').orders.map((order) => order.symbol)).toContain('ETH/USDT');
  });

  test('a pair that opens where another only reduces comes after its last slice', () => {
    const policy = policyOf([eth, carryLeg], { execution: { unhedgedUsdMax: 2_500 } });
    const { orders } = plan(policy, [0, 10_000], { positions: { 'ETH/USDT:USDT': '3' } }).plan;
    const stages = (reduceOnly: boolean) =>
      orders
        .filter((order) => order.symbol === 'ETH/USDT:USDT' && order.reduceOnly === reduceOnly)
        .map((order) => order.stage);
    expect(stages(true)).toEqual([0, 1, 2]);
    expect(stages(false)).toEqual([3, 3]);
    let held = decimal('3');
    for (const order of orders.filter((each) => each.symbol === 'ETH/USDT:USDT')) {
      if (order.reduceOnly) expect(compare(held, order.quantityBase)).toBeGreaterThanOrEqual(0);
      held = add(held, signed(order));
    }
    expect(held).toBe('-4');
  });

  test('through zero: first the part that only reduces, in a stage of its own, then the part that opens', () => {
    const made = plan(policyOf([btcShort]), [5_000], {
      positions: { 'BTC/USDT:USDT': '0.04' },
    }).plan;
    expect(brief(made)).toEqual([
      {
        symbol: 'BTC/USDT:USDT',
        action: 'sell',
        quantityBase: '0.04',
        stage: 0,
        reduceOnly: true,
        risk: 'reduces',
      },
      {
        symbol: 'BTC/USDT:USDT',
        action: 'sell',
        quantityBase: '0.1',
        stage: 1,
        reduceOnly: false,
        risk: 'increases',
      },
    ]);
    expect(made.orders.map((order) => order.slice)).toEqual([0, 1]);
  });

  test('the limit price is the nearer of slippage and collar, on the tick, on the safe side', () => {
    const [buy] = plan(policyOf([btc]), [5_000]).plan.orders;
    expect(buy?.limitPrice).toBe('50125');
    const tight = policyOf([btcShort], { limits: { priceCollarBps: 0.033 } });
    expect(plan(tight, [5_000]).plan.orders[0]?.limitPrice).toBe('49999.9');
  });
});

describe('netting', () => {
  test('a long leg and a carry leg share one perpetual position, each with its part', () => {
    const { book } = plan(policyOf([eth, carryLeg]), [10_000, 4_000]);
    const targets = netTargets(book, [10_000, 4_000]);
    const perpetual = targets.find(
      (each) => each.instrument === instrumentId(alpha, 'ETH/USDT:USDT'),
    );
    expect(perpetual?.targetBase).toBe('2.4');
    expect(perpetual?.parts).toEqual([
      { leg: 'eth', targetBase: 4 },
      { leg: 'eth-carry', targetBase: -1.6 },
    ]);
  });

  test('what netting leaves over is not linked: spot bought against a perpetual that need not move', () => {
    const policy = policyOf([eth, carryLeg]);
    const made = plan(policy, [4_000, 4_000]).plan;
    expect(brief(made)).toMatchObject([{ symbol: 'ETH/USDT', action: 'buy', quantityBase: '1.6' }]);
    expect(made.orders[0]?.pair).toBeNull();
  });
});

describe('pairs', () => {
  const policy = policyOf([carryLeg], { execution: { unhedgedUsdMax: 1_000 } });

  test('halves stand side by side, equal in the lots of both, slice by slice below the unhedged limit', () => {
    const { orders } = plan(policy, [3_333]).plan;
    // 1.33 of a step of 0.01 that both have; at most 0.4 is worth 1000.
    expect(orders.map((order) => order.quantityBase)).toEqual([
      '0.34',
      '0.34',
      '0.33',
      '0.33',
      '0.33',
      '0.33',
      '0.33',
      '0.33',
    ]);
    for (let at = 0; at < orders.length; at += 2) {
      const [spot, perpetual] = orders.slice(at, at + 2);
      expect(spot?.pair).toBe(perpetual?.pair);
      expect(spot?.stage).toBe(perpetual?.stage);
      expect([spot?.action, perpetual?.action]).toEqual(['buy', 'sell']);
      expect([spot?.style, perpetual?.style]).toEqual(['ioc', 'ioc']);
    }
    expect(new Set(orders.map((order) => order.pair)).size).toBe(4);
  });

  test('unwinding both halves reduces risk; half of a pair alone does not', () => {
    const positions = { 'ETH/USDT': '1', 'ETH/USDT:USDT': '-1' };
    const whole = plan(policyOf([carryLeg]), [0], { positions }).plan;
    expect(brief(whole)).toMatchObject([
      { symbol: 'ETH/USDT', action: 'sell', risk: 'reduces', reduceOnly: false },
      { symbol: 'ETH/USDT:USDT', action: 'buy', risk: 'reduces', reduceOnly: true },
    ]);
    // The perpetual leg takes over what the carry leg was short: only the spot half leaves.
    const half = plan(
      policyOf([carryLeg, perpetualLeg('eth-short', 'ETH/USDT:USDT', 'short')]),
      [0, 2_500],
      { positions },
    ).plan;
    expect(brief(half)).toMatchObject([{ symbol: 'ETH/USDT', action: 'sell', risk: 'increases' }]);
  });

  test('where one half has left its band the other moves with it', () => {
    const positions = { 'ETH/USDT': '1.6', 'ETH/USDT:USDT': '-1.9' };
    const made = plan(policyOf([carryLeg]), [5_000], { positions }).plan;
    expect(brief(made).map(({ symbol, quantityBase }) => [symbol, quantityBase])).toEqual([
      ['ETH/USDT', '0.3'],
      ['ETH/USDT', '0.1'],
      ['ETH/USDT:USDT', '0.1'],
    ]);
  });
});

describe('slices', () => {
  test('equal to a lot, none above the limit, each in a stage of its own', () => {
    const { orders } = plan(policyOf([btc], { limits: { orderUsdMax: 3_000 } }), [10_000]).plan;
    expect(orders.map((order) => order.quantityBase)).toEqual(['0.05', '0.05', '0.05', '0.05']);
    expect(orders.map((order) => order.stage)).toEqual([0, 1, 2, 3]);
    expect(orders.map((order) => order.slice)).toEqual([0, 1, 2, 3]);
  });

  test('an increase that needs too many is cut short, a reduction is not', () => {
    const policy = policyOf([btc], { limits: { orderUsdMax: 100 } });
    const total = (made: Plan) => made.orders.reduce((sum, order) => sum + order.notionalUsd, 0);
    expect(total(plan(policy, [10_000]).plan)).toBeCloseTo(20 * 100, 6);
    const positions = { 'BTC/USDT:USDT': '0.2' };
    const out = plan(policy, [0], { positions }).plan;
    expect(total(out)).toBeCloseTo(10_000, 6);
    expect(out.orders).toHaveLength(20);
  });
});

describe('lending', () => {
  const policy = policyOf([lendingLeg]);

  test('what the wallet lacks is bought first, then lent, each in its stage', () => {
    const made = plan(policy, [5_000], { positions: { 'USDC/USDT': '1000' } }).plan;
    expect(brief(made)).toMatchObject([
      { symbol: 'USDC/USDT', action: 'buy', quantityBase: '4000', stage: 0 },
      {
        symbol: 'earn:USDC',
        action: 'subscribe',
        quantityBase: '5000',
        stage: 1,
        risk: 'increases',
      },
    ]);
    expect(made.orders[1]?.limitPrice).toBeNull();
  });

  test('a redemption comes first and its coins are sold by a later decision', () => {
    const out = plan(policy, [0], { positions: { 'earn:USDC': '5000' } }).plan;
    expect(brief(out)).toMatchObject([
      { symbol: 'earn:USDC', action: 'redeem', quantityBase: '5000', risk: 'reduces' },
    ]);
    const later = plan(policy, [0], { positions: { 'USDC/USDT': '5000' } }).plan;
    expect(brief(later)).toMatchObject([
      { symbol: 'USDC/USDT', action: 'sell', quantityBase: '5000' },
    ]);
  });

  test('coins left over within the band stay in the wallet', () => {
    const scene = { positions: { 'USDC/USDT': '400', 'earn:USDC': '5000' } };
    expect(plan(policy, [5_000], scene).plan.orders).toEqual([]);
  });

  test('a fee taken from the coin leaves less to lend', () => {
    const made = plan(policy, [5_000], {
      observation: (seen) => ({ ...seen, instrument: { ...seen.instrument, takerFeeRate: 0.001 } }),
    }).plan;
    expect(brief(made)).toMatchObject([{ quantityBase: '5000' }, { quantityBase: '4995' }]);
  });

  test('the venue’s own cash is lent without buying it', () => {
    const tether: Leg = { ...lendingLeg, coin: 'USDT' };
    expect(brief(plan(policyOf([tether]), [5_000]).plan)).toMatchObject([
      { symbol: 'earn:USDT', action: 'subscribe', quantityBase: '5000' },
    ]);
  });

  test('coins that are observed for the book’s unit only are nobody’s to sell', () => {
    const { book } = plan(policyOf([btc, lendingLeg]), [0, 0]);
    const withoutLending = { ...book, legs: [btc], policy: policyOf([btc]) };
    const symbols = netTargets(withoutLending, [0]).map((target) => target.instrument);
    expect(symbols).toEqual([instrumentId(alpha, 'BTC/USDT:USDT')]);
  });
});

describe('over random books', () => {
  const legs = [btc, btcShort, eth, carryLeg, lendingLeg];
  const usd = fc.double({ min: 0, max: 40_000, noNaN: true });
  const units = (max: number, digits: number, low = -max) =>
    fc.double({ min: low, max, noNaN: true }).map((value) => decimal(value.toFixed(digits)));
  const scenes = fc.record({
    notionals: fc.tuple(usd, usd, usd, usd, usd),
    positions: fc.record({
      'BTC/USDT:USDT': units(1, 3),
      'ETH/USDT:USDT': units(10, 2),
      'ETH/USDT': units(10, 4, 0),
      'earn:USDC': units(20_000, 2, 0),
      'USDC/USDT': units(20_000, 2, 0),
    }),
    orderUsdMax: fc.double({ min: 500, max: 50_000, noNaN: true }),
    unhedgedUsdMax: fc.double({ min: 500, max: 20_000, noNaN: true }),
    driftBandShare: fc.double({ min: 0, max: 0.3, noNaN: true }),
  });

  test('nothing overshoots, all is on the lot and large enough, reductions come first, halves match', () => {
    fc.assert(
      fc.property(
        scenes,
        ({ notionals, positions, orderUsdMax, unhedgedUsdMax, driftBandShare }) => {
          const policy = policyOf(legs, {
            sizing: { driftBandShare },
            limits: { orderUsdMax },
            execution: { unhedgedUsdMax },
          });
          const { book, plan: made } = plan(policy, notionals, { positions });
          const targets = netTargets(book, notionals);
          for (const target of targets) {
            if (target.parts.length === 0) continue;
            const own = made.orders.filter((order) => order.instrument === target.instrument);
            const moved = own.reduce((sum, order) => add(sum, signed(order)), zero);
            const gap = subtract(target.targetBase, target.positionBase);
            expect(compare(absolute(moved), absolute(gap))).toBeLessThanOrEqual(0);
            expect(Math.sign(Number(moved)) * Math.sign(Number(gap))).toBeGreaterThanOrEqual(0);
          }
          for (const order of made.orders) {
            const { instrument } = book.instrumentById.get(order.instrument) ?? {};
            const step = instrument?.quantityStepBase ?? zero;
            expect(toStep(order.quantityBase, step, 'down')).toBe(order.quantityBase);
            expect(
              compare(order.quantityBase, instrument?.quantityMinBase ?? 0),
            ).toBeGreaterThanOrEqual(0);
            if (!order.reduceOnly) {
              expect(order.notionalUsd).toBeGreaterThanOrEqual(instrument?.notionalMinQuote ?? 0);
            }
          }
          const pairs = pairsOf(made.orders);
          for (const halves of pairs.values()) {
            expect(halves).toHaveLength(2);
            expect(halves[0]?.quantityBase).toBe(halves[1]?.quantityBase);
          }
          const stages = made.orders.map((order) => order.stage);
          expect(stages).toEqual(stages.toSorted((a, b) => a - b));
          const firstOpening = made.orders.findIndex(
            (order) => !order.reduceOnly && order.symbol === 'BTC/USDT:USDT',
          );
          const lastReducing = made.orders.findLastIndex(
            (order) => order.reduceOnly && order.symbol === 'BTC/USDT:USDT',
          );
          if (firstOpening >= 0 && lastReducing >= 0)
            expect(lastReducing).toBeLessThan(firstOpening);
        },
      ),
      { seed: 20240603, numRuns: 200 },
    );
  });
});

function pairsOf(orders: readonly PlannedOrder[]): ReadonlyMap<string, readonly PlannedOrder[]> {
  const pairs = new Map<string, PlannedOrder[]>();
  for (const order of orders) {
    if (order.pair !== null) pairs.set(order.pair, [...(pairs.get(order.pair) ?? []), order]);
  }
  return pairs;
}

describe('spread over time', () => {
  const spread = (style: 'twap' | 'participation', scene: Scene = {}) => {
    const policy = policyOf([btc, eth]);
    const execution = {
      ...policy.execution,
      style,
      paceMs: 60_000,
      paceEveryMs: 10_000,
      volumeShareMax: 0.01,
    };
    const positions = { 'ETH/USDT:USDT': '1.8' };
    const made = plan({ ...policy, execution }, [6_000, 0], { positions, ...scene });
    const startMs = made.book.snapshot.observedAtMs;
    return made.plan.orders.map((order) => [
      order.symbol.slice(0, 3),
      order.quantityBase,
      (order.notBeforeMs ?? Number.NaN) - startMs,
      order.style,
    ]);
  };

  test('reductions take the first half of the span and purchases the second, in even slices', () => {
    const made = spread('twap');
    expect(made.map(([coin]) => coin)).toEqual([...Array(6).fill('ETH'), ...Array(6).fill('BTC')]);
    expect(made.map(([, quantity]) => Number(quantity)).slice(6)).toEqual(Array(6).fill(0.02));
    expect(made.map(([, , offsetMs]) => offsetMs)).toEqual(
      Array.from({ length: 12 }, (_, stage) => stage * 5_000),
    );
    expect(new Set(made.map(([, , , style]) => style))).toEqual(new Set(['ioc']));
  });

  test('by the volume of the market where it is known, evenly where it is not', () => {
    expect(spread('participation')).toEqual(spread('twap'));
    // A hundredth of 100 USD a ms in ten seconds is 10,000 USD: more than the whole.
    const known = spread('participation', { snapshot: { signals: signalsOf(8_640_000_000) } });
    expect(known.filter(([coin]) => coin === 'BTC')[0]?.[1]).toBe('0.12');
  });
});

const signalsOf = (volumeDailyQuote: number): MarketSignals => ({
  underlyings: [],
  instruments: ['BTC/USDT:USDT', 'ETH/USDT:USDT'].map((symbol) => ({
    instrument: instrumentId(alpha, symbol),
    book: notOffered,
    openInterestQuote: notOffered,
    traded: observed(
      { volumeDailyQuote, volatilityDaily: 0.03, amihudPerQuote: null, kyleLambda: null },
      nowMs,
    ),
  })),
});

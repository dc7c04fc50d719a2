/**
 * Goal: an order is cut into slices within its limit, and spread over time where the style says so.
 * Method: quantities, stages and moments that can be written down.
 */
import { describe, expect, test } from 'vitest';
import { instrumentId } from '../../src/domain/ids.ts';
import { type MarketSignals, notOffered } from '../../src/domain/marketSignals.ts';
import { observed } from '../../src/domain/observed.ts';
import type { Plan } from '../../src/execution/planOrders.ts';
import { alpha } from '../rebalance/legsGiven.ts';
import { policyOf } from '../rebalance/policyGiven.ts';
import { nowMs, type Scene } from '../rebalance/snapshotWorld.ts';
import { btc, eth, plan } from './plannedGiven.ts';

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

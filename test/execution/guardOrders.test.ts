/**
 * Goal: the guard orders as much as makes the account safe and no more, most margin freed per risk lost first, pairs as one.
 * Method: closed forms of one position; the order of reductions in books made for it. Tried, and seen to fail: ranking by margin
 * freed alone, and closing the halves of a pair as singles.
 */
import { describe, expect, test } from 'vitest';
import { toNumber } from '../../src/domain/decimal.ts';
import { deleverage } from '../../src/execution/deleverage.ts';
import { alpha, carryLeg, lendingLeg, perpetualLeg } from '../rebalance/legsGiven.ts';
import type { Scene } from '../rebalance/snapshotWorld.ts';
import { act, bookOf, brief, btc, distanceAfter, safe, sceneOf, sol } from './guardOrdersGiven.ts';

describe('deleveraging', () => {
  test('one long comes down to where the move that is to be borne is just borne', () => {
    // 20 BTC at 50,000 on 100,000: N(d + r(1 - d)) = E at N = 100,000 / (0.15 + 0.005·0.85).
    const scene = sceneOf([btc], { btc: { 'BTC/USDT:USDT': '20' } });
    const { orders } = act(scene, 'deleverage');
    const keep = 100_000 / (0.15 + 0.005 * 0.85) / 50_000;
    expect(orders.every((order) => order.reduceOnly && order.action === 'sell')).toBe(true);
    const sold = orders.reduce((sum, order) => sum + toNumber(order.quantityBase), 0);
    expect(sold).toBeGreaterThanOrEqual(20 - keep);
    expect(sold).toBeLessThanOrEqual(20 - keep + 0.001 + 1e-9);
    expect(distanceAfter(bookOf(scene), orders)).toBeGreaterThanOrEqual(0.15);
  });

  test('an account that is safe is left alone', () => {
    const scene = sceneOf([btc], { btc: { 'BTC/USDT:USDT': '2' } });
    expect(act(scene, 'deleverage')).toMatchObject({ orders: [], actions: [] });
    expect(act(sceneOf([btc], { btc: { 'BTC/USDT:USDT': '20' } }), 'noIncrease').orders).toEqual(
      [],
    );
  });

  test('lent coins come first: they free margin and lose no risk', () => {
    const scene = sceneOf([btc, lendingLeg], {
      btc: { 'BTC/USDT:USDT': '10' },
      'usdc-earn': { 'earn:USDC': '50000' },
    });
    const { orders } = act(scene, 'deleverage');
    expect(orders[0]).toMatchObject({ action: 'redeem', symbol: 'earn:USDC' });
    expect(orders.filter((order) => order.action !== 'redeem')).toEqual([]);
    expect(distanceAfter(bookOf(scene), orders)).toBeGreaterThanOrEqual(0.15);
  });

  test('coins that take hours to come back free nothing: positions go', () => {
    const scene = sceneOf(
      [btc, lendingLeg],
      { btc: { 'BTC/USDT:USDT': '10' }, 'usdc-earn': { 'earn:USDC': '50000' } },
      {
        observation: (seen) => ({
          ...seen,
          instrument: { ...seen.instrument, redemptionMs: 86_400_000 },
        }),
      },
    );
    const { orders } = act(scene, 'deleverage');
    expect(new Set(orders.map((order) => order.symbol))).toEqual(new Set(['BTC/USDT:USDT']));
  });

  test('of two longs the one that asks for more maintenance goes first', () => {
    const scene = sceneOf(
      [btc, sol],
      { btc: { 'BTC/USDT:USDT': '6' }, sol: { 'SOL/USDT:USDT': '3000' } },
      {
        observation: (seen) => ({
          ...seen,
          instrument: {
            ...seen.instrument,
            tiers: seen.instrument.tiers.map((tier) => ({
              ...tier,
              maintenanceMarginRate: seen.instrument.baseCoin === 'SOL' ? 0.05 : 0.005,
            })),
          },
        }),
      },
    );
    const { orders } = act(scene, 'deleverage');
    expect(orders[0]?.symbol).toBe('SOL/USDT:USDT');
  });

  test('freed ÷ lost falls from one to the next', () => {
    const scene = sceneOf([btc, sol, carryLeg], {
      btc: { 'BTC/USDT:USDT': '10' },
      sol: { 'SOL/USDT:USDT': '4000' },
      'eth-carry': { 'ETH/USDT': '10', 'ETH/USDT:USDT': '-10' },
    });
    const { closings, shortUsd } = deleverage(bookOf(scene), alpha, safe);
    expect(shortUsd).toBe(0);
    // 0.1 of haircut and 0.005 of maintenance against 0.05 of basis: the pair is worth most.
    expect(closings[0]?.unit).toMatchObject({ kind: 'pair', name: 'ETH' });
    const [first, second] = closings;
    expect((first?.freedUsd ?? 0) / (first?.riskLostUsd ?? 1)).toBeGreaterThan(
      (second?.freedUsd ?? 0) / (second?.riskLostUsd ?? 1),
    );
  });

  test('a pair goes as one: equal halves, one stage, one name', () => {
    const scene = sceneOf([btc, carryLeg], {
      btc: { 'BTC/USDT:USDT': '14' },
      'eth-carry': { 'ETH/USDT': '10', 'ETH/USDT:USDT': '-10' },
    });
    const { orders } = act(scene, 'deleverage');
    const halves = orders.filter((order) => order.pair !== null);
    expect(brief(halves)).toEqual(['sell 10 ETH/USDT', 'buy 10 ETH/USDT:USDT']);
    expect(halves[0]?.stage).toBe(halves[1]?.stage);
  });

  test('what hedges the whole is not given up where that brings liquidation nearer', () => {
    // Short SOL against long BTC: a joint fall hurts; closing SOL would make it worse, closing BTC mends it.
    const scene = sceneOf([btc, perpetualLeg('sol', 'SOL/USDT:USDT', 'short')], {
      btc: { 'BTC/USDT:USDT': '14' },
      sol: { 'SOL/USDT:USDT': '-3000' },
    });
    const { orders } = act(scene, 'deleverage');
    expect(orders[0]?.symbol).toBe('BTC/USDT:USDT');
    expect(distanceAfter(bookOf(scene), orders)).toBeGreaterThanOrEqual(0.15);
  });

  test('the worse figure counts: a venue that asks for more has more taken from it', () => {
    const strict = (maintenanceMarginUsd: number): Scene => ({
      venue: (seen) =>
        seen.account.kind === 'observed'
          ? {
              ...seen,
              account: { ...seen.account, value: { ...seen.account.value, maintenanceMarginUsd } },
            }
          : seen,
    });
    const holdings = { btc: { 'BTC/USDT:USDT': '20' } };
    const [lax, hard] = [strict(5_000), strict(50_000)].map((scene) => {
      const { policy, snapshot } = sceneOf([btc], holdings, scene);
      const compared = { ...policy, limits: { ...policy.limits, marginToleranceShare: 0.1 } };
      const { orders } = act({ policy: compared, snapshot }, 'deleverage');
      return orders.reduce((sum, order) => sum + toNumber(order.quantityBase), 0);
    });
    // Ten times the rate: N(0.15 + 0.05·0.85) = E.
    expect(lax).toBeCloseTo(20 - 100_000 / (0.15 + 0.005 * 0.85) / 50_000, 2);
    expect(hard).toBeCloseTo(20 - 100_000 / (0.15 + 0.05 * 0.85) / 50_000, 2);
  });

  test('orders are cut to the limit on one order, and numbered per instrument', () => {
    const { policy, snapshot } = sceneOf([btc], { btc: { 'BTC/USDT:USDT': '20' } });
    const narrow = { ...policy, limits: { ...policy.limits, orderUsdMax: 100_000 } };
    const { orders } = act({ policy: narrow, snapshot }, 'deleverage');
    expect(orders.length).toBeGreaterThan(3);
    expect(orders.every((order) => order.notionalUsd <= 100_000)).toBe(true);
    expect(orders.map((order) => order.slice)).toEqual(orders.map((_, index) => index));
  });
});

describe('flattening', () => {
  test('every position goes, pairs together, all at once; what cannot be liquidated stays', () => {
    const scene = sceneOf([btc, carryLeg, lendingLeg], {
      btc: { 'BTC/USDT:USDT': '1' },
      'eth-carry': { 'ETH/USDT': '4', 'ETH/USDT:USDT': '-4' },
      'usdc-earn': { 'earn:USDC': '1000' },
    });
    const { orders, actions } = act(scene, 'flatten');
    expect(brief(orders).toSorted()).toEqual([
      'buy 4 ETH/USDT:USDT',
      'sell 1 BTC/USDT:USDT',
      'sell 4 ETH/USDT',
    ]);
    expect(new Set(orders.map((order) => order.stage))).toEqual(new Set([0]));
    expect(actions).toMatchObject([{ kind: 'flatten', venue: 'alpha' }]);
  });

  test('a mark that is unknown keeps nothing else in', () => {
    const scene = sceneOf(
      [btc, sol],
      { btc: { 'BTC/USDT:USDT': '1' }, sol: { 'SOL/USDT:USDT': '10' } },
      {
        observation: (seen) =>
          seen.instrument.baseCoin === 'SOL'
            ? { ...seen, quote: { kind: 'unknown', reason: 'no answer' } }
            : seen,
      },
    );
    const { orders, actions } = act(scene, 'flatten');
    expect(brief(orders)).toEqual(['sell 1 BTC/USDT:USDT']);
    expect(actions[0]?.detail).toMatchObject({ unknown: ['alpha|SOL/USDT:USDT'] });
    expect(act(scene, 'deleverage')).toMatchObject({ orders: [], actions: [{ kind: 'blind' }] });
  });
});

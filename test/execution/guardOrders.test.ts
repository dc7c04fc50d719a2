/**
 * What the guard orders: as much as makes the account safe and no more, most margin freed per risk lost first, pairs as one.
 *
 * Closed forms of one position; the order of reductions in books made for it; properties over random books: nothing increases the
 * stressed loss, no order overshoots, pairs stay paired. Tried, and seen to fail: ranking by margin freed alone, and closing the
 * halves of a pair as singles.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DecimalText, decimal, toNumber } from '../../src/domain/decimal.ts';
import { instrumentId, legId } from '../../src/domain/ids.ts';
import type { Leg } from '../../src/domain/leg.ts';
import type { PlannedOrder } from '../../src/domain/order.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { deleverage } from '../../src/execution/deleverage.ts';
import { guardOrders } from '../../src/execution/guardOrders.ts';
import {
  afterOrders,
  coinStress,
  signedQuantity,
  stressedLossUsd,
} from '../../src/execution/orderRisk.ts';
import { liquidationMove } from '../../src/margin/distance.ts';
import type { GuardRung } from '../../src/margin/guard.ts';
import { accountsAt, heldQuantities } from '../../src/parity/sizing/accounts.ts';
import { type Book, readBook } from '../../src/parity/sizing/book.ts';
import {
  alpha,
  carryLeg,
  lendingLeg,
  perpetualLeg,
  policyOf,
  type Scene,
  snapshotOf,
} from '../rebalance/snapshotWorld.ts';

const btc = perpetualLeg('btc', 'BTC/USDT:USDT');
const sol = perpetualLeg('sol', 'SOL/USDT:USDT');
const ethLong = perpetualLeg('eth', 'ETH/USDT:USDT');
const safe = { ratio: 0.5, distanceShare: 0.15 };
const stress = { sizing: { stressPerpetualShare: 0.3, stressBasisShare: 0.05 } };

type Held = Readonly<Record<string, string>>;

/** Legs hold what stands in their name; the venue holds the sums. */
function sceneOf(
  legs: readonly Leg[],
  holdings: Readonly<Record<string, Held>>,
  scene: Scene = {},
) {
  const policy = policyOf(legs, stress);
  const positions: Record<string, string> = {};
  const rows: Snapshot['holdings'][number][] = [];
  for (const [leg, held] of Object.entries(holdings)) {
    for (const [symbol, amount] of Object.entries(held)) {
      positions[symbol] = String(Number(positions[symbol] ?? 0) + Number(amount));
      rows.push({
        instrument: instrumentId(alpha, symbol),
        leg: legId(leg),
        amount: decimal(amount),
      });
    }
  }
  const snapshot = snapshotOf(policy, { positions, snapshot: { holdings: rows }, ...scene });
  return { policy, snapshot };
}

const act = (
  { policy, snapshot }: { readonly policy: Policy; readonly snapshot: Snapshot },
  rung: GuardRung,
) => guardOrders(snapshot, policy, new Map([[alpha, rung]]), safe);

function bookOf({ policy, snapshot }: { policy: Policy; snapshot: Snapshot }): Book {
  const reading = readBook(snapshot, policy);
  if (reading.kind !== 'book') throw new Error(reading.reason);
  return reading.book;
}

const distanceAfter = (book: Book, orders: readonly PlannedOrder[]): number => {
  const after = afterOrders(book, heldQuantities(book), orders);
  const account = accountsAt(book, after)[0]?.account;
  if (account === undefined) throw new Error('the venue is in the book');
  return liquidationMove(account, new Set(['USDT', 'USDC']))?.share ?? 1;
};

const brief = (orders: readonly PlannedOrder[]) =>
  orders.map(({ symbol, action, quantityBase }) => `${action} ${quantityBase} ${symbol}`);

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

describe('a pair that lost a half', () => {
  const broken = { 'eth-carry': { 'ETH/USDT': '10', 'ETH/USDT:USDT': '-4' } };

  test('gets it back where new risk is allowed', () => {
    const { orders, actions } = act(sceneOf([carryLeg], broken), 'calm');
    expect(brief(orders)).toEqual(['sell 6 ETH/USDT:USDT']);
    expect(orders[0]?.reduceOnly).toBe(false);
    expect(actions).toMatchObject([{ kind: 'completeHedge', detail: { unhedgedUsd: 15_000 } }]);
  });

  const forbidden: readonly (readonly [string, Scene, Partial<Policy['limits']>])[] = [
    ['halted', { snapshot: { halt: { halted: true, reason: 'a person' } } }, {}],
    ['on the restricted list', {}, { restricted: ['ETH'] }],
    [
      'at a venue that weakens',
      { venue: (seen) => ({ ...seen, health: { ...seen.health, state: 'restrict' } }) },
      {},
    ],
  ];
  test.each(forbidden)('gives up the other half where it is %s', (_, change, limits) => {
    const { policy, snapshot } = sceneOf([carryLeg], broken);
    const scene = { ...snapshot, ...change.snapshot };
    const venues = scene.venues.map((seen) => change.venue?.(seen) ?? seen);
    const changed = { ...policy, limits: { ...policy.limits, ...limits } };
    const { orders, actions } = act({ policy: changed, snapshot: { ...scene, venues } }, 'calm');
    expect(brief(orders)).toEqual(['sell 6 ETH/USDT']);
    expect(actions).toMatchObject([{ kind: 'unwindHedge' }]);
  });

  test('gives up the other half where the account would not stand its stress with the hedge back', () => {
    const scene = sceneOf([carryLeg, btc], {
      ...broken,
      btc: { 'BTC/USDT:USDT': '8' },
    });
    expect(act(scene, 'noIncrease').actions).toMatchObject([{ kind: 'unwindHedge' }]);
  });

  test('a little uneven, as fees in coins make it, is no loss', () => {
    const even = { 'eth-carry': { 'ETH/USDT': '9.9', 'ETH/USDT:USDT': '-10' } };
    expect(act(sceneOf([carryLeg], even), 'calm').orders).toEqual([]);
  });

  test('a long leg beside it in the same perpetual hides nothing, and keeps what is its own', () => {
    const scene = sceneOf([carryLeg, ethLong], { ...broken, eth: { 'ETH/USDT:USDT': '20' } });
    const { orders, targets } = act(scene, 'calm');
    expect(brief(orders)).toEqual(['sell 6 ETH/USDT:USDT']);
    const perpetual = targets.find((one) => one.instrument.endsWith(':USDT'));
    expect(perpetual?.parts).toEqual([
      { leg: 'eth-carry', targetBase: -10 },
      { leg: 'eth', targetBase: 20 },
    ]);
  });
});

describe('properties', () => {
  const amount = (max: number) => fc.integer({ min: -max, max }).map((value) => String(value / 10));
  const scenes = fc
    .record({
      btc: amount(250),
      sol: amount(60_000),
      eth: amount(3_000),
      spot: fc.integer({ min: 0, max: 2_000 }).map((value) => String(value / 10)),
      lent: fc.integer({ min: 0, max: 50_000 }).map(String),
    })
    .map(({ btc: b, sol: s, eth: e, spot, lent }) =>
      sceneOf([btc, sol, ethLong, carryLeg, lendingLeg], {
        btc: { 'BTC/USDT:USDT': b },
        sol: { 'SOL/USDT:USDT': s },
        eth: { 'ETH/USDT:USDT': e },
        'eth-carry': { 'ETH/USDT': spot, 'ETH/USDT:USDT': String(-Number(spot)) },
        'usdc-earn': { 'earn:USDC': lent },
      }),
    );

  test('nothing increases the stressed loss or overshoots zero, pairs have equal halves, legs sum to the target', () => {
    fc.assert(
      fc.property(scenes, fc.constantFrom<GuardRung>('deleverage', 'flatten'), (scene, rung) => {
        const book = bookOf(scene);
        const { orders, targets } = act(scene, rung);
        const loss = (list: readonly PlannedOrder[]) =>
          stressedLossUsd(
            book,
            coinStress(book),
            alpha,
            afterOrders(book, heldQuantities(book), list),
          );
        expect(loss(orders)).toBeLessThanOrEqual(loss([]) * (1 + 1e-9));
        const changes = new Map<string, number>();
        for (const order of orders) {
          changes.set(
            order.instrument,
            (changes.get(order.instrument) ?? 0) + signedQuantity(order),
          );
        }
        for (const [id, change] of changes) {
          const held = toNumber(
            book.instruments.find((one) => one.instrument.id === id)?.positionBase ??
              ('0' as DecimalText),
          );
          expect(held * change).toBeLessThanOrEqual(0);
          expect(Math.abs(change)).toBeLessThanOrEqual(Math.abs(held) + 1e-9);
        }
        const pairs = new Set(orders.flatMap((order) => order.pair ?? []));
        for (const name of pairs) {
          const net = orders
            .filter((order) => order.pair === name)
            .reduce((sum, order) => sum + signedQuantity(order), 0);
          expect(Math.abs(net)).toBeLessThan(1e-9);
        }
        for (const target of targets) {
          const sum = target.parts.reduce((total, part) => total + part.targetBase, 0);
          expect(sum).toBeCloseTo(toNumber(target.targetBase), 6);
        }
      }),
      { seed: 11, numRuns: 60 },
    );
  });

  test('where anything can be done, the account is safe afterwards', () => {
    fc.assert(
      fc.property(scenes, (scene) => {
        const { closings, shortUsd } = deleverage(bookOf(scene), alpha, safe);
        const { orders } = act(scene, 'deleverage');
        if (shortUsd > 0 || closings.length === 0) return;
        expect(distanceAfter(bookOf(scene), orders)).toBeGreaterThanOrEqual(0.15 - 1e-6);
      }),
      { seed: 12, numRuns: 40 },
    );
  });
});

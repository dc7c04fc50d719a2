/**
 * Closing everything: whatever is held goes, however large it is, in orders that every gate and every venue takes.
 *
 * Method: snapshots with positions far above the largest order; the orders must add up to what is held.
 */
import { describe, expect, test } from 'vitest';
import { compare, type DecimalText, decimal, toNumber } from '../../src/domain/decimal.ts';
import type { PlannedOrder } from '../../src/domain/order.ts';
import { flattenOrders } from '../../src/execution/flattenOrders.ts';
import { carryLeg, lendingLeg, perpetualLeg } from '../rebalance/legsGiven.ts';
import { policyOf } from '../rebalance/policyGiven.ts';
import { snapshotOf } from '../rebalance/snapshotWorld.ts';

const btc = 'BTC/USDT:USDT';
const given = policyOf([perpetualLeg('btc', btc), carryLeg, lendingLeg]);
const policy = { ...given, limits: { ...given.limits, orderUsdMax: 250_000 } };

/** The policy's snapshot with these positions, and the venue's largest order where one is stated. */
function holding(positions: Readonly<Record<string, string>>, mostBase: string | null = null) {
  const snapshot = snapshotOf(policy);
  const instruments = snapshot.instruments.map((one) => ({
    ...one,
    instrument: {
      ...one.instrument,
      quantityMaxBase: mostBase === null ? null : decimal(mostBase),
    },
    positionBase: {
      kind: 'observed' as const,
      value: decimal(positions[one.instrument.symbol] ?? '0'),
      observedAtMs: snapshot.observedAtMs,
    },
  }));
  const spot = instruments.find((one) => one.instrument.symbol === 'ETH/USDT');
  const holdings = spot
    ? [
        {
          instrument: spot.instrument.id,
          leg: carryLeg.id,
          amount: decimal(positions['ETH/USDT'] ?? '0'),
        },
      ]
    : [];
  return { ...snapshot, instruments, holdings };
}

const of = (orders: readonly PlannedOrder[], symbol: string) =>
  orders.filter((order) => order.symbol === symbol);
const sum = (orders: readonly PlannedOrder[]) =>
  orders.reduce((total, order) => total + toNumber(order.quantityBase), 0);

describe('flattenOrders', () => {
  test('slices a position above the largest order, and closes all of it', () => {
    // 500 BTC at 50,000 USD is a hundred times the largest order.
    const { orders } = flattenOrders(holding({ [btc]: '-500' }), policy);
    expect(sum(of(orders, btc))).toBeCloseTo(500, 9);
    expect(of(orders, btc)).toHaveLength(100);
    for (const order of orders) {
      expect(order.action).toBe('buy');
      expect(order.notionalUsd).toBeLessThanOrEqual(policy.limits.orderUsdMax);
    }
    expect(new Set(orders.map((order) => order.slice)).size).toBe(100);
    expect(new Set(orders.map((order) => order.stage)).size).toBe(20);
  });

  test('asks for no more at once than the venue takes', () => {
    const most: DecimalText = decimal('0.4');
    const { orders } = flattenOrders(holding({ [btc]: '3' }, '0.4'), policy);
    expect(orders.every((order) => compare(order.quantityBase, most) <= 0)).toBe(true);
    expect(sum(orders)).toBeCloseTo(3, 9);
  });

  test('slices what is lent, too, and takes perpetuals, coins and loans in this order', () => {
    const large = { [btc]: '20', 'ETH/USDT': '300', 'earn:USDC': '2000000' };
    const { orders } = flattenOrders(holding(large), policy);
    const stages = (symbol: string) => of(orders, symbol).map((order) => order.stage);
    expect(sum(of(orders, 'earn:USDC'))).toBeCloseTo(2_000_000, 6);
    expect(of(orders, 'earn:USDC').every((one) => one.notionalUsd <= 250_000)).toBe(true);
    expect(Math.max(...stages(btc))).toBeLessThan(Math.min(...stages('ETH/USDT')));
    expect(Math.max(...stages('ETH/USDT'))).toBeLessThan(Math.min(...stages('earn:USDC')));
    expect(orders.map((order) => order.stage)).toEqual(
      orders.map((order) => order.stage).toSorted((a, b) => a - b),
    );
  });

  test('leaves out what nobody knows, and names it', () => {
    const snapshot = holding({ [btc]: '1' });
    const [first, ...rest] = snapshot.instruments;
    if (first === undefined) throw new Error('an instrument is there');
    const unknown = { ...first, positionBase: { kind: 'unknown', reason: 'no answer' } as const };
    const found = flattenOrders({ ...snapshot, instruments: [unknown, ...rest] }, policy);
    expect(found.unknown).toEqual([first.instrument.id]);
    expect(of(found.orders, first.instrument.symbol)).toEqual([]);
  });
});

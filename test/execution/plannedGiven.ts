/** A plan from targets in USD and what is held, in the words in which the tests of the plan compare orders. */
import { type DecimalText, subtract, zero } from '../../src/domain/decimal.ts';
import type { PlannedOrder } from '../../src/domain/order.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { type Plan, planOrders } from '../../src/execution/planOrders.ts';
import { type Book, readBook } from '../../src/parity/sizing/book.ts';
import { netTargets } from '../../src/parity/sizing/netting.ts';
import { perpetualLeg } from '../rebalance/legsGiven.ts';
import { type Scene, snapshotOf } from '../rebalance/snapshotWorld.ts';

export const btc = perpetualLeg('btc', 'BTC/USDT:USDT');
export const btcShort = perpetualLeg('btc-short', 'BTC/USDT:USDT', 'short');
export const eth = perpetualLeg('eth', 'ETH/USDT:USDT');

export function plan(
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

export const brief = ({ orders }: Plan) =>
  orders.map(({ symbol, action, quantityBase, stage, reduceOnly, risk }) => ({
    symbol,
    action,
    quantityBase,
    stage,
    reduceOnly,
    risk,
  }));

export const signed = (order: PlannedOrder): DecimalText =>
  order.action === 'buy' || order.action === 'subscribe'
    ? order.quantityBase
    : subtract(zero, order.quantityBase);

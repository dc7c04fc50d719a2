/**
 * Moves between the wallets of one venue that a plan's orders need: what the wallet they are paid from lacks, out of what the
 * other does not need itself.
 *
 * Spot buys and subscriptions are paid in full by the wallet they trade from, perpetuals by their margin at the leverage that is
 * set there. What frees coins counts as nothing: it may not fill.
 */
import {
  add,
  compare,
  type DecimalText,
  decimal,
  minimum,
  multiply,
  subtract,
  toStep,
  zero,
} from '../domain/decimal.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { PlannedOrder } from '../domain/order.ts';

export type WalletMove = {
  readonly coin: string;
  readonly amount: DecimalText;
  readonly from: string;
  readonly to: string;
};

/** What the venue lets be moved, by wallet, of one coin. */
export type FreeByWallet = Readonly<Record<string, DecimalText>>;

/** Venues take no finer amounts of stablecoins; a dust of a coin is not worth a move. */
const amountStep = decimal('0.01');

/** The wallet that an order is paid from, and where the other purse is: `spot` and `swap`, or `funding` and `trading`. */
function walletOf(order: PlannedOrder, instrument: Instrument, free: FreeByWallet): string | null {
  if ('spot' in free && 'swap' in free) return instrument.kind === 'perpetual' ? 'swap' : 'spot';
  if ('funding' in free && 'trading' in free) {
    return order.action === 'subscribe' ? 'funding' : 'trading';
  }
  return null;
}

/** What an order takes of a coin, at its worst price. */
function needOf(order: PlannedOrder, instrument: Instrument, leverage: number) {
  if (order.action === 'subscribe') {
    return { coin: instrument.baseCoin, amount: order.quantityBase };
  }
  const price = order.limitPrice ?? decimal(order.decisionPrice);
  const value = multiply(order.quantityBase, price);
  const feed = multiply(value, 1 + instrument.takerFeeRate);
  if (instrument.kind === 'spot' && order.action === 'buy') {
    return { coin: instrument.quoteCoin, amount: feed };
  }
  if (instrument.kind === 'perpetual' && !order.reduceOnly) {
    const margin = multiply(value, 1 / leverage + instrument.takerFeeRate);
    return { coin: instrument.quoteCoin, amount: margin };
  }
  return null;
}

export type MoveTask = {
  readonly coin: string;
  /** The orders of one venue. */
  readonly orders: readonly { readonly order: PlannedOrder; readonly instrument: Instrument }[];
  readonly free: FreeByWallet;
  /** Margin per perpetual is its notional ÷ this. */
  readonly leverage: number;
  /** The most that the config lets be moved at once, in coins. */
  readonly most: DecimalText;
};

/** @returns the one move of this coin that the orders need; null: none, or the other wallet cannot spare it. */
export function walletMove(task: MoveTask): WalletMove | null {
  const { coin, orders, free, leverage, most } = task;
  const needs = new Map<string, DecimalText>();
  for (const { order, instrument } of orders) {
    const need = needOf(order, instrument, leverage);
    const wallet = walletOf(order, instrument, free);
    if (need === null || wallet === null || need.coin !== coin) continue;
    needs.set(wallet, add(needs.get(wallet) ?? zero, need.amount));
  }
  for (const [to, need] of needs) {
    const lacking = subtract(need, free[to] ?? zero);
    if (compare(lacking, 0) <= 0) continue;
    const other = Object.keys(free).find((wallet) => wallet !== to);
    if (other === undefined) continue;
    const spare = subtract(free[other] ?? zero, needs.get(other) ?? zero);
    const wanted = toStep(lacking, amountStep, 'up');
    const amount = toStep(minimum(minimum(wanted, spare), most), amountStep, 'down');
    if (compare(amount, 0) > 0) return { coin, amount, from: other, to };
  }
  return null;
}

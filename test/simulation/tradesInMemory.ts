/** What trading does to a venue in memory: fills, cancels and executions that nobody ordered. */
import {
  add,
  decimal,
  isZero,
  multiply,
  subtract,
  toNumber,
  toStep,
  zero,
} from '../../src/domain/decimal.ts';
import type { Instrument } from '../../src/domain/instrument.ts';
import type { OrderRecord } from '../../src/domain/order.ts';
import { alpha, instruments } from './instrumentsInMemory.ts';
import type { TrueOrder, VenueState } from './venueStateInMemory.ts';

const bump = (map: Map<string, number>, key: string, by: number): void => {
  map.set(key, Math.round(((map.get(key) ?? 0) + by) * 1e8) / 1e8);
};

/** A trade at a price, in whole: realised gains go to the wallet, as at the venues. */
function trade(state: VenueState, what: Instrument, signed: number, price: number): void {
  if (what.kind === 'spot') {
    bump(state.wallet, what.baseCoin, signed);
    bump(state.wallet, what.quoteCoin, -signed * price);
    return;
  }
  if (what.kind === 'earn') bump(state.wallet, what.baseCoin, -signed);
  const held = state.positions.get(what.symbol) ?? { quantity: 0, cost: 0 };
  const isReducing = held.quantity * signed < 0;
  const closed = isReducing ? Math.min(Math.abs(signed), Math.abs(held.quantity)) : 0;
  const closedSigned = Math.sign(held.quantity) * closed;
  const average = held.quantity === 0 ? 0 : held.cost / held.quantity;
  if (what.kind === 'perpetual') bump(state.wallet, 'USDT', closedSigned * (price - average));
  const opened = signed + closedSigned;
  const quantity = Math.round((held.quantity + signed) * 1e8) / 1e8;
  const cost = held.cost - closedSigned * average + opened * price;
  state.positions.set(what.symbol, { quantity, cost });
}

/** Fills what the market gives of an order; the order then rests, unless it is done. */
export function fill(state: VenueState, order: TrueOrder, nowMs: number): TrueOrder {
  const what = instruments.find((one) => one.id === order.instrument);
  if (what === undefined) throw new Error(`unknown instrument, was ${order.instrument}`);
  const left = subtract(order.quantityBase, order.filledBase);
  const given = multiply(left, state.faults.fillShare);
  const quantityBase = toStep(given, what.quantityStepBase, 'down');
  if (isZero(quantityBase)) return order;
  const price = state.prices.get(what.symbol) ?? 0;
  const isBuying = order.record.action === 'buy' || order.record.action === 'subscribe';
  const quantity = toNumber(quantityBase);
  const isMaker = order.record.timeInForce === 'postOnly';
  const rate = isMaker ? what.makerFeeRate : what.takerFeeRate;
  const isInCoin = state.faults.feesInCoin && what.kind === 'spot' && isBuying;
  const fee = Math.round(quantity * (isInCoin ? 1 : price) * rate * 1e8) / 1e8;
  const feeCoin = isInCoin ? what.baseCoin : 'USDT';
  trade(state, what, isBuying ? quantity : -quantity, price);
  bump(state.wallet, feeCoin, -fee);
  state.fills.push({
    fillId: `f${state.fills.length}`,
    venue: alpha,
    instrument: what.id,
    clientOrderId: order.clientOrderId,
    venueOrderId: order.venueOrderId,
    side: isBuying ? 'buy' : 'sell',
    quantityBase,
    price: decimal(price),
    fee: decimal(fee),
    feeCoin,
    isMaker,
    filledAtMs: nowMs,
  });
  const filledBase = add(order.filledBase, quantityBase);
  const isDone = toNumber(filledBase) === toNumber(order.quantityBase);
  const after: TrueOrder = { ...order, state: isDone ? 'filled' : 'working', filledBase };
  state.orders[state.orders.indexOf(order)] = after;
  return after;
}

export const cancel = (state: VenueState, order: TrueOrder): void => {
  state.orders[state.orders.indexOf(order)] = { ...order, state: 'cancelled' };
};

export const isCovered = (
  state: VenueState,
  { instrument, action, quantityBase }: OrderRecord,
): boolean => {
  const what = instruments.find((one) => one.id === instrument);
  if (!state.faults.feesInCoin || what?.kind !== 'spot' || action !== 'sell') return true;
  return (state.wallet.get(what.baseCoin) ?? 0) >= toNumber(quantityBase);
};

export const isMarketable = (state: VenueState, record: OrderRecord): boolean => {
  if (record.limitPrice === null) return true;
  const price = state.prices.get(record.symbol) ?? 0;
  const limit = toNumber(record.limitPrice);
  return record.action === 'buy' ? limit >= price : limit <= price;
};

/** The venue closes a share of a position by itself, at its mark: an execution that nobody ordered. */
export function forceClose(
  state: VenueState,
  symbol: string,
  { share, by, nowMs }: { share: number; by: 'liquidation' | 'deleveraging'; nowMs: number },
): void {
  const what = instruments.find((one) => one.symbol === symbol);
  const held = state.positions.get(symbol)?.quantity ?? 0;
  if (what === undefined || held === 0) throw new Error(`nothing is held of ${symbol}`);
  const quantityBase = toStep(Math.abs(held) * share, what.quantityStepBase, 'down');
  const price = state.prices.get(symbol) ?? 0;
  trade(state, what, -Math.sign(held) * toNumber(quantityBase), price);
  state.fills.push({
    fillId: `f${state.fills.length}`,
    venue: alpha,
    instrument: what.id,
    clientOrderId: null,
    venueOrderId: `forced${state.fills.length}`,
    side: held > 0 ? 'sell' : 'buy',
    quantityBase,
    price: decimal(price),
    fee: zero,
    feeCoin: 'USDT',
    isMaker: false,
    forcedBy: by,
    filledAtMs: nowMs,
  });
}

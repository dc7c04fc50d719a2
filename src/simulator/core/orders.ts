/**
 * An account's orders: place, amend, cancel.
 *
 * An accepted order first trades against the generated book, then rests if it may. Post-only that would take, fill-or-kill
 * that cannot fill, and what an immediate order leaves are accepted and then cancelled, as Bybit does; so acceptance says
 * nothing about the outcome. Orders of the account never trade with each other: the book is the only counterparty.
 */
import Big from 'big.js';
import type { Category, Quote, SimulatedInstrument } from '../market/market.ts';
import { bandRefusal, gridRefusal, refusalOf } from './admit.ts';
import { availableLevels, levels, touch } from './book.ts';
import { decimalsOf } from './decimals.ts';
import {
  type CancelReason,
  type Order,
  type OrderType,
  type Side,
  type TimeInForce,
  untouched,
} from './entries.ts';
import { linkKey, recordOrder } from './history.ts';
import { findInstrument, quoteNow } from './quotes.ts';
import { type Refusal, refuse } from './refusal.ts';
import { takeFromBook } from './taker.ts';
import { nextId, type Venue } from './venue.ts';

export type OrderRequest = {
  readonly category: Category;
  readonly symbol: string;
  readonly side: Side;
  readonly orderType: OrderType;
  /** Empty for a market order. */
  readonly price: string;
  readonly quantity: string;
  /** True: quantity of a spot market order is in quote coin. */
  readonly quantityInQuote: boolean;
  readonly timeInForce: TimeInForce;
  readonly reduceOnly: boolean;
  readonly orderLinkId: string;
};

/** Accepts an order, matches it, and rests what is left; or says why not. */
export function placeOrder(venue: Venue, request: OrderRequest): Order | Refusal {
  const instrument = findInstrument(venue, request.category, request.symbol);
  if (instrument === undefined)
    return refuse('unknownInstrument', `Not supported symbols: ${request.symbol}`);
  const quote = quoteNow(venue, instrument);
  if (quote === undefined) return refuse('notTrading', `${request.symbol} does not trade now`);
  const order = newOrder(venue, request, instrument, quote);
  const refusal = refusalOf(venue, order, instrument, quote);
  if (refusal !== null) return refusal;
  const { postOnlyTaking } = venue.settings;
  if (postOnlyTaking === 'refused' && wouldTake(order, instrument, quote))
    return refuse('postOnlyWouldTake', 'the post-only order would take');
  const accepted = { ...order, orderId: nextId(venue) };
  recordOrder(venue, 'created', accepted);
  match(venue, accepted, instrument, quote);
  return accepted;
}

function newOrder(
  venue: Venue,
  request: OrderRequest,
  instrument: SimulatedInstrument,
  quote: Quote,
): Order {
  const inQuote = request.quantityInQuote && request.orderType === 'Market';
  return {
    orderId: '',
    orderLinkId: request.orderLinkId,
    category: request.category,
    symbol: request.symbol,
    side: request.side,
    orderType: request.orderType,
    timeInForce: request.orderType === 'Market' ? 'IOC' : request.timeInForce,
    price: request.orderType === 'Market' ? '' : request.price,
    quantity: inQuote ? baseFor(venue, request, instrument, quote) : request.quantity,
    quoteQuantity: inQuote ? request.quantity : '',
    reduceOnly: request.reduceOnly,
    ...untouched(venue.live.nowMs),
  };
}

/** Base quantity that a quote quantity buys or sells at the book, rounded down to the step. */
function baseFor(
  venue: Venue,
  request: OrderRequest,
  instrument: SimulatedInstrument,
  quote: Quote,
): string {
  const other: Side = request.side === 'Buy' ? 'Sell' : 'Buy';
  let budget = Number(request.quantity);
  let base = 0;
  for (const level of availableLevels(venue, quote, instrument, other)) {
    const part = Math.min(Number(level.quantity), budget / Number(level.price));
    base += part;
    budget -= part * Number(level.price);
    if (budget <= 0) break;
  }
  const step = Number(instrument.quantityStep);
  return (Math.floor(base / step) * step).toFixed(decimalsOf(instrument.quantityStep));
}

function match(venue: Venue, order: Order, instrument: SimulatedInstrument, quote: Quote): void {
  const crosses = doesCross(order, instrument, quote);
  if (wouldTake(order, instrument, quote)) {
    cancel(venue, order, 'postOnlyWouldTake');
    return;
  }
  if (crosses && !takeFromBook(venue, order, instrument, quote)) {
    cancel(venue, order, 'noFullFill');
    return;
  }
  if (order.status === 'Filled') return;
  if (order.timeInForce === 'IOC' || order.timeInForce === 'FOK') {
    cancel(venue, order, order.timeInForce === 'FOK' ? 'noFullFill' : 'noImmediateFill');
    return;
  }
  rest(venue, order, instrument, quote);
}

function doesCross(order: Order, instrument: SimulatedInstrument, quote: Quote): boolean {
  if (order.orderType === 'Market') return true;
  const { bid, ask } = touch(quote, instrument);
  return order.side === 'Buy' ? new Big(order.price).gte(ask) : new Big(order.price).lte(bid);
}

/** A post-only order that meets the other side. */
function wouldTake(order: Order, instrument: SimulatedInstrument, quote: Quote): boolean {
  return order.timeInForce === 'PostOnly' && doesCross(order, instrument, quote);
}

function rest(venue: Venue, order: Order, instrument: SimulatedInstrument, quote: Quote): void {
  const same = levels(quote, instrument, order.side).find((l) => new Big(l.price).eq(order.price));
  order.queueAhead = same?.quantity ?? '0';
  venue.live.openOrders[order.orderId] = order;
}

/** Ends an order with a reason; what it filled stays filled. */
export function cancel(venue: Venue, order: Order, reason: CancelReason): void {
  order.status = 'Cancelled';
  order.cancelReason = reason;
  order.updatedMs = venue.live.nowMs;
  delete venue.live.openOrders[order.orderId];
  recordOrder(venue, 'cancelled', order);
}

type OrderKey = {
  readonly category: Category;
  readonly symbol: string;
  readonly orderId: string;
  readonly orderLinkId: string;
};

/** The open order of an id or client id; a refusal tells a finished order from an unknown one. */
export function findOpen(venue: Venue, key: OrderKey): Order | Refusal {
  const id =
    key.orderId !== ''
      ? key.orderId
      : (venue.history.orderLinks.get(linkKey(key.category, key.orderLinkId)) ?? '');
  const open = venue.live.openOrders[id];
  if (open !== undefined && open.category === key.category && open.symbol === key.symbol)
    return open;
  return refuse('orderNotFound', 'order not exists or too late to cancel');
}

/**
 * Changes price or quantity of an open order, which loses its place in the queue.
 */
export function amendOrder(
  venue: Venue,
  order: Order,
  change: { readonly price?: string; readonly quantity?: string },
): Order | Refusal {
  const instrument = findInstrument(venue, order.category, order.symbol);
  const quote = instrument === undefined ? undefined : quoteNow(venue, instrument);
  if (instrument === undefined || quote === undefined)
    return refuse('notTrading', `${order.symbol} does not trade now`);
  const price = change.price ?? order.price;
  const quantity = change.quantity ?? order.quantity;
  const wanted = { ...order, price, quantity };
  if (price === order.price && quantity === order.quantity)
    return refuse('notModified', 'order not modified');
  const refusal = gridRefusal(wanted, instrument) ?? bandRefusal(venue, wanted, instrument, quote);
  if (refusal !== null) return refusal;
  if (new Big(quantity).lte(order.filledQuantity))
    return refuse('badParameter', `quantity not above the filled ${order.filledQuantity}`);
  delete venue.live.openOrders[order.orderId];
  const fresh = { ...wanted, orderId: '', orderLinkId: '' };
  const larger = refusalOf(venue, fresh, instrument, quote);
  if (larger !== null && larger.reason !== 'notionalMin') {
    venue.live.openOrders[order.orderId] = order;
    return larger;
  }
  Object.assign(order, { price, quantity, updatedMs: venue.live.nowMs });
  recordOrder(venue, 'amended', order);
  match(venue, order, instrument, quote);
  return order;
}

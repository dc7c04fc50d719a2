/**
 * Resting orders as the market moves: price first, then time.
 *
 * When the other side of the book passes an order's price, it fills whole at its own price. While it stands at the touch,
 * takers trade through the quantity there in `touchTurnoverMs`: first what was before it, then the order, in parts.
 */
import Big from 'big.js';
import type { Quote, SimulatedInstrument } from '../market/market.ts';
import { levels, touch } from './book.ts';
import { toGrid } from './decimals.ts';
import type { Order } from './entries.ts';
import { fill } from './fill.ts';
import { cancel } from './orders.ts';
import { findInstrument, quoteNow } from './quotes.ts';
import { fillable } from './taker.ts';
import type { Venue } from './venue.ts';

/** Fills what the market reached by now; `elapsedMs` is the time since the last look. */
export function matchResting(venue: Venue, elapsedMs: number): void {
  const groups = new Map<string, Order[]>();
  for (const order of Object.values(venue.live.openOrders)) {
    const key = `${order.category}:${order.symbol}:${order.side}`;
    groups.set(key, [...(groups.get(key) ?? []), order]);
  }
  for (const orders of groups.values()) matchSide(venue, orders, elapsedMs);
  for (const order of Object.values(venue.live.openOrders))
    if (order.reduceOnly && fillable(venue, order).eq(0))
      cancel(venue, order, 'reduceOnlyNothingLeft');
}

/** Orders of one side of one instrument, in time order. */
function matchSide(venue: Venue, orders: Order[], elapsedMs: number): void {
  const first = orders[0];
  if (first === undefined) return;
  const instrument = findInstrument(venue, first.category, first.symbol);
  const quote = instrument === undefined ? undefined : quoteNow(venue, instrument);
  if (instrument === undefined || quote === undefined) return;
  const { bid, ask } = touch(quote, instrument);
  const buys = first.side === 'Buy';
  const best = [...orders].sort((a, b) =>
    buys ? Number(b.price) - Number(a.price) : Number(a.price) - Number(b.price),
  );
  let flow: Big | null = null;
  for (const order of best) {
    const through = buys ? new Big(ask).lte(order.price) : new Big(bid).gte(order.price);
    const atTouch = buys ? new Big(bid).lte(order.price) : new Big(ask).gte(order.price);
    if (through) makerFill(venue, order, instrument, fillable(venue, order));
    else if (atTouch) {
      flow ??= touchFlow(venue, instrument, quote, first, elapsedMs);
      flow = fillFromFlow(venue, order, instrument, flow);
    }
  }
}

/** Base quantity that takers bring to the touch in the elapsed time. */
function touchFlow(
  venue: Venue,
  instrument: SimulatedInstrument,
  quote: Quote,
  order: Order,
  elapsedMs: number,
): Big {
  const level = levels(quote, instrument, order.side, 1)[0];
  const share = elapsedMs / venue.settings.touchTurnoverMs;
  const quantity = Number(level?.quantity ?? 0) * share;
  return new Big(toGrid(quantity, instrument.quantityStep, 'floor'));
}

/** @returns the flow that is left for the orders behind. */
function fillFromFlow(venue: Venue, order: Order, instrument: SimulatedInstrument, flow: Big): Big {
  const ahead = new Big(order.queueAhead);
  const passed = ahead.lt(flow) ? ahead : flow;
  order.queueAhead = ahead.minus(passed).toFixed();
  const reaches = flow.minus(passed);
  const wanted = fillable(venue, order);
  const quantity = wanted.lt(reaches) ? wanted : reaches;
  makerFill(venue, order, instrument, quantity);
  return reaches.minus(quantity);
}

function makerFill(
  venue: Venue,
  order: Order,
  instrument: SimulatedInstrument,
  quantity: Big,
): void {
  if (!quantity.gt(0)) return;
  fill(venue, order, instrument, {
    price: order.price,
    quantity: quantity.toFixed(),
    isMaker: true,
  });
  if (order.status === 'Filled') delete venue.live.openOrders[order.orderId];
}

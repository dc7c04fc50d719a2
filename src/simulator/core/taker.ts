/**
 * An order that crosses takes the generated book level by level, best price first, down to its limit.
 *
 * A market order stops at the price band. A reduce-only order stops at the position's end.
 */
import Big from 'big.js';
import type { Quote, SimulatedInstrument } from '../market/market.ts';
import { availableLevels, type Level, take } from './book.ts';
import { toGrid } from './decimals.ts';
import type { Order, Side } from './entries.ts';
import { fill } from './fill.ts';
import type { Venue } from './venue.ts';

/** @returns false, with nothing done, for a fill-or-kill order that the book cannot fill whole. */
export function takeFromBook(
  venue: Venue,
  order: Order,
  instrument: SimulatedInstrument,
  quote: Quote,
): boolean {
  const other: Side = order.side === 'Buy' ? 'Sell' : 'Buy';
  const reachable = availableLevels(venue, quote, instrument, other).filter((level) =>
    withinLimit(venue, order, quote, level),
  );
  const wanted = fillable(venue, order);
  const there = reachable.reduce((total, level) => total.plus(level.quantity), new Big(0));
  if (order.timeInForce === 'FOK' && there.lt(wanted)) return false;
  let left = injectedLimit(venue, instrument, wanted);
  for (const level of reachable) {
    if (!left.gt(0)) break;
    const quantity = left.lt(level.quantity) ? left : new Big(level.quantity);
    take(venue, instrument, other, quantity.toFixed());
    fill(venue, order, instrument, {
      price: level.price,
      quantity: quantity.toFixed(),
      isMaker: false,
    });
    left = left.minus(quantity);
  }
  return true;
}

/** What an order may still trade: what is left of it and, for reduce-only, of the position. */
export function fillable(venue: Venue, order: Order): Big {
  const left = new Big(order.quantity).minus(order.filledQuantity);
  if (!order.reduceOnly) return left;
  const held = new Big(venue.live.positions[order.symbol]?.quantity ?? 0);
  const reducible = held.gt(0) === (order.side === 'Sell') ? held.abs() : new Big(0);
  return left.lt(reducible) ? left : reducible;
}

function withinLimit(venue: Venue, order: Order, quote: Quote, level: Level): boolean {
  const price = Number(level.price);
  if (order.orderType === 'Market') {
    const share = venue.settings.priceBandShare;
    return order.side === 'Buy'
      ? price <= quote.last * (1 + share)
      : price >= quote.last * (1 - share);
  }
  return order.side === 'Buy'
    ? new Big(level.price).lte(order.price)
    : new Big(level.price).gte(order.price);
}

/** An injected partial fill lets an order have only a share of what it could take. */
function injectedLimit(venue: Venue, instrument: SimulatedInstrument, wanted: Big): Big {
  const fault = venue.live.partialFills;
  if (fault === null) return wanted;
  venue.live.partialFills =
    fault.remaining > 1 ? { share: fault.share, remaining: fault.remaining - 1 } : null;
  return new Big(toGrid(wanted.times(fault.share).toNumber(), instrument.quantityStep, 'floor'));
}

/**
 * What a trade does to a one-way position, exactly.
 *
 * The position keeps the quote cost of what is open. Closing a part takes its share of that cost, rounded to 8 decimals
 * once, and leaves the rest, so that realised profits of many partial closes add up to the whole without drift.
 */
import Big from 'big.js';
import type { Side } from './entries.ts';

export type Traded = {
  /** Signed base quantity after. */
  readonly quantity: string;
  readonly entryValue: string;
  readonly realised: string;
  readonly closed: string;
};

/** @param before signed quantity and the never negative cost of what is open. */
export function trade(
  before: { readonly quantity: string; readonly entryValue: string },
  side: Side,
  price: string,
  quantity: string,
): Traded {
  const held = new Big(before.quantity);
  const signed = new Big(quantity).times(side === 'Buy' ? 1 : -1);
  const after = held.plus(signed);
  const opposite = held.times(signed).lt(0);
  const closed = opposite ? min(held.abs(), signed.abs()) : new Big(0);
  const cost = costOf(held.abs(), closed, before.entryValue);
  const proceeds = closed.times(price);
  const realised = held.gt(0) ? proceeds.minus(cost) : cost.minus(proceeds);
  const opened = signed.abs().minus(closed).times(price);
  return {
    quantity: after.toFixed(),
    entryValue: new Big(before.entryValue).minus(cost).plus(opened).toFixed(),
    realised: closed.eq(0) ? '0' : realised.toFixed(),
    closed: closed.toFixed(),
  };
}

function costOf(held: Big, closed: Big, entryValue: string): Big {
  if (closed.eq(0)) return new Big(0);
  if (closed.eq(held)) return new Big(entryValue);
  return new Big(entryValue).times(closed).div(held).round(8, Big.roundHalfUp);
}

function min(a: Big, b: Big): Big {
  return a.lt(b) ? a : b;
}

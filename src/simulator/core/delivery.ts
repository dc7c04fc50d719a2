/**
 * Delivery of a dated future: at its stamp open orders end and the position is closed at the index, without a fee.
 */
import Big from 'big.js';
import type { SimulatedInstrument } from '../market/market.ts';
import { toGrid } from './decimals.ts';
import { fill } from './fill.ts';
import { closingOrder } from './liquidation.ts';
import { cancel } from './orders.ts';
import { findInstrument, quoteNow } from './quotes.ts';
import type { Venue } from './venue.ts';

/** First delivery after a time, over the contracts that are held or have orders; null where there is none. */
export function nextDeliveryMs(venue: Venue, afterMs: number): number | null {
  const stamps = touched(venue).flatMap(({ deliveryMs }) =>
    deliveryMs !== undefined && deliveryMs > afterMs ? [deliveryMs] : [],
  );
  return stamps.length === 0 ? null : Math.min(...stamps);
}

/** Settles what is delivered exactly now. */
export function settleDeliveries(venue: Venue): void {
  for (const instrument of touched(venue)) {
    if (instrument.deliveryMs !== venue.live.nowMs) continue;
    for (const order of Object.values(venue.live.openOrders))
      if (order.symbol === instrument.symbol && order.category === 'linear')
        cancel(venue, order, 'delivered');
    deliver(venue, instrument);
  }
}

function deliver(venue: Venue, instrument: SimulatedInstrument): void {
  const held = new Big(venue.live.positions[instrument.symbol]?.quantity ?? 0);
  const index = quoteNow(venue, instrument)?.index ?? venue.live.lastMarks[instrument.symbol];
  if (held.eq(0) || index === undefined) return;
  fill(
    venue,
    closingOrder(venue, instrument),
    { ...instrument, takerFeeRate: '0' },
    {
      price: toGrid(index, instrument.tickSize, 'nearest'),
      quantity: held.abs().toFixed(),
      isMaker: false,
      execType: 'Delivery',
    },
  );
}

function touched(venue: Venue): readonly SimulatedInstrument[] {
  const symbols = new Set(
    Object.entries(venue.live.positions).flatMap(([symbol, position]) =>
      new Big(position.quantity).eq(0) ? [] : [symbol],
    ),
  );
  for (const order of Object.values(venue.live.openOrders))
    if (order.category === 'linear') symbols.add(order.symbol);
  return [...symbols].flatMap((symbol) => findInstrument(venue, 'linear', symbol) ?? []);
}

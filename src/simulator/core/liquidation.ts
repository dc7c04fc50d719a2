/**
 * Liquidation: when maintenance margin reaches the margin balance, orders are cancelled, then positions are closed at
 * market whatever the book gives. Auto-deleveraging closes a share of one position at the mark, without a fee.
 */
import Big from 'big.js';
import type { SimulatedInstrument } from '../market/market.ts';
import { summarize } from './account.ts';
import { availableLevels } from './book.ts';
import { toGrid } from './decimals.ts';
import { type Order, type Side, untouched } from './entries.ts';
import { fill } from './fill.ts';
import { record, recordOrder } from './history.ts';
import { cancel } from './orders.ts';
import { findInstrument, markNow, quoteNow } from './quotes.ts';
import { nextId, type Venue } from './venue.ts';

/** Liquidates the account if it has to be; a no-op otherwise. */
export function checkLiquidation(venue: Venue): void {
  if (!Object.values(venue.live.positions).some((p) => !new Big(p.quantity).eq(0))) return;
  const account = summarize(venue);
  if (account.maintenanceMarginUsd <= 0) return;
  if (account.maintenanceMarginUsd < account.marginBalanceUsd) return;
  const held = account.contracts.filter((c) => c.quantity !== 0);
  record(venue, {
    kind: 'liquidation',
    equityUsd: account.marginBalanceUsd,
    maintenanceMarginUsd: account.maintenanceMarginUsd,
    positions: held.map((c) => ({
      symbol: c.instrument.symbol,
      quantity: venue.live.positions[c.instrument.symbol]?.quantity ?? '0',
      markPrice: String(c.mark),
    })),
  });
  for (const order of Object.values(venue.live.openOrders)) cancel(venue, order, 'liquidation');
  for (const contract of held) bust(venue, contract.instrument);
}

function bust(venue: Venue, instrument: SimulatedInstrument): void {
  const order = closingOrder(venue, instrument);
  const quote = quoteNow(venue, instrument);
  const mark = toGrid(markNow(venue, instrument), instrument.tickSize, 'nearest');
  const other: Side = order.side === 'Buy' ? 'Sell' : 'Buy';
  const book = quote === undefined ? [] : availableLevels(venue, quote, instrument, other);
  let left = new Big(order.quantity);
  let last = mark;
  for (const level of book) {
    if (!left.gt(0)) break;
    const quantity = left.lt(level.quantity) ? left : new Big(level.quantity);
    fill(venue, order, instrument, {
      price: level.price,
      quantity: quantity.toFixed(),
      isMaker: false,
      execType: 'BustTrade',
    });
    left = left.minus(quantity);
    last = level.price;
  }
  if (left.gt(0))
    fill(venue, order, instrument, {
      price: last,
      quantity: left.toFixed(),
      isMaker: false,
      execType: 'BustTrade',
    });
}

/** Auto-deleveraging: a counterparty's bankruptcy takes a share of the position at the mark. */
export function deleverage(venue: Venue, symbol: string, share: number): void {
  const instrument = findInstrument(venue, 'linear', symbol);
  const held = new Big(venue.live.positions[symbol]?.quantity ?? 0);
  if (instrument === undefined || held.eq(0)) return;
  const part = toGrid(held.abs().times(share).toNumber(), instrument.quantityStep, 'ceil');
  const quantity = new Big(part).gt(held.abs()) ? held.abs().toFixed() : part;
  const order = closingOrder(venue, instrument, quantity);
  fill(
    venue,
    order,
    { ...instrument, takerFeeRate: '0' },
    {
      price: toGrid(markNow(venue, instrument), instrument.tickSize, 'nearest'),
      quantity,
      isMaker: false,
      execType: 'AdlTrade',
    },
  );
}

/** The venue's own reduce-only market order over a position or a part of it. */
export function closingOrder(
  venue: Venue,
  instrument: SimulatedInstrument,
  quantity?: string,
): Order {
  const held = new Big(venue.live.positions[instrument.symbol]?.quantity ?? 0);
  const order: Order = {
    orderId: nextId(venue),
    orderLinkId: '',
    category: 'linear',
    symbol: instrument.symbol,
    side: held.gt(0) ? 'Sell' : 'Buy',
    orderType: 'Market',
    timeInForce: 'IOC',
    price: '',
    quantity: quantity ?? held.abs().toFixed(),
    quoteQuantity: '',
    reduceOnly: true,
    ...untouched(venue.live.nowMs),
  };
  recordOrder(venue, 'created', order);
  return order;
}

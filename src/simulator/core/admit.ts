/**
 * What a venue checks before it accepts an order: grid, limits, band, reduce-only, risk tier, and money.
 *
 * Every rule names itself; the first that fails is the answer.
 */
import Big from 'big.js';
import { tierAt } from '../../margin/tier.ts';
import type { Quote, SimulatedInstrument } from '../market/market.ts';
import { canLose, summarize } from './account.ts';
import { isDecimal, isOnGrid } from './decimals.ts';
import type { Order } from './entries.ts';
import { linkKey } from './history.ts';
import { usdIndexNow } from './quotes.ts';
import { type Refusal, refuse } from './refusal.ts';
import { spotCollateralRatio, spotFree } from './spotWallet.ts';
import type { Venue } from './venue.ts';

/** null: the order may be accepted. `order` is complete, nothing of it filled yet. */
export function refusalOf(
  venue: Venue,
  order: Order,
  instrument: SimulatedInstrument,
  quote: Quote,
): Refusal | null {
  return (
    identityRefusal(venue, order) ??
    gridRefusal(order, instrument) ??
    bandRefusal(venue, order, instrument, quote) ??
    notionalRefusal(order, instrument, quote) ??
    reduceOnlyRefusal(venue, order) ??
    (order.category === 'linear'
      ? marginRefusal(venue, order, instrument, quote)
      : spotRefusal(venue, order, instrument, quote))
  );
}

function identityRefusal(venue: Venue, order: Order): Refusal | null {
  const link = order.orderLinkId;
  const { clientIdPattern, clientIdReuse } = venue.settings;
  if (link !== '' && !new RegExp(clientIdPattern).test(link))
    return refuse('clientId', `orderLinkId must be as ${clientIdPattern}, was ${link}`);
  const known = venue.history.orderLinks.get(linkKey(order.category, link));
  const isTaken =
    known !== undefined && (clientIdReuse === 'never' || known in venue.live.openOrders);
  if (link !== '' && isTaken)
    return refuse('duplicateClientId', `OrderLinkedID is duplicate: ${link}`);
  const open = Object.keys(venue.live.openOrders).length;
  if (open >= venue.settings.openOrdersMax)
    return refuse('tooManyOrders', `more than ${venue.settings.openOrdersMax} active orders`);
  return null;
}

/** Quantity and price on their grids and within their limits. */
export function gridRefusal(
  order: { readonly quantity: string; readonly price: string; readonly orderType: string },
  instrument: SimulatedInstrument,
): Refusal | null {
  const { quantity, price } = order;
  if (!isDecimal(quantity) || !new Big(quantity).gt(0))
    return refuse('quantityMin', `Qty invalid: ${quantity}`);
  if (!isOnGrid(quantity, instrument.quantityStep))
    return refuse('quantityStep', `Qty ${quantity} is no multiple of ${instrument.quantityStep}`);
  if (new Big(quantity).lt(instrument.quantityMin))
    return refuse('quantityMin', `Qty ${quantity} below ${instrument.quantityMin}`);
  if (new Big(quantity).gt(instrument.quantityMax))
    return refuse('quantityMax', `Qty ${quantity} above ${instrument.quantityMax}`);
  if (order.orderType === 'Market') return null;
  if (!isDecimal(price) || !new Big(price).gt(0) || !isOnGrid(price, instrument.tickSize))
    return refuse('priceTick', `Price ${price} is no multiple of ${instrument.tickSize}`);
  return null;
}

export function bandRefusal(
  venue: Venue,
  order: Order,
  instrument: SimulatedInstrument,
  quote: Quote,
): Refusal | null {
  if (order.orderType === 'Market') return null;
  const reference = instrument.category === 'linear' ? quote.mark : quote.last;
  const { priceBandShare } = venue.settings;
  const high = reference * (1 + priceBandShare);
  const low = reference * (1 - priceBandShare);
  const price = Number(order.price);
  if (order.side === 'Buy' && price > high)
    return refuse('priceBand', `Buy price ${order.price} above the maximum ${high}`);
  if (order.side === 'Sell' && price < low)
    return refuse('priceBand', `Sell price ${order.price} below the minimum ${low}`);
  return null;
}

function notionalRefusal(
  order: Order,
  instrument: SimulatedInstrument,
  quote: Quote,
): Refusal | null {
  if (order.reduceOnly) return null;
  const price = order.orderType === 'Market' ? quote.last : Number(order.price);
  const notional = Number(order.quantity) * price;
  if (notional < Number(instrument.notionalMin))
    return refuse('notionalMin', `Order value ${notional} below ${instrument.notionalMin}`);
  return null;
}

function reduceOnlyRefusal(venue: Venue, order: Order): Refusal | null {
  if (!order.reduceOnly) return null;
  if (order.category === 'spot') return refuse('badParameter', 'reduceOnly is not for spot');
  const held = new Big(venue.live.positions[order.symbol]?.quantity ?? 0);
  if (held.eq(0))
    return refuse('reduceOnly', 'current position is zero, cannot fix reduce-only order qty');
  if (held.gt(0) === (order.side === 'Buy'))
    return refuse('reduceOnly', 'reduce-only order has same side with current position');
  return null;
}

function marginRefusal(
  venue: Venue,
  order: Order,
  instrument: SimulatedInstrument,
  quote: Quote,
): Refusal | null {
  if (order.reduceOnly) return null;
  const before = summarize(venue);
  const after = summarize(venue, order);
  if (after.initialMarginUsd <= before.initialMarginUsd) return null;
  const contract = after.contracts.find((c) => c.instrument.symbol === order.symbol);
  const notional =
    ((contract?.positionInitial ?? 0) + (contract?.orderInitial ?? 0)) * (contract?.leverage ?? 1);
  const tier = tierAt(notional, instrument.tiers);
  if ((contract?.leverage ?? 1) > tier.leverageMax)
    return refuse('riskLimit', `leverage above ${tier.leverageMax} at a notional of ${notional}`);
  const price = order.orderType === 'Market' ? quote.last : Number(order.price);
  const quantity = Number(order.quantity);
  const worse = Math.max(0, (order.side === 'Buy' ? 1 : -1) * (price - quote.mark)) * quantity;
  const fee = price * quantity * Number(instrument.takerFeeRate);
  const cost = (worse + fee) * usdIndexNow(venue, instrument.quoteCoin);
  if (after.availableUsd < cost)
    return refuse('insufficientBalance', `ab not enough for new order: ${after.availableUsd}`);
  return null;
}

function spotRefusal(
  venue: Venue,
  order: Order,
  instrument: SimulatedInstrument,
  quote: Quote,
): Refusal | null {
  const buys = order.side === 'Buy';
  const pays = buys ? instrument.quoteCoin : instrument.baseCoin;
  const gets = buys ? instrument.baseCoin : instrument.quoteCoin;
  const price = order.orderType === 'Market' ? quote.last : Number(order.price);
  const amount = Number(order.quantity) * (buys ? price : 1);
  const free = spotFree(venue, pays);
  if (free < amount) return refuse('insufficientBalance', `Insufficient balance: ${free} ${pays}`);
  const ratio = (coin: string) => spotCollateralRatio(venue, coin);
  const lost = Math.max(0, ratio(pays) - ratio(gets));
  if (!canLose(venue, amount * usdIndexNow(venue, pays) * lost))
    return refuse('insufficientBalance', 'Insufficient margin after the trade');
  return null;
}

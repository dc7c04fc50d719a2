/**
 * One order out of the form of a create request; a reply instead says what is wrong with it.
 *
 * Triggers and trailing stops are not simulated and are refused rather than ignored.
 */
import type { TimeInForce } from '../core/entries.ts';
import type { OrderRequest } from '../core/orders.ts';
import type { Venue } from '../core/venue.ts';
import { flag, type Parameters, text } from '../http/request.ts';
import type { Category } from '../market/market.ts';
import { failed, missing, type Reply } from './reply.ts';

const times: Readonly<Record<string, TimeInForce>> = {
  GTC: 'GTC',
  IOC: 'IOC',
  FOK: 'FOK',
  GTX: 'PostOnly',
};

const needed: Readonly<Record<string, readonly string[]>> = {
  LIMIT: ['quantity', 'price', 'timeInForce'],
  LIMIT_MAKER: ['quantity', 'price'],
  MARKET: [],
};

export function orderRequestOf(
  venue: Venue,
  category: Category,
  form: Parameters,
): OrderRequest | Reply {
  const side = text(form, 'side');
  const type = text(form, 'type');
  if (text(form, 'symbol') === '') return missing('symbol');
  if (side !== 'BUY' && side !== 'SELL') return failed(-1117, 'Invalid side.');
  const isMaker = category === 'spot' && type === 'LIMIT_MAKER';
  if (type !== 'LIMIT' && type !== 'MARKET' && !isMaker) return badType(category);
  const absent = needed[type]?.find((name) => text(form, name) === '');
  if (absent !== undefined) return missing(absent);
  const timeInForce = isMaker ? 'PostOnly' : times[text(form, 'timeInForce') || 'GTC'];
  if (timeInForce === undefined || (category === 'spot' && text(form, 'timeInForce') === 'GTX'))
    return failed(-1115, 'Invalid timeInForce.');
  const quoteQuantity = category === 'spot' ? text(form, 'quoteOrderQty') : '';
  const quantity = text(form, 'quantity') || quoteQuantity;
  if (quantity === '') return missing('quantity');
  if (category === 'linear' && isOffSide(venue, form))
    return failed(-4061, "Order's position side does not match user's setting.");
  return {
    category,
    symbol: text(form, 'symbol'),
    side: side === 'BUY' ? 'Buy' : 'Sell',
    orderType: type === 'MARKET' ? 'Market' : 'Limit',
    price: type === 'MARKET' ? '' : plain(text(form, 'price')),
    quantity: plain(quantity),
    quantityInQuote: text(form, 'quantity') === '' && quoteQuantity !== '',
    timeInForce,
    reduceOnly: category === 'linear' && flag(form, 'reduceOnly'),
    orderLinkId: text(form, 'newClientOrderId'),
  };
}

function badType(category: Category): Reply {
  return category === 'spot'
    ? failed(-1116, 'Invalid orderType.')
    : failed(
        -4120,
        'Order type not supported for this endpoint. Please use the Algo Order API endpoints instead.',
      );
}

function isOffSide({ live }: Venue, form: Parameters): boolean {
  const side = text(form, 'positionSide') || 'BOTH';
  return (live.positionMode === 'hedge') !== (side !== 'BOTH');
}

/** The venue takes trailing zeros (0.100); the grid counts them out. */
function plain(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}

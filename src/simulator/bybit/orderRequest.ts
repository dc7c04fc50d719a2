/**
 * One order out of the body of a create request; a text instead says what is wrong with it.
 */

import type { TimeInForce } from '../core/entries.ts';
import type { OrderRequest } from '../core/orders.ts';
import { flag, type Parameters, text } from '../http/request.ts';
import type { Category } from '../market/market.ts';

const times: readonly string[] = ['GTC', 'IOC', 'FOK', 'PostOnly'];

function isTimeInForce(value: string): value is TimeInForce {
  return times.includes(value);
}

/** Triggers, take profit and stop loss are not simulated and are refused rather than ignored. */
const unsupported = ['triggerPrice', 'takeProfit', 'stopLoss', 'trailingStop', 'orderIv'];

export function orderRequestOf(category: Category, body: Parameters): OrderRequest | string {
  const side = text(body, 'side');
  const orderType = text(body, 'orderType');
  const timeInForce = text(body, 'timeInForce') || 'GTC';
  if (side !== 'Buy' && side !== 'Sell') return `Side invalid: ${side}`;
  if (orderType !== 'Limit' && orderType !== 'Market') return `OrderType invalid: ${orderType}`;
  if (!isTimeInForce(timeInForce)) return `timeInForce invalid: ${timeInForce}`;
  const extra = unsupported.find((name) => text(body, name) !== '' && text(body, name) !== '0');
  if (extra !== undefined) return `${extra} is not simulated`;
  const unit = text(body, 'marketUnit');
  return {
    category,
    symbol: text(body, 'symbol'),
    side,
    orderType,
    price: orderType === 'Market' ? '' : text(body, 'price'),
    quantity: text(body, 'qty'),
    quantityInQuote:
      category === 'spot' &&
      orderType === 'Market' &&
      (unit === 'quoteCoin' || (unit === '' && side === 'Buy')),
    timeInForce,
    reduceOnly: flag(body, 'reduceOnly'),
    orderLinkId: text(body, 'orderLinkId'),
  };
}

/** Position index of a request: 0 is one-way; the other two are wrong unless hedge mode is on. */
export function positionIndexOf(body: Parameters): number {
  return Number(text(body, 'positionIdx') || '0');
}

/** Short ways to place orders in a test. */
import type { Order } from '../../../src/simulator/core/entries.ts';
import { type OrderRequest, placeOrder } from '../../../src/simulator/core/orders.ts';
import { isRefusal, type Refusal } from '../../../src/simulator/core/refusal.ts';
import type { Venue } from '../../../src/simulator/core/venue.ts';

const standard: OrderRequest = {
  category: 'linear',
  symbol: 'BTCUSDT',
  side: 'Buy',
  orderType: 'Market',
  price: '',
  quantity: '1',
  quantityInQuote: false,
  timeInForce: 'GTC',
  reduceOnly: false,
  orderLinkId: '',
};

export function attempt(venue: Venue, request: Partial<OrderRequest>): Order | Refusal {
  return placeOrder(venue, { ...standard, ...request });
}

/** Places an order that must be accepted. */
export function place(venue: Venue, request: Partial<OrderRequest>): Order {
  const placed = attempt(venue, request);
  if (isRefusal(placed)) throw new Error(`refused: ${placed.reason}: ${placed.message}`);
  return placed;
}

export function limit(
  venue: Venue,
  side: 'Buy' | 'Sell',
  price: string,
  quantity: string,
  more: Partial<OrderRequest> = {},
): Order {
  return place(venue, { side, orderType: 'Limit', price, quantity, ...more });
}

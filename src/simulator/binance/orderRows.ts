/**
 * Orders and trades as Binance lists them.
 *
 * What an order did not get because it had to be filled at once is EXPIRED; only who cancels finds CANCELED.
 */
import Big from 'big.js';
import type { Execution, Order } from '../core/entries.ts';
import type { Row } from '../http/json.ts';
import { numberOf } from './ids.ts';

function statusOf(order: Order): string {
  switch (order.status) {
    case 'New':
      return 'NEW';
    case 'PartiallyFilled':
      return 'PARTIALLY_FILLED';
    case 'Filled':
      return 'FILLED';
    case 'Cancelled':
      return order.cancelReason === 'byUser' || order.cancelReason === 'countdown'
        ? 'CANCELED'
        : 'EXPIRED';
  }
}

/** Over without a trade: the venue forgets it after three days. */
export function isForgotten(order: Order, nowMs: number): boolean {
  const isOver = order.status === 'Cancelled' && Number(order.filledQuantity) === 0;
  return isOver && nowMs - order.createdMs > 3 * 86_400_000;
}

export function clientIdOf(order: Pick<Order, 'orderLinkId' | 'orderId'>): string {
  return order.orderLinkId === '' ? `web_${numberOf(order.orderId)}` : order.orderLinkId;
}

/** Type and time in force, as a side of the venue names them. */
function kindOf(order: Order): { readonly type: string; readonly timeInForce: string } {
  if (order.orderType === 'Market') return { type: 'MARKET', timeInForce: 'GTC' };
  if (order.timeInForce !== 'PostOnly') return { type: 'LIMIT', timeInForce: order.timeInForce };
  return order.category === 'spot'
    ? { type: 'LIMIT_MAKER', timeInForce: 'GTC' }
    : { type: 'LIMIT', timeInForce: 'GTX' };
}

function commonRow(order: Order): Row {
  return {
    symbol: order.symbol,
    orderId: numberOf(order.orderId),
    clientOrderId: clientIdOf(order),
    price: order.price === '' ? '0' : order.price,
    origQty: order.quantity,
    executedQty: order.filledQuantity,
    status: statusOf(order),
    ...kindOf(order),
    side: order.side === 'Buy' ? 'BUY' : 'SELL',
    stopPrice: '0',
    selfTradePreventionMode: 'EXPIRE_MAKER',
  };
}

/** An order of the contracts' side. */
export function contractOrderRow(order: Order): Row {
  const filled = new Big(order.filledQuantity);
  return {
    ...commonRow(order),
    avgPrice: filled.gt(0) ? new Big(order.filledValue).div(filled).round(10).toFixed() : '0.00',
    cumQty: order.filledQuantity,
    cumQuote: order.filledValue,
    reduceOnly: order.reduceOnly,
    closePosition: false,
    positionSide: 'BOTH',
    workingType: 'CONTRACT_PRICE',
    priceProtect: false,
    origType: kindOf(order).type,
    priceMatch: 'NONE',
    goodTillDate: 0,
    time: order.createdMs,
    updateTime: order.updatedMs,
  };
}

/** An order of the pairs' side. */
export function pairOrderRow(order: Order): Row {
  return {
    ...commonRow(order),
    orderListId: -1,
    cummulativeQuoteQty: order.filledValue,
    origQuoteOrderQty: order.quoteQuantity === '' ? '0' : order.quoteQuantity,
    icebergQty: '0',
    time: order.createdMs,
    updateTime: order.updatedMs,
    workingTime: order.createdMs,
    isWorking: true,
  };
}

export function orderRow(order: Order): Row {
  return order.category === 'spot' ? pairOrderRow(order) : contractOrderRow(order);
}

export function tradeRow(execution: Execution): Row {
  const isBuy = execution.side === 'Buy';
  const common = {
    symbol: execution.symbol,
    id: numberOf(execution.execId),
    orderId: numberOf(execution.orderId),
    price: execution.price,
    qty: execution.quantity,
    quoteQty: execution.value,
    commission: execution.fee,
    commissionAsset: execution.feeCoin,
    time: execution.execTimeMs,
  };
  if (execution.category === 'spot')
    return {
      ...common,
      orderListId: -1,
      isBuyer: isBuy,
      isMaker: execution.isMaker,
      isBestMatch: true,
    };
  return {
    ...common,
    side: isBuy ? 'BUY' : 'SELL',
    positionSide: 'BOTH',
    realizedPnl: execution.execPnl,
    buyer: isBuy,
    maker: execution.isMaker,
  };
}

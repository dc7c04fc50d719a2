/**
 * Orders as Bybit lists them.
 *
 * A contract order that was cancelled after a part had filled is 'Cancelled', a spot order 'PartiallyFilledCanceled'. A row
 * of a contract order has `tpslMode`: ccxt tells the two categories by it.
 */
import Big from 'big.js';
import type { CancelReason, Order } from '../core/entries.ts';
import type { Row } from '../http/json.ts';

const reasons: Readonly<Record<CancelReason | '', readonly [cancelType: string, reject: string]>> =
  {
    '': ['UNKNOWN', 'EC_NoError'],
    byUser: ['CancelByUser', 'EC_PerCancelRequest'],
    countdown: ['CancelByDCP', 'EC_PerCancelRequest'],
    postOnlyWouldTake: ['UNKNOWN', 'EC_PostOnlyWillTakeLiquidity'],
    noFullFill: ['UNKNOWN', 'EC_CancelForNoFullFill'],
    noImmediateFill: ['UNKNOWN', 'EC_NoImmediateQtyToFill'],
    reduceOnlyNothingLeft: ['CancelByReduceOnly', 'EC_PerCancelRequest'],
    liquidation: ['CancelAllBeforeLiq', 'EC_PerCancelRequest'],
    delivered: ['CancelBySettle', 'EC_PerCancelRequest'],
  };

function statusOf(order: Order): string {
  if (order.status !== 'Cancelled') return order.status;
  const partly = order.category === 'spot' && new Big(order.filledQuantity).gt(0);
  return partly ? 'PartiallyFilledCanceled' : 'Cancelled';
}

export function orderRow(order: Order): Row {
  const filled = new Big(order.filledQuantity);
  const over = order.status === 'Cancelled' || order.status === 'Filled';
  const leaves = over ? '0' : new Big(order.quantity).minus(filled).toFixed();
  const [cancelType, rejectReason] = reasons[order.cancelReason];
  const fees = Object.values(order.fees).reduce((sum, fee) => sum.plus(fee), new Big(0));
  const row: Row = {
    symbol: order.symbol,
    orderId: order.orderId,
    orderLinkId: order.orderLinkId,
    blockTradeId: '',
    side: order.side,
    orderType: order.orderType,
    price: order.price === '' ? '0' : order.price,
    qty: order.quoteQuantity === '' ? order.quantity : order.quoteQuantity,
    marketUnit: order.quoteQuantity === '' ? 'baseCoin' : 'quoteCoin',
    timeInForce: order.timeInForce,
    orderStatus: statusOf(order),
    cancelType,
    rejectReason,
    avgPrice: filled.gt(0) ? new Big(order.filledValue).div(filled).round(10).toFixed() : '',
    cumExecQty: order.filledQuantity,
    cumExecValue: order.filledValue,
    cumExecFee: fees.toFixed(),
    cumFeeDetail: order.fees,
    leavesQty: leaves,
    leavesValue: order.price === '' ? '0' : new Big(leaves).times(order.price).toFixed(),
    reduceOnly: order.reduceOnly,
    closeOnTrigger: false,
    positionIdx: 0,
    isLeverage: order.category === 'spot' ? '0' : '',
    stopOrderType: '',
    triggerPrice: '',
    takeProfit: '',
    stopLoss: '',
    triggerDirection: 0,
    createType: order.cancelReason === 'liquidation' ? 'CreateByLiq' : 'CreateByUser',
    smpType: 'None',
    smpGroup: 0,
    smpOrderId: '',
    createdTime: String(order.createdMs),
    updatedTime: String(order.updatedMs),
  };
  return order.category === 'linear' ? { ...row, tpslMode: '' } : row;
}

/**
 * Place, amend and cancel orders, by form.
 *
 * Contracts answer a resting order as new even where it has traded already, as the venue does: what became of it is found
 * later. Pairs answer with what it got.
 */

import { setCountdown } from '../core/countdown.ts';
import type { Order } from '../core/entries.ts';
import { amendOrder, cancel, findOpen, placeOrder } from '../core/orders.ts';
import { isRefusal } from '../core/refusal.ts';
import type { Venue } from '../core/venue.ts';
import type { Row } from '../http/json.ts';
import { integer, type Parameters, text } from '../http/request.ts';
import type { Category } from '../market/market.ts';
import { type Call, type CallContext, named } from './call.ts';
import { idFrom, numberOf } from './ids.ts';
import { orderRequestOf } from './orderRequest.ts';
import { clientIdOf, orderRow } from './orderRows.ts';
import {
  failed,
  missing,
  ok,
  type Reply,
  refused,
  unknownOrderSent,
  unknownSymbol,
} from './reply.ts';

type Action = (venue: Venue, category: Category, form: Parameters) => Reply;

const single =
  (action: Action, category: Category) =>
  ({ venue, parameters }: CallContext): Reply =>
    action(venue, category, parameters);

export const create: Action = (venue, category, form) => {
  const request = orderRequestOf(venue, category, form);
  if ('status' in request) return request;
  const placed = placeOrder(venue, request);
  if (isRefusal(placed)) return refused(placed, category);
  return ok(category === 'spot' ? pairAnswer(venue, placed, form) : contractAnswer(placed, form));
};

function contractAnswer(order: Order, form: Parameters): Row {
  const isAtOnce = order.timeInForce === 'IOC' || order.timeInForce === 'FOK';
  const tellsResult = text(form, 'newOrderRespType') === 'RESULT' && isAtOnce;
  const { time, ...row } = orderRow(tellsResult ? order : asAccepted(order));
  return { ...row, updateTime: time ?? 0 };
}

function asAccepted(order: Order): Order {
  return { ...order, status: 'New', filledQuantity: '0', filledValue: '0', cancelReason: '' };
}

function pairAnswer(venue: Venue, order: Order, form: Parameters): Row {
  const transactTime = order.createdMs;
  if (text(form, 'newOrderRespType') === 'ACK')
    return {
      symbol: order.symbol,
      orderId: numberOf(order.orderId),
      orderListId: -1,
      clientOrderId: clientIdOf(order),
      transactTime,
    };
  const { time: _time, updateTime: _updateTime, ...row } = orderRow(order);
  const executions = venue.history.executionsByOrder.get(order.orderId) ?? [];
  const fills = executions.map((e) => ({
    price: e.price,
    qty: e.quantity,
    commission: e.fee,
    commissionAsset: e.feeCoin,
    tradeId: numberOf(e.execId),
  }));
  const isResult = text(form, 'newOrderRespType') === 'RESULT';
  return { ...row, transactTime, ...(isResult ? {} : { fills }) };
}

/** The open order that a form names. */
function openOf(venue: Venue, category: Category, form: Parameters): Order | Reply {
  const orderId = text(form, 'orderId');
  const orderLinkId = text(form, 'origClientOrderId');
  if (text(form, 'symbol') === '') return missing('symbol');
  if (orderId === '' && orderLinkId === '')
    return failed(
      -1102,
      "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!",
    );
  const found = findOpen(venue, {
    category,
    symbol: text(form, 'symbol'),
    orderId: orderId === '' ? '' : idFrom(venue, orderId) || orderId,
    orderLinkId,
  });
  return isRefusal(found) ? unknownOrderSent : found;
}

export const remove: Action = (venue, category, form) => {
  const open = openOf(venue, category, form);
  if ('body' in open) return open;
  cancel(venue, open, 'byUser');
  return ok(cancelledRow(open));
};

function cancelledRow(order: Order): Row {
  const row = orderRow(order);
  if (order.category === 'linear') return row;
  return { ...row, origClientOrderId: clientIdOf(order), transactTime: order.updatedMs };
}

const amend: Action = (venue, category, form) => {
  const open = openOf(venue, category, form);
  if ('body' in open) return open.status === 200 ? open : failed(-2013, 'Order does not exist.');
  const price = text(form, 'price');
  const quantity = text(form, 'quantity');
  if (price === '' || quantity === '') return missing(price === '' ? 'price' : 'quantity');
  const amended = amendOrder(venue, open, { price, quantity });
  return isRefusal(amended) ? refused(amended, category) : ok(orderRow(amended));
};

/** @returns those that were open in the symbol, cancelled. */
function cancelAll(venue: Venue, category: Category, symbol: string): readonly Order[] {
  const mine = Object.values(venue.live.openOrders).filter(
    (order) => order.category === category && order.symbol === symbol,
  );
  for (const order of mine) cancel(venue, order, 'byUser');
  return mine;
}

function removeAllContracts(context: CallContext): Reply {
  const instrument = named(context, 'linear');
  if (instrument === undefined) return unknownSymbol;
  cancelAll(context.venue, 'linear', instrument.symbol);
  return ok({ code: 200, msg: 'The operation of cancel all open order is done.' });
}

/** None open is an error here, unlike with the contracts. */
function removeAllPairs(context: CallContext): Reply {
  const instrument = named(context, 'spot');
  if (instrument === undefined) return unknownSymbol;
  const gone = cancelAll(context.venue, 'spot', instrument.symbol);
  return gone.length === 0 ? unknownOrderSent : ok(gone.map(cancelledRow));
}

function countdown(context: CallContext): Reply {
  const { venue, parameters } = context;
  const instrument = named(context, 'linear');
  if (instrument === undefined) return unknownSymbol;
  const ms = integer(parameters, 'countdownTime');
  if (ms === undefined) return missing('countdownTime');
  setCountdown(venue, instrument.symbol, ms);
  return ok({ symbol: instrument.symbol, countdownTime: String(ms) });
}

const post = { method: 'POST', permission: 'trade', orders: 1 } as const;
const put = { method: 'PUT', permission: 'trade', orders: 1 } as const;
const drop = { method: 'DELETE', permission: 'trade', weight: 1 } as const;
const spot = { permission: 'spotTrade' } as const;

export const orderCalls: readonly Call[] = [
  { ...post, path: '/fapi/v1/order', weight: 0, answer: single(create, 'linear') },
  { ...put, path: '/fapi/v1/order', weight: 1, answer: single(amend, 'linear') },
  { ...drop, path: '/fapi/v1/order', answer: single(remove, 'linear') },
  { ...drop, path: '/fapi/v1/allOpenOrders', answer: removeAllContracts },
  {
    method: 'POST',
    permission: 'trade',
    path: '/fapi/v1/countdownCancelAll',
    weight: 10,
    answer: countdown,
  },
  { ...post, ...spot, path: '/api/v3/order', weight: 1, answer: single(create, 'spot') },
  { ...drop, ...spot, path: '/api/v3/order', answer: single(remove, 'spot') },
  { ...drop, ...spot, path: '/api/v3/openOrders', answer: removeAllPairs },
];

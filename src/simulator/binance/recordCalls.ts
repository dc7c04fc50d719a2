/**
 * What became of orders: one by id or client id, those that are open, all of them, and trades; oldest first.
 *
 * A client id that came again names the latest order. Both lists span at most seven days.
 */
import type { Execution, Order } from '../core/entries.ts';
import { linkKey } from '../core/history.ts';
import type { Venue } from '../core/venue.ts';
import { integer, type Parameters, text } from '../http/request.ts';
import { type Window, within } from '../http/window.ts';
import type { Category } from '../market/market.ts';
import { type Call, type CallContext, named } from './call.ts';
import { idFrom } from './ids.ts';
import { isForgotten, orderRow, tradeRow } from './orderRows.ts';
import { failed, missing, noSuchOrder, ok, type Reply, unknownSymbol } from './reply.ts';

const weekMs = 7 * 86_400_000;

function orderOf(venue: Venue, category: Category, parameters: Parameters): Order | undefined {
  const orderId = text(parameters, 'orderId');
  const link = linkKey(category, text(parameters, 'origClientOrderId'));
  const id = orderId === '' ? venue.history.orderLinks.get(link) : idFrom(venue, orderId);
  const order = venue.history.orders.get(id ?? '');
  const isMeant = order?.category === category && order.symbol === text(parameters, 'symbol');
  return isMeant ? order : undefined;
}

function isOpen(order: Order): boolean {
  return order.status === 'New' || order.status === 'PartiallyFilled';
}

function single(category: Category, onlyOpen: boolean): (context: CallContext) => Reply {
  return ({ venue, parameters, lagMs }) => {
    if (text(parameters, 'symbol') === '') return missing('symbol');
    if (text(parameters, 'orderId') === '' && text(parameters, 'origClientOrderId') === '')
      return failed(
        -1102,
        "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!",
      );
    const { nowMs } = venue.live;
    const order = orderOf(venue, category, parameters);
    if (order === undefined || order.createdMs > nowMs - lagMs) return noSuchOrder;
    if (isForgotten(order, nowMs) || (onlyOpen && !isOpen(order))) return noSuchOrder;
    return ok(orderRow(order));
  };
}

function openOrders(category: Category): (context: CallContext) => Reply {
  return ({ venue, parameters, lagMs }) => {
    const symbol = text(parameters, 'symbol');
    const rows = Object.values(venue.live.openOrders).filter(
      (order) =>
        order.category === category &&
        order.createdMs <= venue.live.nowMs - lagMs &&
        (symbol === '' || order.symbol === symbol),
    );
    return ok(rows.map(orderRow));
  };
}

/** @returns the window, or why there is none. */
function windowOf(parameters: Parameters, nowMs: number): Window | Reply {
  const start = integer(parameters, 'startTime');
  const end = integer(parameters, 'endTime');
  if (start === undefined) return { fromMs: (end ?? nowMs) - weekMs, toMs: end ?? nowMs };
  const toMs = end ?? Math.min(start + weekMs, nowMs);
  if (toMs - start > weekMs) return failed(-4165, 'Maximum time interval is 7 days.');
  return { fromMs: start, toMs };
}

/** The first `limit` from a start or an id, else the last. */
function limited<T>(rows: readonly T[], parameters: Parameters, fromFirst: boolean): readonly T[] {
  const limit = Math.min(integer(parameters, 'limit') ?? 500, 1000);
  return fromFirst ? rows.slice(0, limit) : rows.slice(-limit);
}

function hasStart(parameters: Parameters): boolean {
  return ['startTime', 'fromId', 'orderId'].some((name) => text(parameters, name) !== '');
}

function allOrders(category: Category): (context: CallContext) => Reply {
  return (context) => {
    const { venue, parameters, lagMs } = context;
    const instrument = named(context, category);
    if (instrument === undefined) return unknownSymbol;
    const window = windowOf(parameters, venue.live.nowMs);
    if ('body' in window) return window;
    const { orders, orderIds } = venue.history;
    const { nowMs } = venue.live;
    const created = (id: string) => orders.get(id)?.createdMs ?? 0;
    const first = idFrom(venue, text(parameters, 'orderId'));
    const fromMs = first === '' ? window.fromMs : Math.max(window.fromMs, created(first));
    const toMs = Math.min(window.toMs, nowMs - lagMs);
    const rows = within(orderIds, { fromMs, toMs }, created)
      .flatMap((id) => orders.get(id) ?? [])
      .filter((order) => order.category === category && order.symbol === instrument.symbol)
      .filter((order) => !isForgotten(order, nowMs) && order.orderId >= first);
    return ok(limited(rows, parameters, hasStart(parameters)).map(orderRow));
  };
}

function trades(category: Category): (context: CallContext) => Reply {
  return (context) => {
    const { venue, parameters, lagMs, repeatRows } = context;
    const instrument = named(context, category);
    if (instrument === undefined) return unknownSymbol;
    const window = windowOf(parameters, venue.live.nowMs);
    if ('body' in window) return window;
    const toMs = Math.min(window.toMs, venue.live.nowMs - lagMs);
    const from = idFrom(venue, text(parameters, 'fromId'));
    const found = candidates(venue, parameters, { fromMs: window.fromMs, toMs }).filter(
      (e) =>
        e.category === category &&
        e.symbol === instrument.symbol &&
        e.execType !== 'Funding' &&
        e.execTimeMs <= toMs &&
        e.execId >= from,
    );
    const rows = limited(found, parameters, hasStart(parameters)).map(tradeRow);
    return ok(repeatRows ? rows.flatMap((row) => [row, row]) : rows);
  };
}

function candidates(venue: Venue, parameters: Parameters, window: Window): readonly Execution[] {
  const { executions, executionsByOrder } = venue.history;
  const orderId = text(parameters, 'orderId');
  if (orderId !== '') return executionsByOrder.get(idFrom(venue, orderId)) ?? [];
  const fromId = text(parameters, 'fromId');
  if (fromId !== '') return executions;
  return within(executions, window, (e) => e.execTimeMs);
}

const read = { method: 'GET', permission: 'read', weight: 5 } as const;

export const recordCalls: readonly Call[] = [
  { ...read, path: '/fapi/v1/order', weight: 1, answer: single('linear', false) },
  { ...read, path: '/fapi/v1/openOrder', weight: 1, answer: single('linear', true) },
  { ...read, path: '/fapi/v1/openOrders', weight: 1, answer: openOrders('linear') },
  { ...read, path: '/fapi/v1/allOrders', answer: allOrders('linear') },
  { ...read, path: '/fapi/v1/userTrades', answer: trades('linear') },
  { ...read, path: '/api/v3/order', weight: 4, answer: single('spot', false) },
  { ...read, path: '/api/v3/openOrders', weight: 6, answer: openOrders('spot') },
  { ...read, path: '/api/v3/allOrders', weight: 20, answer: allOrders('spot') },
  { ...read, path: '/api/v3/myTrades', weight: 20, answer: trades('spot') },
];

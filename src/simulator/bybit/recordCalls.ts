/**
 * What became of orders: open ones, finished ones and executions.
 *
 * `realtime` shows open orders; asked for an id it also finds the last 500 of any state. An empty id, or a parameter that
 * the venue does not know, filters nothing: the answer is then some other order, as on the venue.
 */
import type { Execution, Order } from '../core/entries.ts';
import { linkKey } from '../core/history.ts';
import type { Venue } from '../core/venue.ts';
import type { Row } from '../http/json.ts';
import { type Parameters, text } from '../http/request.ts';
import { type Window, within } from '../http/window.ts';
import { type Call, type CallContext, categoryOf, isNamed } from './call.ts';
import { orderRow } from './orderRows.ts';
import { page, windowOf } from './paging.ts';
import { failed, ok, type Reply } from './reply.ts';

const weekMs = 7 * 86_400_000;
const recentMax = 500;

function answersTo(venue: Venue, order: Order | Execution, parameters: Parameters): boolean {
  const orderId = text(parameters, 'orderId');
  const orderLinkId = text(parameters, 'orderLinkId');
  return (
    (orderId === '' || order.orderId === orderId) &&
    (orderId !== '' || orderLinkId === '' || order.orderLinkId === orderLinkId) &&
    isNamed(venue, parameters, order)
  );
}

function namesOne(parameters: Parameters): boolean {
  return text(parameters, 'orderId') !== '' || text(parameters, 'orderLinkId') !== '';
}

function missingCategory(parameters: Parameters): Reply | null {
  const category = text(parameters, 'category');
  return categoryOf(parameters) === undefined
    ? failed(10001, `Illegal category: ${category}`)
    : null;
}

function realtime({ venue, parameters, lagMs }: CallContext): Reply {
  const fault = missingCategory(parameters);
  if (fault !== null) return fault;
  const visibleMs = venue.live.nowMs - lagMs;
  const candidates = namesOne(parameters)
    ? recentOrders(venue)
    : Object.values(venue.live.openOrders);
  const rows = candidates.filter(
    (order) => order.createdMs <= visibleMs && answersTo(venue, order, parameters),
  );
  return orderPage(rows, parameters);
}

/** Open orders and the last 500 of any state, oldest first. */
function recentOrders(venue: Venue): readonly Order[] {
  const lastIds = venue.history.orderIds.slice(-recentMax);
  const known = new Set(lastIds);
  const older = Object.values(venue.live.openOrders).filter((o) => !known.has(o.orderId));
  return [...older, ...lastIds.flatMap((id) => venue.history.orders.get(id) ?? [])];
}

/** The order that a request names, or none; undefined when it names none. */
function namedOrder(venue: Venue, parameters: Parameters): readonly Order[] | undefined {
  if (!namesOne(parameters)) return undefined;
  const link = linkKey(categoryOf(parameters) ?? 'linear', text(parameters, 'orderLinkId'));
  const id = text(parameters, 'orderId') || (venue.history.orderLinks.get(link) ?? '');
  const order = venue.history.orders.get(id);
  return order === undefined ? [] : [order];
}

function isOpen(order: Order): boolean {
  return order.status === 'New' || order.status === 'PartiallyFilled';
}

function orderHistory({ venue, parameters, lagMs }: CallContext): Reply {
  const fault = missingCategory(parameters);
  if (fault !== null) return fault;
  const window = windowOf(parameters, venue.live.nowMs, weekMs);
  if ('retCode' in window) return window;
  const visibleMs = venue.live.nowMs - lagMs;
  const timed = text(parameters, 'startTime') !== '' || text(parameters, 'endTime') !== '';
  const named = namedOrder(venue, parameters);
  const anyTime = named !== undefined && !timed;
  const rows = (named ?? createdWithin(venue, window)).filter(
    (order) =>
      !isOpen(order) &&
      order.updatedMs <= visibleMs &&
      (anyTime || (order.createdMs >= window.fromMs && order.createdMs <= window.toMs)) &&
      answersTo(venue, order, parameters),
  );
  return orderPage(rows, parameters);
}

function createdWithin(venue: Venue, window: Window): readonly Order[] {
  const { orderIds, orders } = venue.history;
  const createdMs = (id: string) => orders.get(id)?.createdMs ?? 0;
  return within(orderIds, window, createdMs).flatMap((id) => orders.get(id) ?? []);
}

function orderPage(rows: readonly Order[], parameters: Parameters): Reply {
  const found = page(rows, parameters, { standard: 20, most: 50 });
  if ('retCode' in found) return found;
  return ok({
    category: text(parameters, 'category'),
    list: found.rows.map(orderRow),
    nextPageCursor: found.nextPageCursor,
  });
}

function executionRow(execution: Execution): Row {
  return {
    symbol: execution.symbol,
    category: execution.category,
    orderId: execution.orderId,
    orderLinkId: execution.orderLinkId,
    side: execution.side,
    orderPrice: execution.orderPrice === '' ? '0' : execution.orderPrice,
    orderQty: execution.orderQuantity,
    leavesQty: execution.leavesQuantity,
    createType: execution.execType === 'Trade' ? 'CreateByUser' : '',
    orderType: execution.execType === 'Funding' ? 'UNKNOWN' : execution.orderType,
    stopOrderType: 'UNKNOWN',
    execFee: execution.fee,
    execId: execution.execId,
    execPrice: execution.price,
    execQty: execution.quantity,
    execType: execution.execType,
    execValue: execution.value,
    execTime: String(execution.execTimeMs),
    feeCurrency: execution.feeCoin,
    feeCoin: execution.feeCoin,
    isMaker: execution.isMaker,
    feeRate: execution.feeRate,
    tradeIv: '',
    markIv: '',
    markPrice: execution.markPrice,
    indexPrice: '',
    underlyingPrice: '',
    blockTradeId: '',
    closedSize: execution.closedQuantity,
    execPnl: execution.execPnl,
    seq: execution.execTimeMs,
    extraFees: '',
  };
}

function executionList({ venue, parameters, lagMs, repeatRows }: CallContext): Reply {
  const fault = missingCategory(parameters);
  if (fault !== null) return fault;
  const window = windowOf(parameters, venue.live.nowMs, weekMs);
  if ('retCode' in window) return window;
  const type = text(parameters, 'execType');
  const visibleMs = venue.live.nowMs - lagMs;
  const visible = { fromMs: window.fromMs, toMs: Math.min(window.toMs, visibleMs) };
  const matching = executionsOf(venue, parameters, visible).filter(
    (execution) =>
      execution.execTimeMs >= visible.fromMs &&
      execution.execTimeMs <= visible.toMs &&
      (type === '' || execution.execType === type) &&
      answersTo(venue, execution, parameters),
  );
  const rows = repeatRows ? matching.flatMap((execution) => [execution, execution]) : matching;
  const found = page(rows, parameters, { standard: 50, most: 100 });
  if ('retCode' in found) return found;
  return ok({
    category: text(parameters, 'category'),
    list: found.rows.map(executionRow),
    nextPageCursor: found.nextPageCursor,
  });
}

function executionsOf(venue: Venue, parameters: Parameters, window: Window): readonly Execution[] {
  const { executions, executionsByOrder } = venue.history;
  const named = namedOrder(venue, parameters);
  if (named === undefined) return within(executions, window, (e) => e.execTimeMs);
  return named.flatMap((order) => executionsByOrder.get(order.orderId) ?? []);
}

export const recordCalls: readonly Call[] = [
  { method: 'GET', path: '/v5/order/realtime', permission: 'read', answer: realtime },
  { method: 'GET', path: '/v5/order/history', permission: 'read', answer: orderHistory },
  { method: 'GET', path: '/v5/execution/list', permission: 'read', answer: executionList },
];

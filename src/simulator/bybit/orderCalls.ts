/**
 * Create, amend and cancel orders, one by one and in batches of at most ten with a code per item.
 *
 * Acceptance says nothing about the outcome: a post-only order that would take is accepted and found cancelled later.
 */
import type { Order } from '../core/entries.ts';
import { amendOrder, cancel, findOpen, placeOrder } from '../core/orders.ts';
import { isRefusal } from '../core/refusal.ts';
import type { Venue } from '../core/venue.ts';
import type { Row } from '../http/json.ts';
import { type Parameters, text } from '../http/request.ts';
import type { Category } from '../market/market.ts';
import { type Call, type CallContext, categoryOf, isNamed } from './call.ts';
import { orderRequestOf, positionIndexOf } from './orderRequest.ts';
import { failed, ok, type Reply, refused } from './reply.ts';

const batchMax = 10;

type ItemAction = (venue: Venue, category: Category, body: Parameters) => Reply;

function single(action: ItemAction): (context: CallContext) => Reply {
  return ({ venue, parameters }) => {
    const category = categoryOf(parameters);
    if (category === undefined)
      return failed(10001, `Illegal category: ${text(parameters, 'category')}`);
    return action(venue, category, parameters);
  };
}

/** Items are done in order; each has its own code, and the request itself succeeds. */
function batch(action: ItemAction): (context: CallContext) => Reply {
  return ({ venue, parameters }) => {
    const category = categoryOf(parameters);
    const items = parameters['request'];
    if (category === undefined || !Array.isArray(items))
      return failed(10001, 'category or request is missing');
    if (items.length === 0 || items.length > batchMax)
      return failed(10001, `a batch has 1..${batchMax} items, was ${items.length}`);
    const list: Row[] = [];
    const codes: Row[] = [];
    for (const item of items as Parameters[]) {
      const reply = action(venue, category, item);
      const accepted = reply.retCode === 0;
      list.push({
        category,
        symbol: text(item, 'symbol'),
        orderId: '',
        orderLinkId: accepted ? '' : text(item, 'orderLinkId'),
        createAt: accepted ? String(venue.live.nowMs) : '',
        ...reply.result,
      });
      codes.push({ code: reply.retCode, msg: reply.retMsg });
    }
    return ok({ list }, { list: codes });
  };
}

function idsOf(order: Order): Row {
  return { orderId: order.orderId, orderLinkId: order.orderLinkId };
}

const create: ItemAction = (venue, category, body) => {
  const index = positionIndexOf(body);
  const hedged = venue.live.positionMode === 'hedge' && category === 'linear';
  if (hedged !== (index !== 0)) return failed(10001, 'position idx not match position mode');
  const request = orderRequestOf(category, body);
  if (typeof request === 'string') return failed(10001, request);
  const placed = placeOrder(venue, request);
  return isRefusal(placed) ? refused(placed, category) : ok(idsOf(placed));
};

function keyOf(category: Category, body: Parameters) {
  return {
    category,
    symbol: text(body, 'symbol'),
    orderId: text(body, 'orderId'),
    orderLinkId: text(body, 'orderLinkId'),
  };
}

const remove: ItemAction = (venue, category, body) => {
  const open = findOpen(venue, keyOf(category, body));
  if (isRefusal(open)) return refused(open, category);
  cancel(venue, open, 'byUser');
  return ok(idsOf(open));
};

const amend: ItemAction = (venue, category, body) => {
  const open = findOpen(venue, keyOf(category, body));
  if (isRefusal(open)) return refused(open, category);
  const price = text(body, 'price');
  const quantity = text(body, 'qty');
  const amended = amendOrder(venue, open, {
    ...(price === '' ? {} : { price }),
    ...(quantity === '' ? {} : { quantity }),
  });
  return isRefusal(amended) ? refused(amended, category) : ok(idsOf(amended));
};

const removeAll: ItemAction = (venue, _category, body) => {
  const list: Row[] = [];
  for (const order of Object.values(venue.live.openOrders)) {
    if (!isNamed(venue, body, order)) continue;
    cancel(venue, order, 'byUser');
    list.push(idsOf(order));
  }
  return ok({ list, success: '1' });
};

export const orderCalls: readonly Call[] = [
  { method: 'POST', path: '/v5/order/create', permission: 'trade', answer: single(create) },
  { method: 'POST', path: '/v5/order/amend', permission: 'trade', answer: single(amend) },
  { method: 'POST', path: '/v5/order/cancel', permission: 'trade', answer: single(remove) },
  { method: 'POST', path: '/v5/order/cancel-all', permission: 'trade', answer: single(removeAll) },
  { method: 'POST', path: '/v5/order/create-batch', permission: 'trade', answer: batch(create) },
  { method: 'POST', path: '/v5/order/amend-batch', permission: 'trade', answer: batch(amend) },
  { method: 'POST', path: '/v5/order/cancel-batch', permission: 'trade', answer: batch(remove) },
];

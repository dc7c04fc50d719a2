/**
 * What can be asked about the past, folded from the journal entry by entry.
 *
 * A restart folds the stored journal again, so the answers are the same and nothing is stored twice.
 */
import type { Category } from '../market/market.ts';
import type {
  BalanceChange,
  EarnOrder,
  Execution,
  Happening,
  JournalEntry,
  Order,
  YieldEvent,
} from './entries.ts';

type Stamped<T> = T & { readonly atMs: number };

export type History = {
  /** Latest state of every order. */
  readonly orders: Map<string, Order>;
  /** Ids in order of creation. */
  readonly orderIds: string[];
  /** Client id, per category, to order id. */
  readonly orderLinks: Map<string, string>;
  /** Trades, funding and liquidations, oldest first. */
  readonly executions: Execution[];
  readonly executionsById: Map<string, Execution>;
  readonly executionsByOrder: Map<string, Execution[]>;
  readonly balances: Stamped<BalanceChange>[];
  readonly earnOrders: Map<string, EarnOrder>;
  readonly earnLinks: Map<string, string>;
  readonly yields: Stamped<YieldEvent>[];
};

type Recorded = {
  readonly live: { nowMs: number; journalLength: number };
  readonly journal: JournalEntry[];
  readonly history: History;
};

export function emptyHistory(): History {
  return {
    orders: new Map(),
    orderIds: [],
    orderLinks: new Map(),
    executions: [],
    executionsById: new Map(),
    executionsByOrder: new Map(),
    balances: [],
    earnOrders: new Map(),
    earnLinks: new Map(),
    yields: [],
  };
}

/** Key of a client order id: each category has a space of its own. */
export function linkKey(category: Category, orderLinkId: string): string {
  return `${category}:${orderLinkId}`;
}

/** Appends an entry to the journal (stamped now, unless it carries a stamp) and folds it into the history. */
export function record(venue: Recorded, happening: Happening | JournalEntry): void {
  const entry: JournalEntry =
    'seq' in happening
      ? happening
      : { seq: venue.journal.length + 1, atMs: venue.live.nowMs, ...happening };
  venue.journal.push(entry);
  venue.live.journalLength = venue.journal.length;
  fold(venue.history, entry);
}

function fold(history: History, entry: JournalEntry): void {
  switch (entry.kind) {
    case 'order': {
      const { order } = entry;
      if (entry.event === 'created') history.orderIds.push(order.orderId);
      history.orders.set(order.orderId, order);
      if (order.orderLinkId !== '')
        history.orderLinks.set(linkKey(order.category, order.orderLinkId), order.orderId);
      break;
    }
    case 'fill':
    case 'funding':
      foldExecution(history, entry);
      break;
    case 'balance':
      history.balances.push(entry);
      break;
    case 'earnOrder':
      history.earnOrders.set(entry.order.orderId, entry.order);
      history.earnLinks.set(entry.order.orderLinkId, entry.order.orderId);
      break;
    case 'yield':
      history.yields.push(entry);
      break;
    case 'liquidation':
      break;
  }
}

function foldExecution(history: History, execution: Execution): void {
  history.executions.push(execution);
  history.executionsById.set(execution.execId, execution);
  const ofOrder = history.executionsByOrder.get(execution.orderId);
  if (ofOrder === undefined) history.executionsByOrder.set(execution.orderId, [execution]);
  else ofOrder.push(execution);
}

/** Records an order as it is now; later changes of the live order do not reach the entry. */
export function recordOrder(
  venue: Recorded,
  event: 'created' | 'filled' | 'amended' | 'cancelled',
  order: Order,
): void {
  record(venue, { kind: 'order', event, order: { ...order, fees: { ...order.fees } } });
}

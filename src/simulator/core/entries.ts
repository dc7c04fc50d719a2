/**
 * What the venue's journal says: orders, executions, balance changes, funding, yields and liquidations.
 *
 * The journal is the truth that a client's ledger is compared with. Quantities, prices and money are decimal text.
 */
import type { Category } from '../market/market.ts';

export type Side = 'Buy' | 'Sell';
export type OrderType = 'Limit' | 'Market';
export type TimeInForce = 'GTC' | 'IOC' | 'FOK' | 'PostOnly';
export type OrderStatus = 'New' | 'PartiallyFilled' | 'Filled' | 'Cancelled';

export type Order = {
  orderId: string;
  /** Empty when the client gave none. */
  orderLinkId: string;
  category: Category;
  symbol: string;
  side: Side;
  orderType: OrderType;
  timeInForce: TimeInForce;
  /** Empty for a market order. */
  price: string;
  /** Base quantity. */
  quantity: string;
  /** The quote quantity of a spot market order that was given in quote coin, else empty. */
  quoteQuantity: string;
  reduceOnly: boolean;
  status: OrderStatus;
  filledQuantity: string;
  filledValue: string;
  /** Fees by coin. */
  fees: Record<string, string>;
  createdMs: number;
  updatedMs: number;
  /** Why it was cancelled; empty while it was not. */
  cancelReason: CancelReason | '';
  /** Generated quantity that stands before it at its price. */
  queueAhead: string;
};

/** What has happened to an order that was made at this moment: nothing. */
export const untouched = (nowMs: number) => ({
  status: 'New' as const,
  filledQuantity: '0',
  filledValue: '0',
  fees: {},
  createdMs: nowMs,
  updatedMs: nowMs,
  cancelReason: '' as const,
  queueAhead: '0',
});

export type CancelReason =
  | 'byUser'
  | 'countdown'
  | 'postOnlyWouldTake'
  | 'noFullFill'
  | 'noImmediateFill'
  | 'reduceOnlyNothingLeft'
  | 'delivered'
  | 'liquidation';

export type Execution = {
  execId: string;
  execType: 'Trade' | 'Funding' | 'BustTrade' | 'AdlTrade' | 'Delivery';
  orderId: string;
  orderLinkId: string;
  orderType: OrderType;
  category: Category;
  symbol: string;
  side: Side;
  price: string;
  quantity: string;
  value: string;
  /** Positive: paid. For funding: positive when the account pays. */
  fee: string;
  feeCoin: string;
  feeRate: string;
  isMaker: boolean;
  execTimeMs: number;
  /** Realised profit of what it closed, before fees. */
  execPnl: string;
  closedQuantity: string;
  leavesQuantity: string;
  orderPrice: string;
  orderQuantity: string;
  markPrice: string;
};

/** change = cashFlow + funding - fee. */
export type BalanceChange = {
  id: string;
  coin: string;
  /** Not there: the account's one wallet, or that of the contracts. */
  wallet?: 'spot';
  change: string;
  balanceAfter: string;
  cause:
    | 'deposit'
    | 'withdrawal'
    | 'trade'
    | 'funding'
    | 'stake'
    | 'redeem'
    | 'yield'
    | 'liquidation'
    | 'adl'
    | 'delivery'
    | 'transfer';
  cashFlow: string;
  fee: string;
  /** Positive: received. */
  funding: string;
  /** The execution that caused it. */
  execId?: string;
  /** Signed position after it, for contracts. */
  positionAfter?: string;
  /** Order id of a subscription or redemption; what the two sides of a transfer share. */
  reference?: string;
};

export type EarnOrder = {
  orderId: string;
  orderLinkId: string;
  productId: string;
  coin: string;
  orderType: 'Stake' | 'Redeem';
  amount: string;
  status: 'Pending' | 'Success' | 'Fail';
  createdMs: number;
  updatedMs: number;
  dueMs: number;
};

/** An accrual of one hour, or a distribution of what had accrued. */
export type YieldEvent = {
  id: string;
  event: 'accrued' | 'distributed';
  productId: string;
  coin: string;
  amount: string;
  stakedAmount: string;
  aprAnnual: number;
  hourMs: number;
  /** Redemption that paid it out early, else empty. */
  orderId: string;
};

export type Liquidation = {
  equityUsd: number;
  maintenanceMarginUsd: number;
  positions: { symbol: string; quantity: string; markPrice: string }[];
};

/** An entry before it is stamped. */
export type Happening =
  | { kind: 'order'; event: 'created' | 'filled' | 'amended' | 'cancelled'; order: Order }
  | ({ kind: 'fill' } & Execution)
  | ({ kind: 'funding'; settlementMs: number; positionQuantity: string } & Execution)
  | ({ kind: 'balance' } & BalanceChange)
  | { kind: 'earnOrder'; order: EarnOrder }
  | ({ kind: 'yield' } & YieldEvent)
  | ({ kind: 'liquidation' } & Liquidation);

export type JournalEntry = { readonly seq: number; readonly atMs: number } & Happening;

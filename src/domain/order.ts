/** Orders: as planned, as recorded, and the states through which a recorded one goes. */
import type { DecimalText } from './decimal.ts';
import type { ClientOrderId, InstrumentId, RebalanceId, VenueId } from './ids.ts';

/** Subscribing to and redeeming an earn product are orders like any other. */
export type OrderAction = 'buy' | 'sell' | 'subscribe' | 'redeem';
/** Beside orders of a plan, moves between wallets of one venue are recorded the same way. */
type RecordedAction = OrderAction | 'transfer';
/** `ioc`: marketable limit; `passive`: post-only that may cross later; `earn`: no price. */
export type OrderStyle = 'ioc' | 'passive' | 'earn';

export type PlannedOrder = {
  readonly instrument: InstrumentId;
  readonly venue: VenueId;
  readonly symbol: string;
  readonly action: OrderAction;
  readonly style: OrderStyle;
  readonly quantityBase: DecimalText;
  /** The worst price at which it may fill, quote coin; null for earn products. */
  readonly limitPrice: DecimalText | null;
  /** Mark at the decision, quote coin: what shortfall is measured against. */
  readonly decisionPrice: number;
  readonly notionalUsd: number;
  readonly reduceOnly: boolean;
  /** What it does to the account's risk, netted pairs considered. */
  readonly risk: 'reduces' | 'increases';
  /** Its first attempt waits until then: a slice of an order that is spread over time; not there: at once. */
  readonly notBeforeMs?: number;
  /** Stages run one after another; reductions come first. */
  readonly stage: number;
  /** Orders of one pair are sent together and repaired together. */
  readonly pair: string | null;
  readonly slice: number;
};

export type OrderState =
  | 'intended'
  | 'unknown'
  | 'working'
  | 'filled'
  | 'cancelled'
  | 'rejected'
  | 'expired'
  | 'absent';

const terminal: ReadonlySet<OrderState> = new Set([
  'filled',
  'cancelled',
  'rejected',
  'expired',
  'absent',
]);
export const isTerminal = (state: OrderState): boolean => terminal.has(state);

/** One request to a venue, as the database holds it: written before the request leaves. */
export type OrderRecord = {
  readonly clientOrderId: ClientOrderId;
  readonly portfolio: string;
  readonly rebalanceId: RebalanceId;
  readonly instrument: InstrumentId;
  readonly venue: VenueId;
  readonly symbol: string;
  readonly action: RecordedAction;
  readonly timeInForce: 'ioc' | 'postOnly' | 'none';
  readonly quantityBase: DecimalText;
  readonly limitPrice: DecimalText | null;
  readonly decisionPrice: number;
  /** The book when the attempt was checked, quote coin; not there: it was not known, or nothing is quoted. */
  readonly arrival?: { readonly mid: number; readonly halfSpread: number };
  readonly reduceOnly: boolean;
  readonly slice: number;
  readonly attempt: number;
  /** `repair` and `flatten` orders are not in the decision's plan. */
  readonly purpose: 'plan' | 'repair' | 'flatten';
  readonly state: OrderState;
  readonly venueOrderId: string | null;
  readonly filledBase: DecimalText;
  /** Denial or rejection code of the venue, or why it is unknown. */
  readonly reason: string | null;
  readonly intendedAtMs: number;
  readonly sentAtMs: number | null;
  readonly ackedAtMs: number | null;
  readonly endedAtMs: number | null;
};

/** Coins that have left an earn product and are not in the wallet yet: the venue took the order and has not paid it out. */
export const isRedeeming = (order: Pick<OrderRecord, 'action' | 'state'>): boolean =>
  order.action === 'redeem' && order.state === 'working';

/** What may change on a recorded order. */
export type OrderUpdate = Partial<
  Pick<
    OrderRecord,
    'state' | 'venueOrderId' | 'filledBase' | 'reason' | 'sentAtMs' | 'ackedAtMs' | 'endedAtMs'
  >
>;

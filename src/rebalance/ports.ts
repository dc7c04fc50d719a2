/** The ports: every effect of the line, as interfaces. Adapters implement them; tests put a world in memory behind them. */
import type { ApprovedOrder } from '../checks/approvedOrder.ts';
import type { DecimalText } from '../domain/decimal.ts';
import type { Decision } from '../domain/decision.ts';
import type { CashEvent, Fill } from '../domain/fill.ts';
import type { ClientOrderId, InstrumentId, RebalanceId, VenueId } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { OrderRecord, OrderUpdate } from '../domain/order.ts';
import type { Policy } from '../domain/policy.ts';
import type { FundingReading, Quote, Snapshot, Trigger, YieldReading } from '../domain/snapshot.ts';
import type { AccountReading, VenueIdentity, VenueState } from '../domain/venue.ts';
import type { Balance } from '../ledger/book.ts';
import type { Transaction } from '../ledger/transaction.ts';

export type Clock = {
  nowMs(): number;
  /** Resolves when the time has passed; early when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
};

// ---------------------------------------------------------------- the venue

export type Bar = { readonly openMs: number; readonly close: number };
export type FundingStamp = { readonly atMs: number; readonly rate: number };

/** What the venue says of its own soundness; undefined fields are not offered there. */
export type VenueSigns = {
  readonly status: 'ok' | 'maintenance' | 'unknown';
  /** Coins whose withdrawals are all switched off; null: the venue does not say. */
  readonly withdrawalsHalted: readonly string[] | null;
  readonly observedAtMs: number;
};

export type KeyPermissions = { readonly trade: boolean; readonly withdraw: boolean | 'unknown' };

/** Reads of one venue account. Each throws OperatingError when the venue does not answer. */
export type VenueReader = VenueIdentity & {
  /** Loads what the symbols name. @throws OperatingError, not retryable, for an unknown symbol. */
  instruments(symbols: readonly string[]): Promise<readonly Instrument[]>;
  quote(instrument: Instrument): Promise<Quote>;
  funding(instrument: Instrument): Promise<FundingReading>;
  yield(instrument: Instrument): Promise<YieldReading>;
  account(): Promise<AccountReading>;
  /** Signed positions of perpetuals and earn products, by symbol; a symbol that is not there is flat. */
  positions(): Promise<Readonly<Record<string, DecimalText>>>;
  /** Our own resting orders and foreign ones. */
  openOrders(instruments: readonly Instrument[]): Promise<readonly VenueOrder[]>;
  fills(instruments: readonly Instrument[], sinceMs: number): Promise<readonly Fill[]>;
  cashEvents(instruments: readonly Instrument[], sinceMs: number): Promise<readonly CashEvent[]>;
  signs(): Promise<VenueSigns>;
  permissions(): Promise<KeyPermissions>;
  /** Venue's clock minus ours, the round trip halved. */
  clockOffsetMs(): Promise<number>;
  /** Whole bars with sinceMs ≤ open, oldest first, at most one page. */
  bars(
    instrument: Instrument,
    kind: 'last' | 'mark',
    sinceMs: number,
    barMs: number,
  ): Promise<readonly Bar[]>;
  fundingHistory(instrument: Instrument, sinceMs: number): Promise<readonly FundingStamp[]>;
};

export type VenueOrder = {
  readonly clientOrderId: ClientOrderId | null;
  readonly venueOrderId: string;
  readonly instrument: InstrumentId;
  readonly state: 'working' | 'filled' | 'cancelled' | 'rejected' | 'expired';
  readonly quantityBase: DecimalText;
  readonly filledBase: DecimalText;
  readonly createdAtMs: number;
};

export type SendOutcome =
  | { readonly kind: 'accepted'; readonly venueOrderId: string }
  /** The client id is taken: the order exists. */
  | { readonly kind: 'exists' }
  | { readonly kind: 'rejected'; readonly code: string; readonly message: string }
  /** It may have arrived. */
  | { readonly kind: 'unknown'; readonly reason: string };

export type LookUpOutcome =
  | { readonly kind: 'found'; readonly order: VenueOrder }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown'; readonly reason: string };

export type CancelOutcome =
  | { readonly kind: 'cancelled' }
  /** Filled, cancelled or never there: look it up. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Writes to one venue account. Nothing but an approved order goes in. Never throws for what the venue answers. */
export type OrderGateway = {
  send(order: ApprovedOrder, record: OrderRecord): Promise<SendOutcome>;
  lookUp(record: OrderRecord, instrument: Instrument): Promise<LookUpOutcome>;
  cancel(record: OrderRecord, instrument: Instrument): Promise<CancelOutcome>;
  /** Fills of one order. */
  fills(record: OrderRecord, instrument: Instrument): Promise<readonly Fill[]>;
  /** Everything that rests at the venue, ours or not. @returns how many were cancelled. */
  cancelAll(instruments: readonly Instrument[]): Promise<number>;
  /** Reads first, sets only what differs: one-way mode, cross margin, leverage. */
  prepare(instruments: readonly Instrument[], leverage: number): Promise<void>;
};

export type Venue = { readonly reader: VenueReader; readonly gateway: OrderGateway };

// ---------------------------------------------------------------- the database

export type DecisionRecord = {
  readonly rebalanceId: RebalanceId;
  readonly portfolio: string;
  readonly trigger: Trigger;
  readonly scheduledAtMs: number;
  readonly codeVersion: string;
  readonly policy: Policy;
  readonly snapshot: Snapshot;
  readonly decision: Decision;
};

export type RebalanceOutcome = 'stood' | 'complete' | 'partial' | 'expired' | 'halted';

export type RebalanceSummary = {
  readonly rebalanceId: RebalanceId;
  readonly trigger: Trigger;
  readonly outcome: RebalanceOutcome | null;
  readonly decidedAtMs: number;
  readonly endedAtMs: number | null;
  readonly ordersSent: number;
  readonly ordersDenied: number;
  readonly fills: number;
};

export type DecisionStore = {
  /** The first record of an id wins; the stored one comes back. */
  record(record: DecisionRecord): Promise<DecisionRecord>;
  find(id: RebalanceId): Promise<DecisionRecord | null>;
  latest(portfolio: string): Promise<DecisionRecord | null>;
  /** Recorded but not ended, oldest first. */
  unfinished(portfolio: string): Promise<readonly DecisionRecord[]>;
  finish(id: RebalanceId, outcome: RebalanceOutcome, endedAtMs: number): Promise<void>;
  summaries(portfolio: string, limit: number): Promise<readonly RebalanceSummary[]>;
};

export type OrderStore = {
  /** Commits the intent. The first one of an id wins; the stored one comes back. */
  intend(record: OrderRecord): Promise<OrderRecord>;
  update(id: ClientOrderId, update: OrderUpdate): Promise<void>;
  ofRebalance(id: RebalanceId): Promise<readonly OrderRecord[]>;
  /** Not in a terminal state, oldest first. */
  unended(portfolio: string): Promise<readonly OrderRecord[]>;
  find(id: ClientOrderId): Promise<OrderRecord | null>;
  /** Orders sent at a venue since a time: the message rate. */
  sentSince(portfolio: string, venue: VenueId, sinceMs: number): Promise<number>;
  /** Consecutive orders without a fill since the last fill, per instrument. */
  repeats(portfolio: string): Promise<Readonly<Record<InstrumentId, number>>>;
};

export type LedgerStore = {
  /** Idempotent by transaction id. @returns the ids that were new. */
  post(portfolio: string, transactions: readonly Transaction[]): Promise<readonly string[]>;
  /** Sums per venue, account, commodity and leg. */
  balances(portfolio: string): Promise<readonly Balance[]>;
  transactions(portfolio: string, filter: LedgerFilter): Promise<readonly Transaction[]>;
  /** Remembered fills are kept beside the entries. */
  recordFills(portfolio: string, fills: readonly Fill[]): Promise<void>;
  fillsOf(id: RebalanceId): Promise<readonly Fill[]>;
};

export type LedgerFilter = {
  readonly rebalanceId?: RebalanceId;
  readonly venue?: VenueId;
  readonly sinceMs?: number;
};

export type EquityMark = {
  readonly atMs: number;
  readonly equityUsd: number;
  readonly flowsUsd: number;
};

/** What the daemon remembers between rebalances beside decisions, orders and the ledger. */
export type StateStore = {
  /** Made once per database, random, then kept: half of every client order id. */
  installation(): Promise<string>;
  halt(portfolio: string): Promise<{ readonly halted: boolean; readonly reason: string | null }>;
  setHalt(portfolio: string, reason: string | null, atMs: number): Promise<void>;
  recordEquity(portfolio: string, mark: EquityMark): Promise<void>;
  /** Peak, and first of the UTC day, of equity adjusted for flows. */
  equityMarks(
    portfolio: string,
    dayStartMs: number,
  ): Promise<{
    readonly peakEquityUsd: number | null;
    readonly dayStartEquityUsd: number | null;
    readonly flowsUsd: number;
  }>;
  venueState(venue: VenueId): Promise<StoredVenueState | null>;
  /** In one reading, since it is waited for before every request: where a cursor stands, and of each venue its rate and state. */
  sendingState(
    portfolio: string,
    asked: {
      readonly venues: readonly VenueId[];
      readonly sinceMs: number;
      readonly cursor: string;
    },
  ): Promise<SendingState>;
  recordVenueState(venue: VenueId, state: StoredVenueState, atMs: number): Promise<void>;
  discrepancies(portfolio: string): Promise<readonly Discrepancy[]>;
  setDiscrepancies(portfolio: string, found: readonly Discrepancy[], atMs: number): Promise<void>;
  /** When the venue's cash events were read up to. */
  cursor(name: string): Promise<number | null>;
  setCursor(name: string, atMs: number): Promise<void>;
  /** Append-only, hash-chained. */
  appendEvent(portfolio: string, kind: string, detail: unknown, atMs: number): Promise<void>;
};

export type SendingState = {
  readonly cursorMs: number | null;
  readonly venues: readonly {
    readonly venue: VenueId;
    readonly ordersSent: number;
    /** null: never assessed. */
    readonly state: VenueState | null;
  }[];
};

export type StoredVenueState = {
  readonly state: VenueState;
  /** When the signals last justified it: hysteresis counts from there. */
  readonly confirmedAtMs: number;
  readonly defaultProbabilityAnnual: number;
  readonly evidence: readonly string[];
};

export type Discrepancy = {
  readonly venue: VenueId;
  readonly kind: 'position' | 'wallet' | 'order' | 'fill';
  readonly subject: string;
  readonly ledger: string;
  readonly venueSays: string;
};

export type BarSeries = {
  readonly instrument: InstrumentId;
  readonly kind: 'last' | 'mark';
  readonly barMs: number;
};

export type HistoryStore = {
  saveBars(series: BarSeries, bars: readonly Bar[]): Promise<void>;
  /** fromMs ≤ open < toMs, oldest first. */
  bars(series: BarSeries, fromMs: number, toMs: number): Promise<readonly Bar[]>;
  saveFunding(instrument: InstrumentId, stamps: readonly FundingStamp[]): Promise<void>;
  funding(instrument: InstrumentId, fromMs: number, toMs: number): Promise<readonly FundingStamp[]>;
  saveYield(instrument: InstrumentId, atMs: number, yieldAnnual: number): Promise<void>;
  yields(
    instrument: InstrumentId,
    fromMs: number,
    toMs: number,
  ): Promise<readonly { readonly atMs: number; readonly yieldAnnual: number }[]>;
};

/** One writer per portfolio. */
export type Lease = {
  /** null: another holds it. */
  acquire(portfolio: string): Promise<HeldLease | null>;
};
export type HeldLease = {
  readonly fencingNumber: number;
  /** Asks the database; false once another took it or it ran out. Extends it otherwise. */
  isHeld(): Promise<boolean>;
  release(): Promise<void>;
};

// ---------------------------------------------------------------- the report

/** One event object a step; never a secret in it. */
export type LineEvent = { readonly event: string; readonly rebalanceId?: RebalanceId } & Readonly<
  Record<string, unknown>
>;

export type Reporter = {
  event(event: LineEvent): void;
  warn(event: LineEvent): void;
  orderAcked(venue: VenueId, ms: number): void;
  orderEnded(venue: VenueId, state: string): void;
  orderDenied(code: string): void;
  slippage(bps: number): void;
  rebalanceEnded(outcome: RebalanceOutcome, seconds: number): void;
};

export type Ports = {
  readonly clock: Clock;
  readonly venues: ReadonlyMap<VenueId, Venue>;
  readonly decisions: DecisionStore;
  readonly orders: OrderStore;
  readonly ledger: LedgerStore;
  readonly state: StateStore;
  readonly history: HistoryStore;
  readonly lease: Lease;
  readonly reporter: Reporter;
  /** Aborts when the process is told to stop: what rests is cancelled, and the decision is left to the next start. */
  readonly stopping?: AbortSignal;
};

/** The database: decisions, orders, ledger, state and history, as the line sees them. */
import type { Decision } from '../../domain/decision.ts';
import type { Fill } from '../../domain/fill.ts';
import type { ClientOrderId, InstrumentId, RebalanceId, VenueId } from '../../domain/ids.ts';
import type { OrderRecord, OrderUpdate } from '../../domain/order.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Snapshot, Trigger } from '../../domain/snapshot.ts';
import type { VenueState } from '../../domain/venue.ts';
import type { Balance } from '../../ledger/book.ts';
import type { Transaction } from '../../ledger/transaction.ts';
import type { Bar, FundingStamp } from './venue.ts';

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
  /** The first record of an id wins; the stored one comes back, which is the given one itself where that was the first. */
  record(record: DecisionRecord): Promise<DecisionRecord>;
  find(id: RebalanceId): Promise<DecisionRecord | null>;
  latest(portfolio: string): Promise<DecisionRecord | null>;
  /** Recorded but not ended, oldest first. */
  unfinished(portfolio: string): Promise<readonly DecisionRecord[]>;
  finish(id: RebalanceId, outcome: RebalanceOutcome, endedAtMs: number): Promise<void>;
  summaries(portfolio: string, limit: number): Promise<readonly RebalanceSummary[]>;
};

/** The row as it is now; `isWritten` false: another had moved it on. */
export type OrderUpdated = { readonly isWritten: boolean; readonly record: OrderRecord };

/** What tells one request of an order from the next: a row may be `intended` again, for another one. */
type KnownRow = Pick<OrderRecord, 'state' | 'sentAtMs'>;

export type OrderStore = {
  /** Commits the intent. The first one of an id wins; the stored one comes back. */
  intend(record: OrderRecord): Promise<OrderRecord>;
  /**
   * Written only onto the state and the request that the writer knew, and never less filled: who was frozen takes nothing back.
   */
  update(id: ClientOrderId, update: OrderUpdate, known: KnownRow): Promise<OrderUpdated>;
  ofRebalance(id: RebalanceId): Promise<readonly OrderRecord[]>;
  /** Of these instruments, intended at or after a time, oldest first. */
  since(
    portfolio: string,
    instruments: readonly InstrumentId[],
    sinceMs: number,
  ): Promise<readonly OrderRecord[]>;
  /** Not in a terminal state, oldest first. */
  unended(portfolio: string): Promise<readonly OrderRecord[]>;
  find(id: ClientOrderId): Promise<OrderRecord | null>;
  /** Of a venue's ids of transfers those that another record than this one has for its own. */
  claimedTransfers(
    record: Pick<OrderRecord, 'portfolio' | 'venue' | 'clientOrderId'>,
    transferIds: readonly string[],
  ): Promise<ReadonlySet<string>>;
  /** Orders sent at a venue since a time: the message rate. */
  sentSince(portfolio: string, venue: VenueId, sinceMs: number): Promise<number>;
  /** Consecutive orders without a fill since the last fill, per instrument; those intended by then are over. */
  repeats(portfolio: string, sinceMs: number): Promise<Readonly<Record<InstrumentId, number>>>;
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
  /** Those of the fills that are not remembered yet. */
  unrecorded(portfolio: string, fills: readonly Fill[]): Promise<readonly Fill[]>;
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
  venueState(venue: VenueId): Promise<KnownVenueState | null>;
  /**
   * In one reading, since it is waited for before every request: the halt, where three cursors stand, and of each venue its rate
   * and state.
   */
  sendingState(
    portfolio: string,
    asked: {
      readonly venues: readonly VenueId[];
      readonly sinceMs: number;
      readonly permission: string;
      readonly fence: string;
      readonly leaseAsked: string;
    },
  ): Promise<SendingState>;
  /**
   * @param known of the one that the writer knew, 0: none; not there: written in any case.
   * @returns false: not written, another one was meanwhile.
   */
  recordVenueState(
    venue: VenueId,
    state: StoredVenueState,
    atMs: number,
    known?: number,
  ): Promise<boolean>;
  discrepancies(portfolio: string): Promise<readonly Discrepancy[]>;
  setDiscrepancies(portfolio: string, found: readonly Discrepancy[], atMs: number): Promise<void>;
  /** When the venue's cash events were read up to. */
  cursor(name: string): Promise<number | null>;
  setCursor(name: string, atMs: number): Promise<void>;
  /** Append-only, hash-chained. */
  appendEvent(portfolio: string, kind: string, detail: unknown, atMs: number): Promise<void>;
};

export type SendingState = {
  /** null: not halted. */
  readonly haltReason: string | null;
  readonly permittedUntilMs: number | null;
  readonly fencedUntilMs: number | null;
  readonly leaseAskedUntilMs: number | null;
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

export type KnownVenueState = StoredVenueState & {
  /** When it was looked at last. */
  readonly atMs: number;
  /** Rises with every look. */
  readonly sequence: number;
};

export type Discrepancy = {
  readonly venue: VenueId;
  /** `owner`: another daemon trades the account. */
  readonly kind: 'position' | 'wallet' | 'order' | 'fill' | 'owner';
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
  /** Any numeric series under a name of its own; a reading of a time that is there already takes its place. */
  saveReadings(series: string, readings: readonly Reading[]): Promise<void>;
  /** fromMs ≤ at < toMs, oldest first. */
  readings(series: string, fromMs: number, toMs: number): Promise<readonly Reading[]>;
};

export type Reading = { readonly atMs: number; readonly value: number };

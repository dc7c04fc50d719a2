/** The tables as Kysely sees them. Milliseconds are numbers, exact amounts are decimal text. */
import type { Generated } from 'kysely';

type Sequenced = { readonly sequence: Generated<number> };

export type DecisionRow = Sequenced & {
  readonly rebalance_id: string;
  readonly portfolio: string;
  readonly trigger: string;
  readonly scheduled_at_ms: number;
  readonly decided_at_ms: number;
  readonly code_version: string;
  readonly orders_denied: number;
  /** Snapshot, policy and decision. */
  readonly compressed: Buffer;
  readonly outcome: string | null;
  readonly ended_at_ms: number | null;
};

export type OrderRow = Sequenced & {
  readonly client_order_id: string;
  readonly portfolio: string;
  readonly rebalance_id: string;
  readonly instrument: string;
  readonly venue: string;
  readonly symbol: string;
  readonly action: string;
  readonly time_in_force: string;
  readonly quantity_base: string;
  readonly limit_price: string | null;
  readonly decision_price: number;
  readonly arrival_mid: number | null;
  readonly arrival_half_spread: number | null;
  readonly reduce_only: boolean;
  readonly slice: number;
  readonly attempt: number;
  readonly purpose: string;
  readonly state: string;
  readonly venue_order_id: string | null;
  readonly filled_base: string;
  readonly reason: string | null;
  readonly intended_at_ms: number;
  readonly sent_at_ms: number | null;
  readonly acked_at_ms: number | null;
  readonly ended_at_ms: number | null;
};

export type FillRow = Sequenced & {
  readonly portfolio: string;
  readonly venue: string;
  readonly instrument: string;
  readonly fill_id: string;
  readonly client_order_id: string | null;
  readonly venue_order_id: string;
  readonly side: string;
  readonly quantity_base: string;
  readonly price: string;
  readonly fee: string;
  readonly fee_coin: string;
  readonly is_maker: boolean;
  readonly filled_at_ms: number;
};

type TransactionRow = Sequenced & {
  readonly portfolio: string;
  readonly id: string;
  readonly kind: string;
  readonly venue: string;
  readonly at_ms: number;
  readonly instrument: string | null;
  readonly rebalance_id: string | null;
  readonly client_order_id: string | null;
};

type PostingRow = {
  readonly portfolio: string;
  readonly transaction_id: string;
  readonly line: number;
  readonly venue: string;
  readonly account: string;
  readonly commodity: string;
  readonly leg: string | null;
  readonly amount: string;
};

export type Schema = {
  readonly installation: { readonly singleton: boolean; readonly id: string };
  readonly decisions: DecisionRow;
  readonly orders: OrderRow;
  readonly fills: FillRow;
  readonly transactions: TransactionRow;
  readonly postings: PostingRow;
  readonly equity_marks: {
    readonly portfolio: string;
    readonly at_ms: number;
    readonly equity_usd: number;
    readonly flows_usd: number;
  };
  readonly venue_states: Sequenced & {
    readonly venue: string;
    readonly state: string;
    readonly confirmed_at_ms: number;
    readonly default_probability_annual: number;
    readonly evidence: string;
    readonly at_ms: number;
  };
  readonly halts: Sequenced & {
    readonly portfolio: string;
    /** null: resumed. */
    readonly reason: string | null;
    readonly at_ms: number;
  };
  readonly discrepancies: {
    readonly portfolio: string;
    readonly found: string;
    readonly at_ms: number;
  };
  readonly cursors: { readonly name: string; readonly at_ms: number };
  readonly events: {
    readonly portfolio: string;
    readonly number: number;
    readonly kind: string;
    readonly detail: string;
    readonly at_ms: number;
    readonly hash: string;
  };
  readonly leases: {
    readonly portfolio: string;
    readonly holder: string;
    readonly fencing: number;
    readonly expires_at: Date;
  };
  readonly bars: {
    readonly instrument: string;
    readonly kind: string;
    readonly bar_ms: number;
    readonly open_ms: number;
    readonly close: number;
  };
  readonly funding: { readonly instrument: string; readonly at_ms: number; readonly rate: number };
  readonly yields: {
    readonly instrument: string;
    readonly at_ms: number;
    readonly yield_annual: number;
  };
  readonly readings: { readonly series: string; readonly at_ms: number; readonly value: number };
};

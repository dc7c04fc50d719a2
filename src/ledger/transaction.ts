/**
 * Balanced entries: every transaction's postings sum to zero per commodity.
 *
 * Commodities are coins, and instruments' units (a perpetual's base quantity, an earn product's coins). A perpetual's fill
 * moves its notional through `contracts`, so that the venue's wallet is `wallet` + `contracts` + open cost, exactly.
 */
import type { DecimalText } from '../domain/decimal.ts';
import type { ClientOrderId, InstrumentId, LegId, RebalanceId, VenueId } from '../domain/ids.ts';

export type Account =
  /** Coins in the venue's wallet. */
  | 'wallet'
  /** Signed units of perpetuals and earn products. Spot coins are in `wallet`. */
  | 'position'
  /** Notional of perpetual fills, quote coin. */
  | 'contracts'
  /** The other side of trades. */
  | 'trading'
  | 'fees'
  | 'funding'
  | 'yield'
  | 'interest'
  /** Deposits, withdrawals and what was there at the start. */
  | 'external'
  /** Differences that the venue's word settled. */
  | 'adjustment';

export type TransactionKind =
  | 'opening'
  | 'fill'
  | 'cross'
  | 'funding'
  | 'yield'
  | 'interest'
  | 'external'
  | 'liquidation'
  | 'adjustment';

export type Posting = {
  readonly account: Account;
  readonly commodity: string;
  readonly amount: DecimalText;
  /** The leg it is attributed to; null: none. */
  readonly leg: LegId | null;
};

export type Transaction = {
  /** From the venue's own id, so that posting twice changes nothing. */
  readonly id: string;
  readonly kind: TransactionKind;
  readonly venue: VenueId;
  readonly atMs: number;
  readonly instrument: InstrumentId | null;
  readonly rebalanceId: RebalanceId | null;
  readonly clientOrderId: ClientOrderId | null;
  readonly postings: readonly Posting[];
};

/**
 * The venue's word wins: a discrepancy is booked explicitly against `adjustment`, never as an invented fill.
 *
 * Positions first; then reconcile again, as the venue's wallet in the book depends on the positions' cost.
 */
import { type DecimalText, decimal, multiply, negate, subtract } from '../domain/decimal.ts';
import { instrumentId, type VenueId } from '../domain/ids.ts';
import { attribute, type Weight } from './attribution.ts';
import { posting, unitsOf } from './commodity.ts';
import type { Transaction } from './transaction.ts';

export type Adjustment = {
  readonly venue: VenueId;
  readonly kind: 'position' | 'wallet';
  /** Symbol of the position, or coin of the wallet. */
  readonly subject: string;
  readonly ledger: DecimalText;
  readonly venueSays: DecimalText;
  /** Perpetuals: the mark at which the difference enters or leaves, quote coin; 1 for the rest. */
  readonly price: number;
  /** Whose it is: the legs' signed holdings, so that a position that is gone is gone for every leg. */
  readonly weights: readonly Weight[];
  /** Transactions that the subject had in the book when it was found to differ: a state of the book is adjusted once. */
  readonly basis: number;
  readonly atMs: number;
};

/** The entries that bring the ledger to what the venue says. */
export function adjustmentTransaction(adjustment: Adjustment): Transaction {
  const { venue, kind, subject, ledger, venueSays, price, weights, basis, atMs } = adjustment;
  const symbol = kind === 'position' ? subject : null;
  const parts = attribute(subtract(venueSays, ledger), weights);
  const postings = parts.flatMap(({ leg, amount }) => {
    const own = [
      posting(kind, subject, amount, leg),
      posting('adjustment', subject, negate(amount), leg),
    ];
    if (symbol === null || unitsOf(symbol).kind !== 'perpetual') return own;
    const value = multiply(amount, decimal(price));
    const { coin } = unitsOf(symbol);
    return [
      ...own,
      posting('contracts', coin, negate(value), leg),
      posting('adjustment', coin, value, leg),
    ];
  });
  return {
    id: `${idOf(adjustment)}${basis}`,
    kind: 'adjustment',
    venue,
    atMs,
    instrument: symbol === null ? null : instrumentId(venue, symbol),
    rebalanceId: null,
    clientOrderId: null,
    postings,
  };
}

const idOf = ({ venue, kind, subject }: Pick<Adjustment, 'venue' | 'kind' | 'subject'>): string =>
  `adjustment:${venue}:${kind}:${subject}:#`;

/** Whether a transaction adjusted this position or wallet. */
export const isAdjustmentOf = (
  { id }: Transaction,
  of: Pick<Adjustment, 'venue' | 'kind' | 'subject'>,
): boolean => id.startsWith(idOf(of));

/** The law of the ledger: a transaction's postings sum to zero in every commodity. */
import { add, type DecimalText, isZero, zero } from '../domain/decimal.ts';
import type { Transaction } from './transaction.ts';

/** What does not cancel, by commodity; empty for every transaction that may be posted. */
export function imbalances(transaction: Transaction): Readonly<Record<string, DecimalText>> {
  const sums = new Map<string, DecimalText>();
  for (const { commodity, amount } of transaction.postings) {
    sums.set(commodity, add(sums.get(commodity) ?? zero, amount));
  }
  return Object.fromEntries([...sums].filter(([, sum]) => !isZero(sum)));
}

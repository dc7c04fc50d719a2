/** Changes of cash that are not fills, each as a line of its own from the venue's own record. */
import { type DecimalText, negate } from '../domain/decimal.ts';
import type { CashEvent, CashEventKind } from '../domain/fill.ts';
import { attribute, type Weight } from './attribution.ts';
import { posting } from './commodity.ts';
import type { Account, Transaction, TransactionKind } from './transaction.ts';

const lines: Readonly<
  Record<CashEventKind, { readonly kind: TransactionKind; readonly against: Account }>
> = {
  funding: { kind: 'funding', against: 'funding' },
  yield: { kind: 'yield', against: 'yield' },
  interest: { kind: 'interest', against: 'interest' },
  deposit: { kind: 'external', against: 'external' },
  withdrawal: { kind: 'external', against: 'external' },
  liquidation: { kind: 'liquidation', against: 'adjustment' },
  other: { kind: 'adjustment', against: 'adjustment' },
};

/**
 * The entries of one cash event.
 *
 * @param legShares whose it is: the legs' signed shares of the net position that earned it. A long and a short leg of
 *   one netted position then pay and receive as if each had its own. Empty: no leg's.
 */
export function cashTransaction(event: CashEvent, legShares: readonly Weight[]): Transaction {
  const { kind, against } = lines[event.kind];
  const inProduct = event.account === 'earn';
  const commodity = inProduct ? `earn:${event.coin}` : event.coin;
  const shares = against === 'external' ? [] : legShares;
  const entry = (leg: Transaction['postings'][number]['leg'], amount: DecimalText) => [
    posting(inProduct ? 'position' : 'wallet', commodity, amount, leg),
    posting(against, commodity, negate(amount), leg),
  ];
  return {
    id: `cash:${event.venue}:${event.kind}:${event.eventId}`,
    kind,
    venue: event.venue,
    atMs: event.atMs,
    instrument: event.instrument,
    rebalanceId: null,
    clientOrderId: null,
    postings: attribute(event.amount, shares).flatMap((part) => entry(part.leg, part.amount)),
  };
}

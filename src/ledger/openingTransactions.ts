/**
 * What was there before the first rebalance, booked once against `external`: it is nobody's profit.
 *
 * A perpetual that was there enters at its mark, so that its cost and its notional cancel and the venue's wallet stays
 * what the venue says.
 */
import { type DecimalText, decimal, isZero, multiply, negate } from '../domain/decimal.ts';
import { instrumentId, type VenueId } from '../domain/ids.ts';
import type { CoinBalance } from '../domain/venue.ts';
import { posting, unitsOf } from './commodity.ts';
import type { Posting, Transaction } from './transaction.ts';

export type OpeningReading = {
  readonly venue: VenueId;
  readonly atMs: number;
  readonly coins: readonly Pick<CoinBalance, 'coin' | 'wallet'>[];
  /** Signed, perpetuals and earn products, by symbol. */
  readonly positions: Readonly<Record<string, DecimalText>>;
  /** Mark per perpetual that is held, quote coin. */
  readonly marks: Readonly<Record<string, number>>;
};

/** One posting and its counterpart in `external`. */
const from = (account: 'wallet' | 'position' | 'contracts', what: string, amount: DecimalText) => [
  posting(account, what, amount, null),
  posting('external', what, negate(amount), null),
];

/** A perpetual with no mark is refused by returning its symbol: it cannot be opened at a price that nobody knows. */
export type Opening =
  | { readonly kind: 'opened'; readonly transactions: readonly Transaction[] }
  | { readonly kind: 'markUnknown'; readonly symbol: string };

/**
 * One transaction for the wallet and one per position, also for an empty account: that it was empty is a fact. The ids
 * are fixed per venue and position, so that a second opening changes nothing.
 */
export function openingTransactions(reading: OpeningReading): Opening {
  const { venue, atMs, coins, positions, marks } = reading;
  const opening = (subject: string, symbol: string | null, postings: readonly Posting[]) =>
    ({
      id: `opening:${venue}:${subject}`,
      kind: 'opening',
      venue,
      atMs,
      instrument: symbol === null ? null : instrumentId(venue, symbol),
      rebalanceId: null,
      clientOrderId: null,
      postings,
    }) as const satisfies Transaction;

  const held = Object.entries(positions).filter(([, quantity]) => !isZero(quantity));
  const transactions: Transaction[] = [
    opening(
      'wallet',
      null,
      coins
        .filter(({ wallet }) => !isZero(wallet))
        .flatMap(({ coin, wallet }) => from('wallet', coin, wallet)),
    ),
  ];
  for (const [symbol, quantity] of held) {
    const { kind, unit, coin } = unitsOf(symbol);
    const mark = marks[symbol];
    if (kind === 'perpetual' && mark === undefined) return { kind: 'markUnknown', symbol };
    const cost =
      kind === 'perpetual' && mark !== undefined
        ? from('contracts', coin, negate(multiply(quantity, decimal(mark))))
        : [];
    transactions.push(opening(symbol, symbol, [...from('position', unit, quantity), ...cost]));
  }
  return { kind: 'opened', transactions };
}

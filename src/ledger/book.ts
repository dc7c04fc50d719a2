/**
 * The book: what the entries say is held, derived and never stored.
 *
 * The venue's wallet of a coin is `wallet` + `contracts` + open cost of the perpetuals settled in it: contracts + cost
 * is what closing them has realised, which is what the venue has moved into the wallet.
 */
import { add, type DecimalText, isZero, negate, zero } from '../domain/decimal.ts';
import type { LegId, VenueId } from '../domain/ids.ts';
import type { Part } from './attribution.ts';
import { symbolOf, unitsOf } from './commodity.ts';
import { emptyHolding, type Holding, trade } from './holding.ts';
import type { Account, Transaction } from './transaction.ts';

/** Sums of postings: what the database answers, and what the book is folded to. */
export type Balance = {
  readonly venue: VenueId;
  readonly account: Account;
  readonly commodity: string;
  readonly leg: LegId | null;
  readonly amount: DecimalText;
};

export type VenueHolding = Holding & { readonly venue: VenueId; readonly symbol: string };
export type LegHolding = VenueHolding & { readonly leg: LegId | null };

export type Book = {
  readonly balances: ReadonlyMap<string, Balance>;
  /** Netted, as the venue sees it; perpetuals, earn products and traded spot. */
  readonly net: ReadonlyMap<string, VenueHolding>;
  readonly byLeg: ReadonlyMap<string, LegHolding>;
};

export const emptyBook: Book = { balances: new Map(), net: new Map(), byLeg: new Map() };

const key = (...parts: readonly (string | null)[]): string => JSON.stringify(parts);

type Change = { readonly quantity: DecimalText; readonly value: DecimalText };

/** What one transaction trades of its instrument, by leg: units in, and the value paid for them. */
function changes(transaction: Transaction, symbol: string): ReadonlyMap<LegId | null, Change> {
  const { kind, unit, coin } = unitsOf(symbol);
  const found = new Map<LegId | null, Change>();
  const put = (leg: LegId | null, quantity: DecimalText, value: DecimalText): void => {
    const before = found.get(leg) ?? { quantity: zero, value: zero };
    found.set(leg, { quantity: add(before.quantity, quantity), value: add(before.value, value) });
  };
  for (const { account, commodity, amount, leg } of transaction.postings) {
    if (kind === 'spot') {
      if (account === 'trading' && commodity === unit) put(leg, negate(amount), zero);
      if (account === 'trading' && commodity === coin) put(leg, zero, amount);
    } else {
      if (account === 'position' && commodity === unit) {
        put(leg, amount, kind === 'earn' ? amount : zero);
      }
      if (account === 'contracts' && commodity === coin) put(leg, zero, negate(amount));
    }
  }
  return found;
}

/**
 * The book after more transactions.
 *
 * @param transactions oldest first; average cost depends on the order.
 */
export function applyTransactions(book: Book, transactions: readonly Transaction[]): Book {
  const balances = new Map(book.balances);
  const net = new Map(book.net);
  const byLeg = new Map(book.byLeg);
  for (const transaction of transactions) {
    const { venue, instrument } = transaction;
    for (const { account, commodity, leg, amount } of transaction.postings) {
      const at = key(venue, account, commodity, leg);
      const before = balances.get(at)?.amount ?? zero;
      balances.set(at, { venue, account, commodity, leg, amount: add(before, amount) });
    }
    if (instrument === null) continue;
    const symbol = symbolOf(instrument);
    let all: Change = { quantity: zero, value: zero };
    for (const [leg, { quantity, value }] of changes(transaction, symbol)) {
      const at = key(venue, symbol, leg);
      const before = byLeg.get(at) ?? emptyHolding;
      byLeg.set(at, { ...trade(before, quantity, value), venue, symbol, leg });
      all = { quantity: add(all.quantity, quantity), value: add(all.value, value) };
    }
    const at = key(venue, symbol);
    const before = net.get(at) ?? emptyHolding;
    net.set(at, { ...trade(before, all.quantity, all.value), venue, symbol });
  }
  return { balances, net, byLeg };
}

const sumWhere = (book: Book, wanted: (balance: Balance) => boolean): DecimalText =>
  [...book.balances.values()].filter(wanted).reduce((sum, one) => add(sum, one.amount), zero);

/** A coin's wallet as the venue states it: realised, without open positions' gains. Exact to 1e-8. */
export function venueWallet(book: Book, venue: VenueId, coin: string): DecimalText {
  const cash = sumWhere(
    book,
    (one) =>
      one.venue === venue &&
      one.commodity === coin &&
      (one.account === 'wallet' || one.account === 'contracts'),
  );
  return [...book.net.values()]
    .filter((one) => one.venue === venue && settles(one.symbol, coin))
    .reduce((sum, one) => add(sum, one.costQuote), cash);
}

const settles = (symbol: string, coin: string): boolean => {
  const units = unitsOf(symbol);
  return units.kind === 'perpetual' && units.coin === coin;
};

/** Signed units of a perpetual or earn product at a venue. */
export const positionOf = (book: Book, venue: VenueId, symbol: string): DecimalText =>
  sumWhere(
    book,
    (one) => one.venue === venue && one.account === 'position' && one.commodity === symbol,
  );

/**
 * What each leg holds of an instrument, signed; no leg's holdings included, the wallet's free coins of a spot market not.
 *
 * @param balances of the whole portfolio, from the book or from the database.
 * @param legs the legs with an exposure to it: another leg's coins may be its cash.
 */
export function heldByLeg(
  balances: Iterable<Balance>,
  venue: VenueId,
  symbol: string,
  legs: readonly LegId[],
): readonly Part[] {
  const { kind, unit } = unitsOf(symbol);
  const account: Account = kind === 'spot' ? 'wallet' : 'position';
  const isHolder = (leg: LegId | null): boolean =>
    leg === null ? kind !== 'spot' : legs.includes(leg);
  return [...balances]
    .filter(
      (one) =>
        one.venue === venue &&
        one.account === account &&
        one.commodity === unit &&
        isHolder(one.leg) &&
        !isZero(one.amount),
    )
    .map((one) => ({ leg: one.leg, amount: one.amount }));
}

/** A ledger opened with money, and fills of the perpetual that tests of books are about. */
import { decimal } from '../../src/domain/decimal.ts';
import { applyTransactions, type Book, emptyBook } from '../../src/ledger/book.ts';
import { openingTransactions } from '../../src/ledger/openingTransactions.ts';
import { fillTransaction } from '../../src/ledger/tradeTransaction.ts';
import type { Transaction } from '../../src/ledger/transaction.ts';
import { a, alpha, fillOf, perpetual } from './world.ts';

export const symbol = perpetual.symbol;
export const opened = (usdt: string): readonly Transaction[] => {
  const opening = openingTransactions({
    venue: alpha,
    atMs: 0,
    coins: [{ coin: 'USDT', wallet: decimal(usdt) }],
    positions: {},
    marks: {},
  });
  return opening.kind === 'opened' ? opening.transactions : [];
};
export const fill = (
  id: string,
  signed: number,
  price: number,
  leg = a,
  fee = '0',
  of = perpetual,
): Transaction =>
  fillTransaction(fillOf(of, id, signed, price, { amount: decimal(fee), coin: 'USDT' }), {
    instrument: of,
    weights: [{ leg, weight: 1 }],
    rebalanceId: null,
  });
export const bookOf = (...transactions: readonly Transaction[]): Book =>
  applyTransactions(emptyBook, [...opened('1000'), ...transactions]);
export const netOf = (book: Book) => [...book.net.values()].find((one) => one.symbol === symbol);
export const priceUsd = (_: unknown, commodity: string): number | undefined =>
  ({ USDT: 1, ETH: 150, [symbol]: 150 })[commodity];

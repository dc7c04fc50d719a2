/**
 * Goal: book and venue agree within half a lot and a cent; beyond that each difference is named, and adjusting ends in agreement.
 * Method: a venue's reading on either side of each tolerance.
 */
import { expect, test } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import { adjustmentTransaction } from '../../src/ledger/adjustmentTransaction.ts';
import { applyTransactions, heldByLeg } from '../../src/ledger/book.ts';
import { reconcile } from '../../src/ledger/reconcile.ts';
import { bookOf, fill, symbol } from './booksGiven.ts';
import { a, alpha, b } from './world.ts';

const reading = {
  venue: alpha,
  positions: { [symbol]: decimal('1') },
  coins: [{ coin: 'USDT', wallet: decimal('1000') }],
  quantityStepBase: { [symbol]: decimal('0.001') },
  usdByCoin: { USDT: 1 },
};

test('agreement within half a lot and a cent is agreement', () => {
  const book = bookOf(fill('1', 1, 100));
  expect(reconcile(book, reading)).toEqual([]);
  expect(
    reconcile(book, {
      ...reading,
      positions: { [symbol]: decimal('1.0005') },
      coins: [{ coin: 'USDT', wallet: decimal('1000.01') }],
    }),
  ).toEqual([]);
});

test('a little more than half a lot is a difference', () => {
  const positions = { [symbol]: decimal('1.000501') };
  expect(reconcile(bookOf(fill('1', 1, 100)), { ...reading, positions })).toHaveLength(1);
});

test('beyond that each difference is named, positions before wallets, and a position only one side knows', () => {
  const found = reconcile(bookOf(fill('1', 1, 100)), {
    ...reading,
    positions: { 'SOL/USDT:USDT': decimal('7') },
    coins: [{ coin: 'USDT', wallet: decimal('1000.02') }],
  });
  expect(found).toEqual([
    { venue: 'alpha', kind: 'position', subject: symbol, ledger: '1', venueSays: '0' },
    { venue: 'alpha', kind: 'position', subject: 'SOL/USDT:USDT', ledger: '0', venueSays: '7' },
    { venue: 'alpha', kind: 'wallet', subject: 'USDT', ledger: '1000', venueSays: '1000.02' },
  ]);
});

test('a coin without a price has no cent: it must agree to 1e-8', () => {
  const book = bookOf();
  const found = reconcile(book, {
    ...reading,
    positions: {},
    coins: [{ coin: 'USDT', wallet: decimal('1000.001') }],
    usdByCoin: {},
  });
  expect(found).toHaveLength(1);
});

test('adjusting what differs, positions first, ends in agreement with every leg’s holding gone', () => {
  let book = bookOf(fill('1', 3, 100, a), fill('2', -1, 100, b));
  const venueSays = {
    ...reading,
    positions: {},
    coins: [{ coin: 'USDT', wallet: decimal('940') }],
  };
  for (const kind of ['position', 'wallet'] as const) {
    const found = reconcile(book, venueSays).filter((one) => one.kind === kind);
    const weights = heldByLeg(book.balances.values(), alpha, symbol, [a, b]).map((part) => ({
      leg: part.leg,
      weight: part.amount,
    }));
    book = applyTransactions(
      book,
      found.map((one) =>
        adjustmentTransaction({
          ...one,
          price: 70,
          weights: kind === 'position' ? weights : [],
          basis: 3,
          atMs: 9,
        }),
      ),
    );
  }
  expect(reconcile(book, venueSays)).toEqual([]);
  expect(heldByLeg(book.balances.values(), alpha, symbol, [a, b])).toEqual([]);
});

/**
 * Goal: positions, average entries, the venue's wallet and profit by line follow from the entries alone.
 * Method: a short trading history by hand.
 */
import { expect, test } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import type { CashEvent } from '../../src/domain/fill.ts';
import {
  applyTransactions,
  emptyBook,
  heldByLeg,
  positionOf,
  venueWallet,
} from '../../src/ledger/book.ts';
import { cashTransaction } from '../../src/ledger/cashTransaction.ts';
import { averageEntry, emptyHolding, unrealisedQuote } from '../../src/ledger/holding.ts';
import { openingTransactions } from '../../src/ledger/openingTransactions.ts';
import { profitByLeg } from '../../src/ledger/profit.ts';
import { fillTransaction } from '../../src/ledger/tradeTransaction.ts';
import { bookOf, fill, netOf, priceUsd, symbol } from './booksGiven.ts';
import { a, alpha, b, fillOf, perpetual, spot } from './world.ts';

test('average cost: adding averages, reducing realises at the average, flipping opens at the new price', () => {
  const long = bookOf(fill('1', 1, 100), fill('2', 1, 110));
  expect(averageEntry(netOf(long) ?? emptyHolding)).toBe('105');
  const reduced = applyTransactions(long, [fill('3', -1, 120)]);
  expect(netOf(reduced)).toMatchObject({
    quantityBase: '1',
    costQuote: '105',
    realisedQuote: '15',
  });
  const flipped = applyTransactions(reduced, [fill('4', -3, 100)]);
  expect(netOf(flipped)).toMatchObject({
    quantityBase: '-2',
    costQuote: '-200',
    realisedQuote: '10',
  });
  expect(unrealisedQuote(netOf(flipped) ?? emptyHolding, decimal('90'))).toBe('20');
});

test('the venue’s wallet moves by what is realised and by fees, not by what is opened', () => {
  const open = bookOf(fill('1', 2, 100, a, '0.2'));
  expect(venueWallet(open, alpha, 'USDT')).toBe('999.8');
  const closed = applyTransactions(open, [fill('2', -1, 130, a, '0.1')]);
  expect(venueWallet(closed, alpha, 'USDT')).toBe('1029.7');
  expect(positionOf(closed, alpha, symbol)).toBe('1');
});

test('legs share a netted position: each has its own holding and the venue sees the sum', () => {
  const book = bookOf(fill('1', 3, 100, a), fill('2', -1, 100, b));
  expect(heldByLeg(book.balances.values(), alpha, symbol, [a, b])).toEqual([
    { leg: a, amount: '3' },
    { leg: b, amount: '-1' },
  ]);
  expect(positionOf(book, alpha, symbol)).toBe('2');
});

test('a spot holding is the leg’s coins less fees; another leg’s cash in that coin is not a holding', () => {
  const bought = fillTransaction(
    fillOf(spot, '1', 2, 100, { amount: decimal('0.002'), coin: 'ETH' }),
    {
      instrument: spot,
      weights: [{ leg: a, weight: 1 }],
      rebalanceId: null,
    },
  );
  const book = bookOf(bought);
  expect(heldByLeg(book.balances.values(), alpha, spot.symbol, [a])).toEqual([
    { leg: a, amount: '1.998' },
  ]);
  expect(heldByLeg(book.balances.values(), alpha, spot.symbol, [b])).toEqual([]);
});

test('a position that was there keeps the venue’s wallet', () => {
  const opening = openingTransactions({
    venue: alpha,
    atMs: 0,
    coins: [{ coin: 'USDT', wallet: decimal('1000') }],
    positions: { [symbol]: decimal('-2') },
    marks: { [symbol]: 1500 },
  });
  const book = applyTransactions(emptyBook, opening.kind === 'opened' ? opening.transactions : []);
  expect(venueWallet(book, alpha, 'USDT')).toBe('1000');
  expect(averageEntry(netOf(book) ?? emptyHolding)).toBe('1500');
});

const funding: CashEvent = {
  eventId: 'e',
  venue: alpha,
  kind: 'funding',
  instrument: perpetual.id,
  coin: 'USDT',
  amount: decimal('-4'),
  account: 'wallet',
  atMs: 2,
};

test('profit by line and leg at today’s mark', () => {
  const book = bookOf(
    fill('1', 2, 100, a, '0.5'),
    fill('2', -1, 100, b),
    cashTransaction(funding, [
      { leg: a, weight: 2 },
      { leg: b, weight: -1 },
    ]),
  );
  const profit = profitByLeg(book.balances.values(), priceUsd);
  expect(profit.kind === 'known' && profit.legs).toMatchObject([
    { leg: 'a', byLineUsd: { trading: 100, fees: -0.5, funding: -8 }, totalUsd: 91.5 },
    { leg: 'b', byLineUsd: { trading: -50, fees: 0, funding: 4 }, totalUsd: -46 },
  ]);
});

test('a commodity that nobody priced makes the profit unknown, never zero', () => {
  expect(profitByLeg(bookOf(fill('1', 2, 100)).balances.values(), () => undefined)).toEqual({
    kind: 'unpriced',
    commodities: [symbol, 'USDT'],
  });
});

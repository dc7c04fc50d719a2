/**
 * Goal: positions, average entries, the venue's wallet and profit by line follow from the entries alone.
 * Method: a short trading history by hand, then random histories against the identities that must hold.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { add, decimal, subtract, zero } from '../../src/domain/decimal.ts';
import type { CashEvent } from '../../src/domain/fill.ts';
import { rebalanceId } from '../../src/domain/ids.ts';
import { adjustmentTransaction } from '../../src/ledger/adjustmentTransaction.ts';
import {
  applyTransactions,
  type Book,
  emptyBook,
  heldByLeg,
  positionOf,
  venueWallet,
} from '../../src/ledger/book.ts';
import { cashTransaction } from '../../src/ledger/cashTransaction.ts';
import { averageEntry, emptyHolding, trade, unrealisedQuote } from '../../src/ledger/holding.ts';
import { openingTransactions } from '../../src/ledger/openingTransactions.ts';
import { profitByLeg } from '../../src/ledger/profit.ts';
import { reconcile } from '../../src/ledger/reconcile.ts';
import { crossTransaction, fillTransaction } from '../../src/ledger/tradeTransaction.ts';
import type { Transaction } from '../../src/ledger/transaction.ts';
import { a, alpha, b, fillOf, perpetual, spot } from './world.ts';

const symbol = perpetual.symbol;
const opened = (usdt: string): readonly Transaction[] => {
  const opening = openingTransactions({
    venue: alpha,
    atMs: 0,
    coins: [{ coin: 'USDT', wallet: decimal(usdt) }],
    positions: {},
    marks: {},
  });
  return opening.kind === 'opened' ? opening.transactions : [];
};
const fill = (
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
const bookOf = (...transactions: readonly Transaction[]): Book =>
  applyTransactions(emptyBook, [...opened('1000'), ...transactions]);
const netOf = (book: Book) => [...book.net.values()].find((one) => one.symbol === symbol);

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
const priceUsd = (_: unknown, commodity: string): number | undefined =>
  ({ USDT: 1, ETH: 150, [symbol]: 150 })[commodity];

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

const history = fc.array(
  fc.record({
    lots: fc.integer({ min: -5000, max: 5000 }).filter((lots) => lots !== 0),
    cents: fc.integer({ min: 1, max: 5_000_000 }),
    leg: fc.constantFrom(a, b),
    of: fc.constantFrom(perpetual, spot),
    cross: fc.boolean(),
  }),
  { maxLength: 25 },
);

test('property: legs sum to the net, realised − cost = −paid, and equity = outside + profit', () => {
  fc.assert(
    fc.property(history, (steps) => {
      const transactions = steps.flatMap((step, index): readonly Transaction[] => {
        const own = fill(
          String(index),
          step.lots / 1000,
          step.cents / 100,
          step.leg,
          '0.01',
          step.of,
        );
        const cross = crossTransaction({
          instrument: step.of,
          crosses: [
            { leg: a, amount: decimal(step.lots / 1000) },
            { leg: b, amount: decimal(-step.lots / 1000) },
          ],
          mark: step.cents / 100,
          rebalanceId: rebalanceId(String(index)),
          atMs: index,
        });
        return step.cross && cross !== null ? [own, cross] : [own];
      });
      const book = bookOf(...transactions);
      const held = heldByLeg(book.balances.values(), alpha, symbol, [a, b]);
      const sum = held.reduce((total, part) => add(total, part.amount), zero);
      expect(sum).toBe(positionOf(book, alpha, symbol));

      const net = netOf(book) ?? emptyHolding;
      const contracts = [...book.balances.values()]
        .filter((one) => one.account === 'contracts')
        .reduce((total, one) => add(total, one.amount), zero);
      expect(subtract(net.realisedQuote, net.costQuote)).toBe(contracts);

      const profit = profitByLeg(book.balances.values(), priceUsd);
      const earned =
        profit.kind === 'known' ? profit.legs.reduce((total, leg) => total + leg.totalUsd, 0) : NaN;
      const equity = [...book.balances.values()]
        .filter((one) => ['wallet', 'position', 'contracts'].includes(one.account))
        .reduce(
          (total, one) => total + Number(one.amount) * (priceUsd(0, one.commodity) ?? NaN),
          0,
        );
      expect(equity).toBeCloseTo(1000 + earned, 4);
    }),
    { seed: 20221104, numRuns: 150 },
  );
});

test('property: a closed position has no cost left, whatever the path', () => {
  const trades = fc.array(
    fc.tuple(fc.integer({ min: -999, max: 999 }), fc.integer({ min: 1, max: 99_999 })),
    { minLength: 1, maxLength: 20 },
  );
  fc.assert(
    fc.property(trades, fc.integer({ min: 1, max: 99_999 }), (steps, last) => {
      const after = steps.reduce(
        (holding, [lots, cents]) =>
          trade(holding, decimal(lots), decimal(((lots * cents) / 100).toFixed(2))),
        emptyHolding,
      );
      const rest = -Number(after.quantityBase);
      const flat = trade(after, decimal(rest), decimal(((rest * last) / 100).toFixed(2)));
      expect(flat.quantityBase).toBe('0');
      expect(flat.costQuote).toBe('0');
    }),
    { seed: 20221105, numRuns: 200 },
  );
});

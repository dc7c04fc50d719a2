/**
 * Goal: legs sum to the net, cost is what was paid and not realised, equity is what came from outside and the profit.
 * Method: random histories against the identities that must hold.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { add, decimal, subtract, zero } from '../../src/domain/decimal.ts';
import { rebalanceId } from '../../src/domain/ids.ts';
import { heldByLeg, positionOf } from '../../src/ledger/book.ts';
import { emptyHolding, trade } from '../../src/ledger/holding.ts';
import { profitByLeg } from '../../src/ledger/profit.ts';
import { crossTransaction } from '../../src/ledger/tradeTransaction.ts';
import type { Transaction } from '../../src/ledger/transaction.ts';
import { bookOf, fill, netOf, priceUsd, symbol } from './booksGiven.ts';
import { a, alpha, b, perpetual, spot } from './world.ts';

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

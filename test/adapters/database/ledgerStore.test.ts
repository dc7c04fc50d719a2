/**
 * Goal: postings and fills are written once, exactly, however often they are given, and only where they balance.
 * Method: a real PostgreSQL; the port by hand, and postings doubled at random in groups of every size.
 */
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { createLedgerStore } from '../../../src/adapters/database/ledgerStore.ts';
import { createOrderStore } from '../../../src/adapters/database/orderStore.ts';
import {
  instrumentId,
  legId,
  readClientOrderId,
  rebalanceId,
  venueId,
} from '../../../src/domain/ids.ts';
import { applyTransactions, type Balance, emptyBook } from '../../../src/ledger/book.ts';
import type { Transaction } from '../../../src/ledger/transaction.ts';
import { a, alpha, b, fillOf, perpetual } from '../../ledger/world.ts';
import { openedDatabase } from './openedDatabase.ts';
import { fill, order } from './recordsGiven.ts';

const database = openedDatabase();

test('transactions come back as they were posted, in the order of time', async () => {
  const store = createLedgerStore(database.queries);
  const posted = [fill('late', 1000, 9), fill('early', 7, 3)];
  expect(await store.post('ledger', posted)).toEqual(posted.map((one) => one.id));
  expect(await store.transactions('ledger', {})).toEqual([...posted].reverse());
  const filter = { sinceMs: 4, venue: alpha, rebalanceId: rebalanceId('ledger-r') };
  expect(await store.transactions('ledger', filter)).toEqual([posted[0]]);
  expect(await store.transactions('ledger', { venue: venueId('beta') })).toEqual([]);
});

test('property: posting any of it again, in any grouping, changes nothing', async () => {
  const store = createLedgerStore(database.queries);
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          id: fc.integer({ min: 0, max: 6 }),
          lots: fc.integer({ min: 1, max: 10_000_000 }),
        }),
        { minLength: 1, maxLength: 12 },
      ),
      fc.integer({ min: 1, max: 4 }),
      async (steps, group) => {
        const portfolio = `double-${run++}`;
        const unique = new Map<string, Transaction>();
        for (const { id, lots } of steps) {
          const one = fill(String(id), lots);
          if (!unique.has(one.id)) unique.set(one.id, one);
        }
        const all = [...unique.values()];
        for (let at = 0; at < all.length; at += group) {
          await store.post(portfolio, all.slice(at, at + group));
        }
        const before = await store.balances(portfolio);
        const book = applyTransactions(emptyBook, all);
        expect([...before].sort(byKey)).toEqual([...book.balances.values()].sort(byKey));
        expect(await store.post(portfolio, all)).toEqual([]);
        expect(await store.balances(portfolio)).toEqual(before);
      },
    ),
    { seed: 20221106, numRuns: 15 },
  );
});
const key = (one: Balance): string => [one.venue, one.account, one.commodity, one.leg].join('|');
const byKey = (one: Balance, other: Balance): number => (key(one) < key(other) ? -1 : 1);

test('one post with a transaction twice writes it once', async () => {
  const store = createLedgerStore(database.queries);
  const one = fill('twice', 5);
  const other = fill('other', 6);
  expect(await store.post('twice', [one, other, fill('twice', 9)])).toEqual([one.id, other.id]);
  expect(await store.transactions('twice', {})).toEqual([one, other]);
});

test('what does not balance is refused by us, and by the database from anyone', async () => {
  const store = createLedgerStore(database.queries);
  const one = fill('bad', 5);
  const bad = { ...one, postings: one.postings.slice(1) };
  await expect(store.post('bad', [bad])).rejects.toThrow('balances, was');
  await store.post('bad', [one]);
  await expect(
    sql`insert into postings values ('bad', ${one.id}, 99, 'alpha', 'wallet', 'USDT', null, 1)`.execute(
      database.queries,
    ),
  ).rejects.toThrow('does not balance in USDT, was 1');
});

test('fills are kept once, with every digit, by the rebalance of their order', async () => {
  const store = createLedgerStore(database.queries);
  await createOrderStore(database.queries).intend(order('f1', 'fills'));
  const own = {
    ...fillOf(perpetual, 'x', '0.1', '1500.05'),
    clientOrderId: readClientOrderId('f1'),
  };
  const foreign = fillOf(perpetual, 'y', 1, 1);
  await store.recordFills('fills', [own, foreign]);
  await store.recordFills('fills', [own]);
  await store.recordFills('fills', []);
  expect(await store.fillsOf(rebalanceId('fills-r'))).toEqual([own]);
  const elsewhere = { ...own, instrument: instrumentId('alpha', 'other') };
  const another = { ...own, fillId: 'not yet' };
  expect(await store.unrecorded('fills', [own, elsewhere, foreign, another])).toEqual([
    elsewhere,
    another,
  ]);
  expect(await store.unrecorded('of another', [own])).toEqual([own]);
});

test('a leg without a name is no leg', async () => {
  const store = createLedgerStore(database.queries);
  const one = fill('legs', 5);
  const mixed = {
    ...one,
    postings: one.postings.map((posting) => ({ ...posting, leg: posting.leg === b ? null : a })),
  };
  await store.post('legs', [mixed]);
  const legs = new Set((await store.balances('legs')).map((balance) => balance.leg));
  expect(legs).toEqual(new Set([legId('a'), null]));
});

/** The ledger's tables: transactions and postings, written once, summed on request. Exact: numeric in, text out. */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { decimal } from '../../domain/decimal.ts';
import {
  type InstrumentId,
  legId,
  readClientOrderId,
  rebalanceId,
  venueId,
} from '../../domain/ids.ts';
import { imbalances } from '../../ledger/balanced.ts';
import type { Posting, Transaction } from '../../ledger/transaction.ts';
import { invariant } from '../../math/invariant.ts';
import type { LedgerFilter, LedgerStore } from '../../rebalance/ports/stores.ts';
import { readFill, writeFill } from './fillRows.ts';
import type { Schema } from './schema.ts';

export function createLedgerStore(queries: Kysely<Schema>): LedgerStore {
  return {
    post: (portfolio, transactions) => post(queries, portfolio, transactions),

    balances: async (portfolio) => {
      const rows = await queries
        .selectFrom('postings')
        .select(['venue', 'account', 'commodity', 'leg'])
        .select((sum) => sum.fn.sum<string>('amount').as('amount'))
        .where('portfolio', '=', portfolio)
        .groupBy(['venue', 'account', 'commodity', 'leg'])
        .orderBy('venue')
        .orderBy('account')
        .orderBy('commodity')
        .orderBy('leg')
        .execute();
      return rows.map((row) => ({
        venue: venueId(row.venue),
        account: row.account as Posting['account'],
        commodity: row.commodity,
        leg: row.leg === null ? null : legId(row.leg),
        amount: decimal(row.amount),
      }));
    },

    transactions: (portfolio, filter) => readTransactions(queries, portfolio, filter),

    recordFills: async (portfolio, fills) => {
      if (fills.length === 0) return;
      await queries
        .insertInto('fills')
        .values(fills.map((fill) => writeFill(portfolio, fill)))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },

    unrecorded: async (portfolio, fills) => {
      const ids = [...new Set(fills.map((fill) => fill.fillId))];
      const rows = await sql<{ readonly instrument: string; readonly fill_id: string }>`
        select instrument, fill_id from fills
        where portfolio = ${portfolio} and fill_id = any(${ids}::text[])`.execute(queries);
      const known = new Set(rows.rows.map((row) => `${row.instrument} ${row.fill_id}`));
      return fills.filter((fill) => !known.has(`${fill.instrument} ${fill.fillId}`));
    },

    fillsOf: async (id) => {
      const rows = await queries
        .selectFrom('fills')
        .innerJoin('orders', 'orders.client_order_id', 'fills.client_order_id')
        .selectAll('fills')
        .where('orders.rebalance_id', '=', id)
        .orderBy('fills.filled_at_ms')
        .orderBy('fills.sequence')
        .execute();
      return rows.map(readFill);
    },
  };
}

/** One statement: a transaction and its postings are written together or were there already. The first of an id wins. */
async function post(
  queries: Kysely<Schema>,
  portfolio: string,
  transactions: readonly Transaction[],
): Promise<readonly string[]> {
  if (transactions.length === 0) return [];
  for (const one of transactions) {
    const found = Object.entries(imbalances(one));
    invariant(found.length === 0, `transaction ${one.id} balances, was ${JSON.stringify(found)}`);
  }
  const firsts = new Map<string, Transaction>();
  for (const one of transactions) if (!firsts.has(one.id)) firsts.set(one.id, one);
  const given = JSON.stringify([...firsts.values()]);
  const { rows } = await sql<{ readonly id: string }>`
    with given as materialized (
      select * from json_to_recordset(${given}::json) as t(
        id text, kind text, venue text, "atMs" bigint, instrument text, "rebalanceId" text,
        "clientOrderId" text, postings json)),
    written as (
      insert into transactions
        (portfolio, id, kind, venue, at_ms, instrument, rebalance_id, client_order_id)
      select ${portfolio}, id, kind, venue, "atMs", instrument, "rebalanceId", "clientOrderId"
      from given
      on conflict (portfolio, id) do nothing returning id, sequence),
    posted as (
      insert into postings
        (portfolio, transaction_id, line, venue, account, commodity, leg, amount)
      select ${portfolio}, given.id, line, given.venue, p ->> 'account', p ->> 'commodity',
        p ->> 'leg', (p ->> 'amount')::numeric
      from given join written using (id),
        json_array_elements(given.postings) with ordinality as postings(p, line))
    select id from written order by sequence`.execute(queries);
  return rows.map((row) => row.id);
}

type PostedRow = {
  readonly id: string;
  readonly kind: string;
  readonly venue: string;
  readonly at_ms: number;
  readonly instrument: string | null;
  readonly rebalance_id: string | null;
  readonly client_order_id: string | null;
  readonly postings: readonly {
    readonly account: string;
    readonly commodity: string;
    readonly amount: string;
    readonly leg: string | null;
  }[];
};

/** In the order of time, then of posting. */
async function readTransactions(
  queries: Kysely<Schema>,
  portfolio: string,
  filter: LedgerFilter,
): Promise<readonly Transaction[]> {
  const conditions: RawBuilder<unknown>[] = [sql`t.portfolio = ${portfolio}`];
  if (filter.rebalanceId !== undefined) {
    conditions.push(sql`t.rebalance_id = ${filter.rebalanceId}`);
  }
  if (filter.venue !== undefined) conditions.push(sql`t.venue = ${filter.venue}`);
  if (filter.sinceMs !== undefined) conditions.push(sql`t.at_ms >= ${filter.sinceMs}`);
  const { rows } = await sql<PostedRow>`
    select t.id, t.kind, t.venue, t.at_ms, t.instrument, t.rebalance_id, t.client_order_id,
      coalesce(json_agg(json_build_object('account', p.account, 'commodity', p.commodity,
        'amount', p.amount::text, 'leg', p.leg) order by p.line)
        filter (where p.line is not null), '[]') as postings
    from transactions t
    left join postings p on p.portfolio = t.portfolio and p.transaction_id = t.id
    where ${sql.join(conditions, sql` and `)}
    group by t.portfolio, t.id order by t.at_ms, t.sequence`.execute(queries);
  return rows.map(readTransaction);
}

const readTransaction = (row: PostedRow): Transaction => ({
  id: row.id,
  kind: row.kind as Transaction['kind'],
  venue: venueId(row.venue),
  atMs: row.at_ms,
  instrument: row.instrument as InstrumentId | null,
  rebalanceId: row.rebalance_id === null ? null : rebalanceId(row.rebalance_id),
  clientOrderId: row.client_order_id === null ? null : readClientOrderId(row.client_order_id),
  postings: row.postings.map(
    (posting): Posting => ({
      account: posting.account as Posting['account'],
      commodity: posting.commodity,
      amount: decimal(posting.amount),
      leg: posting.leg === null ? null : legId(posting.leg),
    }),
  ),
});

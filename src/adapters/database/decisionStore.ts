/** Decisions with their snapshots and policies: the first record of an id wins, whoever writes it. */
import type { Kysely } from 'kysely';
import { type RebalanceId, rebalanceId } from '../../domain/ids.ts';
import type { Trigger } from '../../domain/snapshot.ts';
import { invariant } from '../../math/invariant.ts';
import type {
  DecisionRecord,
  DecisionStore,
  RebalanceOutcome,
  RebalanceSummary,
} from '../../rebalance/ports/stores.ts';
import { pack, unpack } from './compressed.ts';
import type { DecisionRow, Schema } from './schema.ts';

export function createDecisionStore(queries: Kysely<Schema>): DecisionStore {
  const find = async (id: RebalanceId): Promise<DecisionRecord | null> => {
    const row = await queries
      .selectFrom('decisions')
      .selectAll()
      .where('rebalance_id', '=', id)
      .executeTakeFirst();
    return row === undefined ? null : read(row);
  };

  return {
    find,

    record: async (record) => {
      const written = await queries
        .insertInto('decisions')
        .values(await write(record))
        .onConflict((conflict) => conflict.column('rebalance_id').doNothing())
        .returning('rebalance_id')
        .executeTakeFirst();
      if (written !== undefined) return record;
      const first = await find(record.rebalanceId);
      invariant(first !== null, `a recorded decision stays, was ${record.rebalanceId} gone`);
      return first;
    },

    latest: async (portfolio) => {
      const row = await queries
        .selectFrom('decisions')
        .selectAll()
        .where('portfolio', '=', portfolio)
        .orderBy('sequence', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row === undefined ? null : read(row);
    },

    unfinished: async (portfolio) => {
      const rows = await queries
        .selectFrom('decisions')
        .selectAll()
        .where('portfolio', '=', portfolio)
        .where('outcome', 'is', null)
        .orderBy('sequence')
        .execute();
      return Promise.all(rows.map(read));
    },

    finish: async (id, outcome, endedAtMs) => {
      await queries
        .updateTable('decisions')
        .set({ outcome, ended_at_ms: endedAtMs })
        .where('rebalance_id', '=', id)
        .where('outcome', 'is', null)
        .execute();
    },

    summaries: (portfolio, limit) => summaries(queries, portfolio, limit),
  };
}

async function write(record: DecisionRecord): Promise<Omit<DecisionRow, 'sequence'>> {
  const { snapshot, policy, decision } = record;
  return {
    rebalance_id: record.rebalanceId,
    portfolio: record.portfolio,
    trigger: record.trigger,
    scheduled_at_ms: record.scheduledAtMs,
    decided_at_ms: decision.decidedAtMs,
    code_version: record.codeVersion,
    orders_denied: decision.denials.length,
    compressed: await pack({ snapshot, policy, decision }),
    outcome: null,
    ended_at_ms: null,
  };
}

async function read(row: Omit<DecisionRow, 'sequence'>): Promise<DecisionRecord> {
  const packed = (await unpack(row.compressed)) as Pick<
    DecisionRecord,
    'snapshot' | 'policy' | 'decision'
  >;
  return {
    rebalanceId: rebalanceId(row.rebalance_id),
    portfolio: row.portfolio,
    trigger: row.trigger as Trigger,
    scheduledAtMs: row.scheduled_at_ms,
    codeVersion: row.code_version,
    ...packed,
  };
}

/** Newest first; orders and fills are counted, not remembered. */
async function summaries(
  queries: Kysely<Schema>,
  portfolio: string,
  limit: number,
): Promise<readonly RebalanceSummary[]> {
  const rows = await queries
    .selectFrom('decisions as d')
    .select((has) => [
      'd.rebalance_id',
      'd.trigger',
      'd.outcome',
      'd.decided_at_ms',
      'd.ended_at_ms',
      'd.orders_denied',
      has
        .selectFrom('orders as o')
        .whereRef('o.rebalance_id', '=', 'd.rebalance_id')
        .where('o.sent_at_ms', 'is not', null)
        .select((count) => count.fn.countAll<number>().as('n'))
        .as('orders_sent'),
      has
        .selectFrom('fills as f')
        .innerJoin('orders as p', 'p.client_order_id', 'f.client_order_id')
        .whereRef('p.rebalance_id', '=', 'd.rebalance_id')
        .select((count) => count.fn.countAll<number>().as('n'))
        .as('fills'),
    ])
    .where('d.portfolio', '=', portfolio)
    .orderBy('d.sequence', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    rebalanceId: rebalanceId(row.rebalance_id),
    trigger: row.trigger as Trigger,
    outcome: row.outcome as RebalanceOutcome | null,
    decidedAtMs: row.decided_at_ms,
    endedAtMs: row.ended_at_ms,
    ordersSent: row.orders_sent ?? 0,
    ordersDenied: row.orders_denied,
    fills: row.fills ?? 0,
  }));
}

/** Orders: the intent is committed before the request leaves; its first writer wins. */
import { type Kysely, sql, type Updateable } from 'kysely';
import { decimal } from '../../domain/decimal.ts';
import { type InstrumentId, readClientOrderId, rebalanceId, venueId } from '../../domain/ids.ts';
import type { OrderRecord, OrderState, OrderUpdate } from '../../domain/order.ts';
import { invariant } from '../../math/invariant.ts';
import type { OrderStore } from '../../rebalance/ports/stores.ts';
import type { OrderRow, Schema } from './schema.ts';

const unendedStates: readonly OrderState[] = ['intended', 'unknown', 'working'];

export function createOrderStore(queries: Kysely<Schema>): OrderStore {
  const select = queries.selectFrom('orders').selectAll();
  return {
    // The update of nothing makes the row that is there come back: one round trip either way.
    intend: async (record) => {
      const row = await queries
        .insertInto('orders')
        .values(write(record))
        .onConflict((conflict) =>
          conflict
            .column('client_order_id')
            .doUpdateSet((set) => ({ client_order_id: set.ref('excluded.client_order_id') })),
        )
        .returningAll()
        .executeTakeFirstOrThrow();
      return read(row);
    },

    update: async (id, update, known) => {
      const { filledBase } = update;
      const written = await queries
        .updateTable('orders')
        .set(writeUpdate(update))
        .where('client_order_id', '=', id)
        .where('state', '=', known.state)
        .where('sent_at_ms', 'is not distinct from', known.sentAtMs)
        .$if(filledBase !== undefined, (rows) => rows.where('filled_base', '<=', filledBase ?? ''))
        .returningAll()
        .executeTakeFirst();
      if (written !== undefined) return { isWritten: true, record: read(written) };
      const row = await select.where('client_order_id', '=', id).executeTakeFirst();
      invariant(row !== undefined, `an updated order was intended before, was ${id}`);
      return { isWritten: false, record: read(row) };
    },

    ofRebalance: async (id) =>
      (await select.where('rebalance_id', '=', id).orderBy('sequence').execute()).map(read),

    since: async (portfolio, instruments, sinceMs) => {
      const rows = await select
        .where('portfolio', '=', portfolio)
        .where('instrument', 'in', instruments)
        .where('intended_at_ms', '>=', sinceMs)
        .orderBy('sequence')
        .execute();
      return rows.map(read);
    },

    unended: async (portfolio) => {
      const rows = await select
        .where('portfolio', '=', portfolio)
        .where('state', 'in', unendedStates)
        .orderBy('sequence')
        .execute();
      return rows.map(read);
    },

    find: async (id) => {
      const row = await select.where('client_order_id', '=', id).executeTakeFirst();
      return row === undefined ? null : read(row);
    },

    claimedTransfers: async ({ portfolio, venue, clientOrderId }, transferIds) => {
      if (transferIds.length === 0) return new Set();
      const rows = await queries
        .selectFrom('orders')
        .select('venue_order_id')
        .where('portfolio', '=', portfolio)
        .where('venue', '=', venue)
        .where('action', '=', 'transfer')
        .where('venue_order_id', 'in', transferIds)
        .where('client_order_id', '<>', clientOrderId)
        .execute();
      return new Set(rows.flatMap((row) => row.venue_order_id ?? []));
    },

    sentSince: async (portfolio, venue, sinceMs) => {
      const row = await queries
        .selectFrom('orders')
        .select((count) => count.fn.countAll<number>().as('sent'))
        .where('portfolio', '=', portfolio)
        .where('venue', '=', venue)
        // One that has no answer yet, or never got one, may have been sent.
        .where((order) =>
          order.or([
            order('sent_at_ms', '>=', sinceMs),
            order.and([order('sent_at_ms', 'is', null), order('intended_at_ms', '>=', sinceMs)]),
          ]),
        )
        .executeTakeFirstOrThrow();
      return row.sent;
    },

    repeats: (portfolio, sinceMs) => repeats(queries, portfolio, sinceMs),
  };
}

/** Orders that ended without a fill after the last one that had any. */
async function repeats(
  queries: Kysely<Schema>,
  portfolio: string,
  sinceMs: number,
): Promise<Readonly<Record<InstrumentId, number>>> {
  const { rows } = await sql<{ readonly instrument: string; readonly repeats: number }>`
    with last as (
      select instrument, coalesce(max(sequence) filter (where filled_base > 0), 0) as filled
      from orders where portfolio = ${portfolio} group by instrument)
    select o.instrument, count(*) as repeats
    from orders o join last using (instrument)
    where o.portfolio = ${portfolio} and o.sequence > last.filled and o.intended_at_ms > ${sinceMs}
      and o.state not in (${sql.join(unendedStates)})
    group by o.instrument`.execute(queries);
  return Object.fromEntries(rows.map((row) => [row.instrument, row.repeats]));
}

const write = (record: OrderRecord): Omit<OrderRow, 'sequence'> => ({
  client_order_id: record.clientOrderId,
  portfolio: record.portfolio,
  rebalance_id: record.rebalanceId,
  instrument: record.instrument,
  venue: record.venue,
  symbol: record.symbol,
  action: record.action,
  time_in_force: record.timeInForce,
  quantity_base: record.quantityBase,
  limit_price: record.limitPrice,
  decision_price: record.decisionPrice,
  arrival_mid: record.arrival?.mid ?? null,
  arrival_half_spread: record.arrival?.halfSpread ?? null,
  reduce_only: record.reduceOnly,
  slice: record.slice,
  attempt: record.attempt,
  purpose: record.purpose,
  state: record.state,
  venue_order_id: record.venueOrderId,
  filled_base: record.filledBase,
  reason: record.reason,
  intended_at_ms: record.intendedAtMs,
  sent_at_ms: record.sentAtMs,
  acked_at_ms: record.ackedAtMs,
  ended_at_ms: record.endedAtMs,
});

const writeUpdate = (update: OrderUpdate): Updateable<OrderRow> => ({
  ...(update.state !== undefined && { state: update.state }),
  ...(update.venueOrderId !== undefined && { venue_order_id: update.venueOrderId }),
  ...(update.filledBase !== undefined && { filled_base: update.filledBase }),
  ...(update.reason !== undefined && { reason: update.reason }),
  ...(update.sentAtMs !== undefined && { sent_at_ms: update.sentAtMs }),
  ...(update.ackedAtMs !== undefined && { acked_at_ms: update.ackedAtMs }),
  ...(update.endedAtMs !== undefined && { ended_at_ms: update.endedAtMs }),
});

const arrivalOf = (row: Omit<OrderRow, 'sequence'>): Pick<OrderRecord, 'arrival'> => {
  const { arrival_mid: mid, arrival_half_spread: halfSpread } = row;
  return mid === null || halfSpread === null ? {} : { arrival: { mid, halfSpread } };
};

const read = (row: Omit<OrderRow, 'sequence'>): OrderRecord => ({
  clientOrderId: readClientOrderId(row.client_order_id),
  portfolio: row.portfolio,
  rebalanceId: rebalanceId(row.rebalance_id),
  instrument: row.instrument as InstrumentId,
  venue: venueId(row.venue),
  symbol: row.symbol,
  action: row.action as OrderRecord['action'],
  timeInForce: row.time_in_force as OrderRecord['timeInForce'],
  quantityBase: decimal(row.quantity_base),
  limitPrice: row.limit_price === null ? null : decimal(row.limit_price),
  decisionPrice: row.decision_price,
  ...arrivalOf(row),
  reduceOnly: row.reduce_only,
  slice: row.slice,
  attempt: row.attempt,
  purpose: row.purpose as OrderRecord['purpose'],
  state: row.state as OrderState,
  venueOrderId: row.venue_order_id,
  filledBase: decimal(row.filled_base),
  reason: row.reason,
  intendedAtMs: row.intended_at_ms,
  sentAtMs: row.sent_at_ms,
  ackedAtMs: row.acked_at_ms,
  endedAtMs: row.ended_at_ms,
});

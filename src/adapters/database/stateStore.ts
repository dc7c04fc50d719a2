/** What the daemon remembers beside decisions, orders and the ledger: halts, equity, venue states, cursors, events. */
import { randomBytes } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { invariant } from '../../math/invariant.ts';
import type {
  Discrepancy,
  KnownVenueState,
  SendingState,
  StateStore,
} from '../../rebalance/ports/stores.ts';
import { createCursorReads } from './cursorReads.ts';
import { equityMarks } from './equityMarks.ts';
import type { Schema } from './schema.ts';
import { type Scope, unscoped } from './scope.ts';

export function createStateStore(queries: Kysely<Schema>, scope: Scope = unscoped): StateStore {
  const readCursor = createCursorReads(queries);
  return {
    installation: async () => {
      const row = await queries
        .insertInto('installation')
        .values({ singleton: true, id: randomBytes(16).toString('hex') })
        .onConflict((conflict) => conflict.column('singleton').doUpdateSet({ singleton: true }))
        .returning('id')
        .executeTakeFirstOrThrow();
      return row.id;
    },

    halt: async (portfolio) => {
      const row = await queries
        .selectFrom('halts')
        .select('reason')
        .where('portfolio', '=', portfolio)
        .orderBy('sequence', 'desc')
        .limit(1)
        .executeTakeFirst();
      const reason = row?.reason ?? null;
      return { halted: reason !== null, reason };
    },

    setHalt: async (portfolio, reason, atMs) => {
      await queries.insertInto('halts').values({ portfolio, reason, at_ms: atMs }).execute();
    },

    recordEquity: async (portfolio, { atMs, equityUsd, flowsUsd }) => {
      await queries
        .insertInto('equity_marks')
        .values({ portfolio, at_ms: atMs, equity_usd: equityUsd, flows_usd: flowsUsd })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },

    equityMarks: (portfolio, dayStartMs) => equityMarks(queries, portfolio, dayStartMs),

    venueState: async (venue) => {
      const { rows } = await sql<KnownVenueState>`
        select sequence, at_ms as "atMs", state, confirmed_at_ms as "confirmedAtMs",
          default_probability_annual as "defaultProbabilityAnnual", evidence
        from venue_states where venue = ${scope.venue(venue)} order by sequence desc limit 1`.execute(
        queries,
      );
      return rows[0] ?? null;
    },

    sendingState: async (portfolio, { venues, sinceMs, permission, fence, leaseAsked }) => {
      const { rows } = await sql<SendingState>`
        select
          (select reason from halts where portfolio = ${portfolio}
            order by sequence desc limit 1) as "haltReason",
          (select at_ms from cursors where name = ${scope.cursor(permission)}) as "permittedUntilMs",
          (select at_ms from cursors where name = ${scope.cursor(fence)}) as "fencedUntilMs",
          (select at_ms from cursors where name = ${scope.cursor(leaseAsked)}) as "leaseAskedUntilMs",
          (select coalesce(json_agg(json_build_object(
              'venue', venue,
              'ordersSent', (select count(*) from orders
                where portfolio = ${portfolio} and orders.venue = asked.venue
                  and (sent_at_ms >= ${sinceMs}
                    or (sent_at_ms is null and intended_at_ms >= ${sinceMs}))),
              'state', (select state from venue_states
                where venue_states.venue = asked.kept order by sequence desc limit 1))), '[]')
            from unnest(${venues}::text[], ${venues.map((id) => scope.venue(id))}::text[])
              as asked(venue, kept)) as venues`.execute(queries);
      invariant(rows[0] !== undefined, 'a select without a table has one row');
      return rows[0];
    },

    recordVenueState: async (venue, stored, atMs, known) => {
      const { state, confirmedAtMs, defaultProbabilityAnnual, evidence } = stored;
      const { rows } = await sql<{ readonly isWritten: boolean }>`
        select record_venue_state(${scope.venue(venue)}, ${state}, ${confirmedAtMs},
          ${defaultProbabilityAnnual}, ${JSON.stringify(evidence)}::jsonb, ${atMs},
          ${known ?? null}::bigint) as "isWritten"`.execute(queries);
      return rows[0]?.isWritten === true;
    },

    discrepancies: async (portfolio) => {
      const { rows } = await sql<{ readonly found: readonly Discrepancy[] }>`
        select found from discrepancies where portfolio = ${portfolio}`.execute(queries);
      return rows[0]?.found ?? [];
    },

    setDiscrepancies: async (portfolio, found, atMs) => {
      await queries
        .insertInto('discrepancies')
        .values({ portfolio, found: JSON.stringify(found), at_ms: atMs })
        .onConflict((conflict) =>
          conflict.column('portfolio').doUpdateSet({ found: JSON.stringify(found), at_ms: atMs }),
        )
        .execute();
    },

    cursor: (name) => readCursor(scope.cursor(name)),

    setCursor: async (name, atMs) => {
      await queries
        .insertInto('cursors')
        .values({ name: scope.cursor(name), at_ms: atMs })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ at_ms: atMs }))
        .execute();
    },

    appendEvent: async (portfolio, kind, detail, atMs) => {
      const text = JSON.stringify(detail ?? null);
      await sql`select append_event(${portfolio}, ${kind}, ${text}, ${atMs})`.execute(queries);
    },
  };
}

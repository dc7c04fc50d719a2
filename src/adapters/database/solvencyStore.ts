/** The solvency watch's memory, of one portfolio. */
import { type Kysely, sql } from 'kysely';
import type { VenueState } from '../../domain/venue.ts';
import type { SolvencyStore } from '../../rebalance/ports/solvency.ts';
import type { VenueMemory } from '../../signals/solvency/memory.ts';
import type { VenueOverride } from '../../signals/solvency/override.ts';
import type { Schema } from './schema.ts';

export function createSolvencyStore(queries: Kysely<Schema>, portfolio: string): SolvencyStore {
  return {
    memory: async (venue) => {
      const { rows } = await sql<{ readonly memory: VenueMemory; readonly atMs: number }>`
        select memory, at_ms as "atMs" from venue_memories
        where portfolio = ${portfolio} and venue = ${venue}`.execute(queries);
      return rows[0] ?? null;
    },

    recordMemory: async (venue, memory, atMs) => {
      await sql`
        insert into venue_memories (portfolio, venue, memory, at_ms)
        values (${portfolio}, ${venue}, ${JSON.stringify(memory)}::jsonb, ${atMs})
        on conflict (portfolio, venue) do update set memory = excluded.memory, at_ms = excluded.at_ms
        where venue_memories.at_ms <= excluded.at_ms`.execute(queries);
    },

    assessed: async (venue) => {
      const { rows } = await sql<AssessmentRow>`
        select state, confirmed_at_ms as "confirmedAtMs", at_ms as "lookedAtMs",
          state_before as "stateBefore"
        from venue_assessments
        where portfolio = ${portfolio} and venue = ${venue}`.execute(queries);
      const [row] = rows;
      if (row === undefined) return null;
      const { stateBefore, ...assessed } = row;
      return stateBefore === null ? assessed : { ...assessed, stateBefore };
    },

    recordAssessed: async (venue, { state, confirmedAtMs, stateBefore }, atMs, knownAtMs) => {
      const { rows } = await sql`
        insert into venue_assessments
          (portfolio, venue, state, confirmed_at_ms, state_before, at_ms)
        values (${portfolio}, ${venue}, ${state}, ${confirmedAtMs}, ${stateBefore ?? null}, ${atMs})
        on conflict (portfolio, venue) do update set state = excluded.state,
          confirmed_at_ms = excluded.confirmed_at_ms, state_before = excluded.state_before,
          at_ms = excluded.at_ms
        where venue_assessments.at_ms = ${knownAtMs} returning at_ms`.execute(queries);
      return rows.length > 0;
    },

    override: async (venue) => {
      const { rows } = await sql<OverrideRow>`
        select override, ended_at_ms as "endedAtMs" from venue_overrides
        where portfolio = ${portfolio} and venue = ${venue}
        order by sequence desc limit 1`.execute(queries);
      const [row] = rows;
      return row === undefined || row.endedAtMs !== null ? null : row.override;
    },

    recordOverride: async (venue, override, atMs) => {
      const text = override === null ? null : JSON.stringify(override);
      await sql`
        insert into venue_overrides (portfolio, venue, override, at_ms)
        values (${portfolio}, ${venue}, ${text}::jsonb, ${atMs})`.execute(queries);
    },

    endOverride: async (venue, override, atMs) => {
      const { rows } = await sql`
        update venue_overrides set ended_at_ms = ${atMs}
        where portfolio = ${portfolio} and venue = ${venue} and ended_at_ms is null
          and override = ${JSON.stringify(override)}::jsonb returning sequence`.execute(queries);
      return rows.length > 0;
    },
  };
}

type AssessmentRow = {
  readonly state: VenueState;
  readonly confirmedAtMs: number;
  readonly lookedAtMs: number;
  readonly stateBefore: 'watch' | null;
};

type OverrideRow = { readonly override: VenueOverride | null; readonly endedAtMs: number | null };

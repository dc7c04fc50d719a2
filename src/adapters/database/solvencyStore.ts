/** The solvency watch's memory, of one portfolio. */
import { type Kysely, sql } from 'kysely';
import type { SolvencyStore } from '../../rebalance/ports/solvency.ts';
import type { PreviousAssessment } from '../../signals/solvency/assessVenue.ts';
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
      const { rows } = await sql<PreviousAssessment>`
        select state, confirmed_at_ms as "confirmedAtMs" from venue_assessments
        where portfolio = ${portfolio} and venue = ${venue}`.execute(queries);
      return rows[0] ?? null;
    },

    recordAssessed: async (venue, { state, confirmedAtMs }, atMs) => {
      await sql`
        insert into venue_assessments (portfolio, venue, state, confirmed_at_ms, at_ms)
        values (${portfolio}, ${venue}, ${state}, ${confirmedAtMs}, ${atMs})
        on conflict (portfolio, venue) do update set state = excluded.state,
          confirmed_at_ms = excluded.confirmed_at_ms, at_ms = excluded.at_ms
        where venue_assessments.at_ms <= excluded.at_ms`.execute(queries);
    },

    override: async (venue) => {
      const { rows } = await sql<{ readonly override: VenueOverride | null }>`
        select override from venue_overrides
        where portfolio = ${portfolio} and venue = ${venue}
        order by sequence desc limit 1`.execute(queries);
      return rows[0]?.override ?? null;
    },

    recordOverride: async (venue, override, atMs) => {
      const text = override === null ? null : JSON.stringify(override);
      await sql`
        insert into venue_overrides (portfolio, venue, override, at_ms)
        values (${portfolio}, ${venue}, ${text}::jsonb, ${atMs})`.execute(queries);
    },
  };
}

/** The solvency watch's memory, of one portfolio. */
import { type Kysely, sql } from 'kysely';
import type { VenueState } from '../../domain/venue.ts';
import type { SolvencyStore } from '../../rebalance/ports/solvency.ts';
import type { VenueMemory } from '../../signals/solvency/memory.ts';
import type { VenueOverride } from '../../signals/solvency/override.ts';
import { inOneTurn } from './inOneTurn.ts';
import type { Schema } from './schema.ts';

export function createSolvencyStore(queries: Kysely<Schema>, portfolio: string): SolvencyStore {
  const read = readsOf(queries, portfolio);
  return {
    memory: async (venue) => (await read(venue)).memory,

    recordMemory: async (venue, memory, atMs) => {
      await sql`
        insert into venue_memories (portfolio, venue, memory, at_ms)
        values (${portfolio}, ${venue}, ${JSON.stringify(memory)}::jsonb, ${atMs})
        on conflict (portfolio, venue) do update set memory = excluded.memory, at_ms = excluded.at_ms
        where venue_memories.at_ms <= excluded.at_ms`.execute(queries);
    },

    assessed: async (venue) => {
      const { assessed } = await read(venue);
      if (assessed === null) return null;
      const { stateBefore, ...rest } = assessed;
      return stateBefore === null ? rest : { ...rest, stateBefore };
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

    override: async (venue) => (await read(venue)).override,

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

type Kept = {
  readonly memory: { readonly memory: VenueMemory; readonly atMs: number } | null;
  readonly assessed: {
    readonly state: VenueState;
    readonly confirmedAtMs: number;
    readonly lookedAtMs: number;
    readonly stateBefore: 'watch' | null;
  } | null;
  readonly override: VenueOverride | null;
};

/** All that is kept of a venue: who judges it asks for all of it at once. */
const readsOf = (queries: Kysely<Schema>, portfolio: string) =>
  inOneTurn(async (venues: readonly string[]) => {
    const { rows } = await sql<Kept>`
      select
        (select json_build_object('memory', memory, 'atMs', at_ms) from venue_memories
          where portfolio = ${portfolio} and venue = asked.venue) as memory,
        (select json_build_object('state', state, 'confirmedAtMs', confirmed_at_ms,
            'lookedAtMs', at_ms, 'stateBefore', state_before) from venue_assessments
          where portfolio = ${portfolio} and venue = asked.venue) as assessed,
        (select case when ended_at_ms is null then override end from venue_overrides
          where portfolio = ${portfolio} and venue = asked.venue
          order by sequence desc limit 1) as override
      from unnest(${venues}::text[]) with ordinality as asked(venue, place)
      order by asked.place`.execute(queries);
    return rows;
  });

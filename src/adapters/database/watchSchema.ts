/**
 * What a look at a venue must not lose: what it was before it went dark, that a word has ended, and what another look wrote meanwhile.
 */
import { type Kysely, type Migration, sql } from 'kysely';

export const watchSchema: Migration = {
  up: async (db: Kysely<unknown>) => {
    await sql
      .raw(`
      alter table venue_assessments add column state_before text;
      alter table venue_overrides add column ended_at_ms bigint;
      create function record_venue_state(
        v text, s text, confirmed bigint, p float8, e jsonb, t bigint, known bigint)
      returns boolean language plpgsql as $$
      begin
        perform pg_advisory_xact_lock(hashtextextended('venue_states|' || v, 0));
        if known is not null
          and exists (select 1 from venue_states where venue = v and sequence > known)
        then
          return false;
        end if;
        insert into venue_states
          (venue, state, confirmed_at_ms, default_probability_annual, evidence, at_ms)
          values (v, s, confirmed, p, e, t);
        return true;
      end $$;`)
      .execute(db);
  },
};

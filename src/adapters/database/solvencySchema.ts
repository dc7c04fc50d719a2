/** What the solvency watch remembers of each venue, and every word that a person gave against or beyond its signals. */
import { type Kysely, type Migration, sql } from 'kysely';

export const solvencySchema: Migration = {
  up: async (db: Kysely<unknown>) => {
    await sql
      .raw(`
      create table venue_memories (
        portfolio text not null, venue text not null, memory jsonb not null, at_ms bigint not null,
        primary key (portfolio, venue));
      create table venue_assessments (
        portfolio text not null, venue text not null, state text not null,
        confirmed_at_ms bigint not null, at_ms bigint not null, primary key (portfolio, venue));
      create table venue_overrides (
        sequence bigint generated always as identity primary key, portfolio text not null,
        venue text not null, override jsonb, at_ms bigint not null);
      create index venue_overrides_newest on venue_overrides (portfolio, venue, sequence desc);`)
      .execute(db);
  },
};

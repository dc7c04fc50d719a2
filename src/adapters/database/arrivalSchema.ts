/** What the book was when an attempt was checked: the part of its shortfall that it did not make itself. */
import { type Kysely, type Migration, sql } from 'kysely';

export const arrivalSchema: Migration = {
  up: async (db: Kysely<unknown>) => {
    await sql`
      alter table orders add column arrival_mid float8, add column arrival_half_spread float8`.execute(
      db,
    );
  },
};

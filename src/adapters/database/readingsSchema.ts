/** Numeric series by name: what signals are measured against, such as the basis of the last month. */
import { type Kysely, type Migration, sql } from 'kysely';

export const readingsSchema: Migration = {
  up: async (db: Kysely<unknown>) => {
    await sql`
      create table readings (
        series text not null, at_ms bigint not null, value float8 not null,
        primary key (series, at_ms))`.execute(db);
  },
};

/**
 * Cursors and venue states of a database that served one portfolio get that portfolio's name; bars and funding, whose market
 * the rows do not say, are read again.
 */
import { type Kysely, type Migration, sql } from 'kysely';

const only = `select min(portfolio) as portfolio from transactions having count(distinct portfolio) = 1`;
const isOfMarket = `name like 'bars|%|%' or name like 'funding|%|%'`;

export const scopedNames: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of [
      `delete from cursors where ${isOfMarket}`,
      `update cursors set name = one.portfolio || '|' || name from (${only}) as one`,
      `update venue_states set venue = one.portfolio || '/' || venue from (${only}) as one`,
      'delete from bars',
      'delete from funding',
      'delete from yields',
    ]) {
      await sql.raw(statement).execute(db);
    }
  },
};

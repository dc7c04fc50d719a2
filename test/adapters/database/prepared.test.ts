/**
 * Statements keep a plan on their connection: the plan may go stale, the number of plans may not grow without end.
 *
 * Method: one connection to a real server, whose own list of prepared statements is the truth.
 */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createPool, createQueries } from '../../../src/adapters/database/connection.ts';
import { startTestDatabase, type TestDatabase } from './server.ts';

let given: TestDatabase;
let queries: ReturnType<typeof createQueries>;

beforeAll(async () => {
  given = await startTestDatabase();
  const pool = createPool({ url: given.url, connectionsMax: 1, timeoutMs: 5_000 });
  queries = createQueries(pool, 'here');
});
afterAll(async () => {
  await queries.destroy();
  await given.stop();
});
beforeEach(async () => {
  await sql`drop table if exists things`.execute(queries);
  await sql`create table things (id int)`.execute(queries);
  await sql`insert into things values (${7})`.execute(queries);
});

const found = async (): Promise<unknown> =>
  (await sql`select * from things where id = ${7}`.execute(queries)).rows;
const prepared = async (): Promise<number> =>
  Number(
    (
      await sql<{ readonly n: number }>`select count(*) as n from pg_prepared_statements`.execute(
        queries,
      )
    ).rows[0]?.n,
  );

test('a repeated statement is prepared once', async () => {
  await found();
  const before = await prepared();
  await found();
  await found();
  expect(before).toBeGreaterThan(0);
  expect(await prepared()).toBe(before);
});

test('a table that is altered under a prepared statement changes its rows, and breaks nothing', async () => {
  expect(await found()).toEqual([{ id: 7 }]);
  await sql`alter table things add column colour text default 'red'`.execute(queries);
  expect(await found()).toEqual([{ id: 7, colour: 'red' }]);
  expect(await found()).toEqual([{ id: 7, colour: 'red' }]);
});

test('several statements in one text still run', async () => {
  await sql`create table a (id int); create table b (id int)`.execute(queries);
  expect((await sql`select * from b where id = ${1}`.execute(queries)).rows).toEqual([]);
});

test('a text that grows with its rows is not prepared', async () => {
  const before = await prepared();
  const rows = Array.from({ length: 500 }, (_, index) => sql`(${index}::int)`);
  await sql`insert into things values ${sql.join(rows)}`.execute(queries);
  expect(await prepared()).toBe(before);
});

test('texts without end leave a bounded number of plans', async () => {
  for (let index = 0; index < 300; index++) {
    await sql`select ${index}::int as ${sql.ref(`column_${index}`)}`.execute(queries);
  }
  expect(await prepared()).toBeLessThanOrEqual(200);
});

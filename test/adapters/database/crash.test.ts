/**
 * Goal: a database that crashes under a statement is an OperatingError to whoever asked, and no end of the process.
 * Method: a cluster of its own, shut down at once while statements run and between the statements of a transaction.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DatabaseServer, startDatabaseServer } from '../../../scripts/chaos/server.ts';
import { type Database, openDatabase } from '../../../src/adapters/database/openDatabase.ts';

let folder: string;
let server: DatabaseServer;
let database: Database;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'equipoise-crash-'));
  server = await startDatabaseServer(join(folder, 'database'));
  database = await openDatabase({ url: await server.create('crashed'), dataDir: '' });
});
afterAll(async () => {
  await database.stop();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const failure = { name: 'OperatingError', retryable: true };

describe('a database that crashes', () => {
  it('fails the statement that runs, and answers again afterwards', async () => {
    const asleep = sql`select pg_sleep(60)`
      .execute(database.queries)
      .catch((error: unknown) => error);
    await running(1);
    await server.crash();
    expect(await asleep).toMatchObject(failure);
    const { rows } = await sql<{ readonly one: number }>`select 1 as one`.execute(database.queries);
    expect(rows).toEqual([{ one: 1 }]);
  });

  it('fails the transaction whose connection broke between two statements', async () => {
    const broken = database.queries.transaction().execute(async (transaction) => {
      await sql`select 1`.execute(transaction);
      await server.crash();
      await sql`select 1`.execute(transaction);
    });
    await expect(broken).rejects.toMatchObject(failure);
  });
});

/** Until so many statements sleep. */
async function running(count: number): Promise<void> {
  for (let asked = 0; asked < 200; asked += 1) {
    const { rows } = await sql<{ readonly asleep: string }>`
      select count(*) as asleep from pg_stat_activity where wait_event = 'PgSleep'`.execute(
      database.queries,
    );
    if (Number(rows[0]?.asleep) >= count) return;
  }
  throw new Error('no statement sleeps');
}

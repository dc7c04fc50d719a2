/**
 * The database of the test file that asks for it: empty and migrated before its first test, dropped after its last.
 */
import { afterAll, beforeAll } from 'vitest';
import { type Database, openDatabase } from '../../../src/adapters/database/openDatabase.ts';
import { startTestDatabase, type TestDatabase } from './server.ts';

/** Call it once, outside of any test; `queries` is there while tests run. */
export function openedDatabase(): Pick<Database, 'queries'> {
  let server: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    server = await startTestDatabase();
    database = await openDatabase({ url: server.url, dataDir: '.' });
  });
  afterAll(async () => {
    await database.stop();
    await server.stop();
  });
  return {
    get queries() {
      return database.queries;
    },
  };
}

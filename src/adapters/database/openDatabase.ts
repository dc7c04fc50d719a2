/** The database: external by URL, or embedded in the data folder; migrated, with one pool of connections. */
import type { Kysely } from 'kysely';
import type pg from 'pg';
import { OperatingError } from '../../domain/operatingError.ts';
import { createPool, createQueries, placeOf } from './connection.ts';
import { databaseError } from './databaseError.ts';
import { embeddedServer } from './embedded/embeddedServer.ts';
import { migrate } from './migrate.ts';
import type { Schema } from './schema.ts';

export type DatabaseOptions = {
  /** `embedded`, or postgres://user:password@host:port/database. */
  readonly url: string;
  /** Embedded: where cluster and password are kept. */
  readonly dataDir: string;
  /** Embedded: null for any free one. */
  readonly port?: number | null;
  readonly connectionsMax?: number;
  /** Limit of one connect and of one statement. */
  readonly timeoutMs?: number;
  /** Embedded: limit of one start of the server. */
  readonly startMs?: number;
};

export type Database = {
  /** Holds the password: for another pool on the same database (the queue's), never for a log. */
  readonly url: string;
  /** host:port/database, for logs. */
  readonly place: string;
  readonly origin: 'external' | 'started' | 'reused';
  readonly queries: Kysely<Schema>;
  readonly pool: pg.Pool;
  /** Closes the pool; stops an embedded server that no other process uses. Close other pools on `url` before. */
  stop(): Promise<void>;
};

/** How often a server that another process is just stopping is started again. */
const attemptsMax = 3;

/** @throws OperatingError with a remedy: down, wrong credentials, no such database, cannot be started. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await open(options);
    } catch (error) {
      const again = error instanceof OperatingError && error.retryable;
      if (!again || options.url !== 'embedded' || attempt >= attemptsMax) throw error;
    }
  }
}

async function open(options: DatabaseOptions): Promise<Database> {
  const { port = null, connectionsMax = 5, timeoutMs = 15_000, startMs = 30_000 } = options;
  const server =
    options.url === 'embedded'
      ? await embeddedServer({ dataDir: options.dataDir, port, startMs })
      : { url: options.url, origin: 'external' as const, stop: async () => {} };
  const place = placeOf(server.url);
  const pool = createPool({ url: server.url, connectionsMax, timeoutMs });
  const queries = createQueries(pool, place);
  const stop = async (): Promise<void> => {
    await queries.destroy();
    await server.stop();
  };
  try {
    await migrate(queries);
  } catch (error) {
    await stop();
    throw databaseError(error, place);
  }
  return { url: server.url, place, origin: server.origin, queries, pool, stop };
}

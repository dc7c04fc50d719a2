/** A pool of connections to one database, and Kysely on it, with every failure translated in one place. */
import {
  Kysely,
  type PostgresCursor,
  PostgresDialect,
  type PostgresPool,
  type PostgresPoolClient,
  type PostgresQueryResult,
} from 'kysely';
import pg from 'pg';
import { databaseError } from './databaseError.ts';
import { createPrepare, isStalePlan } from './prepared.ts';
import type { Schema } from './schema.ts';

export type ConnectionOptions = {
  readonly url: string;
  readonly connectionsMax: number;
  /** Limit of one connect and of one statement. */
  readonly timeoutMs: number;
};

/** host:port/database of a PostgreSQL URL: what may be shown. */
export function placeOf(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}:${port === '' ? '5432' : port}${pathname}`;
}

const int8 = 20;

/** Milliseconds and counts are int8 and safe integers; numeric stays text, which is pg's default. */
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === int8 ? Number : pg.types.getTypeParser(oid, format ?? 'text'),
} as unknown as pg.CustomTypesConfig;

export function createPool({ url, connectionsMax, timeoutMs }: ConnectionOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    min: 1,
    max: connectionsMax,
    connectionTimeoutMillis: timeoutMs,
    statement_timeout: timeoutMs,
    query_timeout: timeoutMs + 1_000,
    keepAlive: true,
    types,
  });
  pool.on('error', () => {
    // An idle connection broke; the pool drops it, and the next statement says what is wrong.
  });
  pool.on('connect', (client) => {
    client.on('error', () => {
      // One that is in use broke: its statement says so, but without a listener the process would end.
    });
  });
  return pool;
}

/** Kysely on the pool; every statement throws OperatingError, never a driver's error. */
export function createQueries(pool: pg.Pool, place: string): Kysely<Schema> {
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool: translating(pool, place) }) });
}

function translating(pool: pg.Pool, place: string): PostgresPool {
  const translated = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw databaseError(error, place);
    }
  };
  const prepare = createPrepare();
  const run = async (client: pg.PoolClient, text: string, values: unknown[]) => {
    try {
      return await client.query(prepare.statement(text, values));
    } catch (error) {
      if (!isStalePlan(error)) throw error;
      prepare.forget(text);
      return await client.query(text, values);
    }
  };
  const wrappers = new WeakMap<pg.PoolClient, PostgresPoolClient>();
  const wrap = (client: pg.PoolClient): PostgresPoolClient => {
    function query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
    function query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
    function query(sql: unknown, parameters?: readonly unknown[]): unknown {
      return translated(() => run(client, sql as string, [...(parameters ?? [])]));
    }
    return { query, release: () => client.release() };
  };
  return {
    connect: async () => {
      const client = await translated(() => pool.connect());
      const known = wrappers.get(client) ?? wrap(client);
      wrappers.set(client, known);
      return known;
    },
    end: () => pool.end(),
  };
}

/**
 * A real PostgreSQL in the data folder: the one that already runs on it, or a new one.
 *
 * The server is a process of its own that outlives a killed daemon; the next start finds and uses it, so that start-up is
 * recovery. Who stops last turns it off: a command must not stop the server under a running daemon.
 */
import { mkdir, realpath } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { OperatingError } from '../../../domain/operatingError.ts';
import { errorCode } from '../databaseError.ts';
import { installedBinaries, serverUser } from './binaries.ts';
import {
  cannot,
  databaseUser,
  freePort,
  initialise,
  lastWords,
  start,
  stop as stopCluster,
} from './cluster.ts';
import { prepareHome } from './home.ts';
import { passwordFile, serverPassword } from './password.ts';
import { findPostmaster } from './postmaster.ts';

export type EmbeddedOptions = {
  readonly dataDir: string;
  /** null: any free one. A server that already runs keeps its own. */
  readonly port: number | null;
  /** Limit of one start, and of waiting for one that is under way. */
  readonly startMs: number;
};

export type EmbeddedServer = {
  /** With the password; the database exists. Connections made with it are known as this process's. */
  readonly url: string;
  readonly origin: 'started' | 'reused';
  /** Stops the server unless another process uses it. */
  stop(): Promise<void>;
};

const attemptsMax = 3;
const stopMs = 10_000;
const pollMs = 50;

/** @throws OperatingError when it cannot be made, reached or started, with the server's last words. */
export async function embeddedServer(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const { startMs } = options;
  await mkdir(options.dataDir, { recursive: true });
  const dataDir = await realpath(options.dataDir);
  const user = await serverUser();
  const password = await serverPassword(dataDir);
  const home = await prepareHome(dataDir, await installedBinaries(), user, password);

  const served = (port: number, origin: EmbeddedServer['origin']): EmbeddedServer => ({
    url: urlOf(port, password),
    origin,
    stop: async () => {
      const running = await findPostmaster(home.cluster);
      if (running === null || (await isUsedByOthers(urlOf(running.port, password)))) return;
      await stopCluster(home, user, stopMs);
    },
  });

  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const running = await findPostmaster(home.cluster);
    if (running !== null) {
      const answered = await answers(home.cluster, password, dataDir, startMs);
      const now = await findPostmaster(home.cluster);
      if (answered && now !== null) return served(now.port, 'reused');
      if (now?.pid === running.pid) await stopCluster(home, user, stopMs);
      continue;
    }
    await initialise(home, user, password);
    const port = options.port ?? (await freePort());
    if (!(await start(home, user, port, startMs))) continue;
    await makeDatabase(urlOf(port, password, 'postgres'));
    return served(port, 'started');
  }
  throw cannot('start', await lastWords(home));
}

const own = `equipoise-${process.pid}`;

const urlOf = (port: number, password: string, database = databaseUser): string =>
  `postgres://${databaseUser}:${password}@127.0.0.1:${port}/${database}?application_name=${own}`;

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 5_000,
    query_timeout: 5_000,
  });
  client.on('error', () => {}); // The statement that is under way says it.
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}

async function makeDatabase(maintenanceUrl: string): Promise<void> {
  await withClient(maintenanceUrl, (client) =>
    client.query(`create database ${databaseUser}`).catch((error: unknown) => {
      if (errorCode(error) !== '42P04') throw error; // It exists.
    }),
  );
}

/** Waits for the server that runs, which may yet be recovering. @returns false where it does not answer in time. */
async function answers(
  cluster: string,
  password: string,
  dataDir: string,
  startMs: number,
): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < startMs; waitedMs += pollMs) {
    const running = await findPostmaster(cluster);
    if (running === null) return false;
    try {
      await makeDatabase(urlOf(running.port, password, 'postgres'));
      return true;
    } catch (error) {
      if (errorCode(error) === '28P01') throw wrongPassword(dataDir, error);
    }
    await sleep(pollMs);
  }
  return false;
}

const wrongPassword = (dataDir: string, cause: unknown): OperatingError =>
  new OperatingError(
    `the embedded database refuses its password, was that of ${passwordFile(dataDir)}`,
    {
      retryable: false,
      remedy: 'Restore the password file that belongs to this data folder, or use another folder.',
      cause,
    },
  );

/** A server that cannot be asked is not stopped. */
async function isUsedByOthers(url: string): Promise<boolean> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ readonly others: string }>(
      `select count(*) as others from pg_stat_activity
       where backend_type = 'client backend' and application_name <> $1`,
      [own],
    );
    return rows[0]?.others !== '0';
  }).catch(() => true);
}

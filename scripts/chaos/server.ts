/** The database of a chaos run: an embedded PostgreSQL that is crashed and started again on the same port. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { embeddedServer } from '../../src/adapters/database/embedded/embeddedServer.ts';
import { findPostmaster } from '../../src/adapters/database/embedded/postmaster.ts';

export type DatabaseServer = {
  /** An empty database of its own. @returns its URL. */
  create(name: string): Promise<string>;
  /** Immediate shutdown, as by SIGQUIT: no checkpoint, connections cut; then a start that recovers. */
  crash(): Promise<void>;
  stop(): Promise<void>;
};

const startMs = 30_000;
const goneMs = 10_000;

export async function startDatabaseServer(dataDir: string): Promise<DatabaseServer> {
  const server = await embeddedServer({ dataDir, port: null, startMs });
  const port = Number(new URL(server.url).port);
  const { rows } = await ask(server.url, 'show data_directory');
  const cluster = String((rows[0] as { data_directory: string }).data_directory);
  return {
    create: async (name) => {
      await ask(server.url, `create database ${name}`);
      const url = new URL(server.url);
      url.pathname = `/${name}`;
      return url.href;
    },
    crash: async () => {
      const running = await findPostmaster(cluster);
      if (running !== null) process.kill(running.pid, 'SIGQUIT');
      for (let waitedMs = 0; waitedMs < goneMs; waitedMs += 20) {
        if ((await findPostmaster(cluster)) === null) break;
        await sleep(20);
      }
      await embeddedServer({ dataDir, port, startMs });
    },
    stop: () => server.stop(),
  };
}

async function ask(url: string, text: string) {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await client.query(text);
  } finally {
    await client.end();
  }
}

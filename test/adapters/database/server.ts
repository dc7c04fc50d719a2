/**
 * A fresh database per test file on one embedded server: the first file starts it, the others find it, the last stops it.
 *
 * The server's folder is kept between runs, so only the very first run on a machine pays for making the cluster.
 */
import { createHash, randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { embeddedServer } from '../../../src/adapters/database/embedded/embeddedServer.ts';

export type TestDatabase = { readonly url: string; readonly stop: () => Promise<void> };

const folder = (): string => {
  const checkout = createHash('sha256')
    .update(import.meta.url)
    .digest('hex')
    .slice(0, 8);
  return join(tmpdir(), `equipoise-test-${process.getuid?.() ?? 0}-${checkout}`);
};

/** How often a server that another file is just stopping is started again. */
const attemptsMax = 5;

/** Empty, not migrated: give `url` to `openDatabase`. `stop` drops it; close what uses it before. */
export async function startTestDatabase(): Promise<TestDatabase> {
  for (let attempt = 1; ; attempt++) {
    const server = await embeddedServer({ dataDir: folder(), port: null, startMs: 30_000 });
    const anchor = new pg.Client({ connectionString: server.url });
    anchor.on('error', () => {});
    const name = `test_${randomUUID().replaceAll('-', '')}`;
    try {
      await anchor.connect(); // From here on no other file stops the server.
      await anchor.query(`create database ${name}`);
    } catch (error) {
      if (attempt >= attemptsMax) throw error;
      continue;
    }
    const url = new URL(server.url);
    url.pathname = `/${name}`;
    return {
      url: url.href,
      stop: async () => {
        await anchor.query(`drop database if exists ${name} with (force)`);
        await anchor.end();
        await server.stop();
      },
    };
  }
}

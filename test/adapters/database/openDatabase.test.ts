/**
 * Goal: the embedded server outlives a killed daemon and is found again; whoever leaves last stops it; every way in
 * which a database is not there says so in one line without its password.
 * Method: real servers in a folder of their own, a child process that is killed, pid files that lie, wrong URLs.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findPostmaster } from '../../../src/adapters/database/embedded/postmaster.ts';
import { openDatabase } from '../../../src/adapters/database/openDatabase.ts';
import { OperatingError } from '../../../src/domain/operatingError.ts';
import { startTestDatabase } from './server.ts';

let dataDir: string;
const cluster = (): string => join(dataDir, 'postgres', 'cluster');
const open = () => openDatabase({ url: 'embedded', dataDir });

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'equipoise-open-'));
});
const children = new Set<ChildProcess>();
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL'); // What a failed test left.
  await (await open()).stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** A process that has the database open. */
async function holder(): Promise<{ readonly child: ChildProcess; readonly said: string }> {
  const script = new URL('./holdOpen.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, ['--import', 'tsx', script, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, said: said.toString() };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

const failure = async (work: Promise<unknown>): Promise<OperatingError> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof OperatingError) return error;
    throw error;
  }
  throw new Error('it fails, was no failure');
};

test('the password is kept where only its owner reads it, and the server stops with its last user', async () => {
  const database = await open();
  expect(database.origin).toBe('started');
  expect(database.place).toMatch(/^127\.0\.0\.1:\d+\/equipoise$/);
  expect((await stat(join(dataDir, 'database.password'))).mode & 0o777).toBe(0o600);
  await database.stop();
  expect(await findPostmaster(cluster())).toBeNull();
});

test('kill -9 leaves the server: the next start uses that very process, with what was committed', async () => {
  const { child, said } = await holder();
  expect(said).toMatch(/^started/);
  const before = await findPostmaster(cluster());
  await end(child, 'SIGKILL');
  const database = await open();
  expect(database.origin).toBe('reused');
  expect(await findPostmaster(cluster())).toEqual(before);
  await sql`insert into cursors values ('kept', 1)`.execute(database.queries);
  await database.stop();
  expect(await findPostmaster(cluster())).toBeNull();
  const again = await open();
  const { rows } = await sql`select at_ms from cursors where name = 'kept'`.execute(again.queries);
  expect(rows).toEqual([{ at_ms: 1 }]);
  await again.stop();
});

test('a second user leaves the server to the first, whose SIGTERM stops it', async () => {
  const { child } = await holder();
  const command = await open();
  expect(command.origin).toBe('reused');
  await command.stop();
  expect(await findPostmaster(cluster())).not.toBeNull();
  await end(child, 'SIGTERM');
  expect(await findPostmaster(cluster())).toBeNull();
});

test('a server that died with its daemon recovers from its own pid file', async () => {
  const { child } = await holder();
  const running = await findPostmaster(cluster());
  await end(child, 'SIGKILL');
  process.kill(running?.pid ?? 0, 'SIGKILL');
  const database = await open();
  await database.stop();
  expect((await findPostmaster(cluster()))?.pid).toBeUndefined();
});

test('a pid file that names a stranger is not believed, and the stranger is left alone', async () => {
  const path = join(cluster(), 'postmaster.pid');
  await writeFile(path, `${process.pid}\n${cluster()}\n1\n1\n\n127.0.0.1\n`);
  const database = await open();
  expect(database.origin).toBe('started');
  await database.stop();
});

test('two who start at once share one server', async () => {
  const both = await Promise.all([open(), open()]);
  expect(both[0].place).toBe(both[1].place);
  await both[0].stop();
  await both[1].stop();
});

test('a password that does not belong to the cluster is said, and nothing is stopped', async () => {
  const { child } = await holder();
  const path = join(dataDir, 'database.password');
  const right = await readFile(path, 'utf8');
  await writeFile(path, 'wrong\n');
  const error = await failure(open());
  expect(error.message).toMatch(/refuses its password, was that of .*database\.password$/);
  expect(error.retryable).toBe(false);
  await writeFile(path, right);
  await end(child, 'SIGTERM');
});

test('a port that is taken is said with the server’s own words', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const error = await failure(openDatabase({ url: 'embedded', dataDir, port }));
  expect(error.message).toMatch(/cannot start the embedded database, was .*FATAL/);
  taken.close();
});

test('down, wrong password, no such database: each one line with a remedy, never the password', async () => {
  const database = await open();
  const told: string[] = [];
  for (const change of [{ port: '1' }, { password: 'hunter2' }, { pathname: '/nowhere' }]) {
    const url = new URL(database.url);
    Object.assign(url, change);
    const error = await failure(openDatabase({ url: url.href, dataDir }));
    told.push(`${error.retryable} ${error.message}`);
    expect(error.remedy).toMatch(/config/);
    for (const secret of [url.password, new URL(database.url).password]) {
      expect(`${error.message} ${error.remedy}`).not.toContain(secret);
    }
  }
  expect(told).toEqual([
    expect.stringMatching(/^true database at .* does not answer, was /),
    expect.stringMatching(/^false database at .* refuses these credentials, was /),
    expect.stringMatching(/^false database at .* no database of that name, was /),
  ]);
  await database.stop();
});

test('a schema from a newer version is refused', async () => {
  const server = await startTestDatabase();
  const openIt = () => openDatabase({ url: server.url, dataDir });
  const database = await openIt();
  const later = "insert into kysely_migration values ('9999-later', '2030-01-01')";
  await sql.raw(later).execute(database.queries);
  await database.stop();
  expect((await failure(openIt())).message).toContain('cannot be brought up to date');
  await server.stop();
});

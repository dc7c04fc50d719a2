/** A cluster's life: made whole or not at all, started apart from the daemon, stopped in order. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chown, open, readdir, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { OperatingError } from '../../../domain/operatingError.ts';
import { errorCode } from '../databaseError.ts';
import type { ServerUser } from './binaries.ts';
import type { Home } from './home.ts';

export const databaseUser = 'equipoise';

const logBytesMax = 10_000_000;
const logFile = (cluster: string): string => join(cluster, 'server.log');

/** One machine, one daemon: little memory, no replication, no sockets but loopback. Commits stay durable. */
const settings = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'shared_buffers=32MB',
  'max_connections=60',
  'wal_level=minimal',
  'max_wal_senders=0',
  'max_wal_size=256MB',
  'io_method=sync',
  'log_min_messages=warning',
  'log_min_error_statement=panic',
];

type Ran = { readonly exitCode: number | null; readonly said: string };

/** Runs one of PostgreSQL's programs as the server's user, with nothing of our environment. */
function runTool(
  home: Home,
  user: ServerUser,
  tool: 'initdb' | 'pg_ctl',
  args: readonly string[],
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(home.native, 'bin', tool), args, {
      cwd: home.folder,
      env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
      // A server keeps what it inherits open: it may have no pipe to us.
      stdio: ['ignore', 'ignore', tool === 'initdb' ? 'pipe' : 'ignore'],
      detached: true,
      ...user,
    });
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString('utf8')).slice(-2_000);
    });
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, said: said.trim() }));
  });
}

/** initdb beside the cluster's place, then one rename: killed in between, there is no cluster. @throws OperatingError */
export async function initialise(home: Home, user: ServerUser, password: string): Promise<void> {
  if ((await stat(join(home.cluster, 'PG_VERSION')).catch(() => null)) !== null) return;
  await removeLeftovers(home);
  const fresh = join(home.folder, `new-${process.pid}-${randomUUID()}`);
  const secret = `${fresh}.password`;
  try {
    await writeFile(secret, `${password}\n`, { mode: 0o600, flag: 'wx' });
    if (user !== null) await chown(secret, user.uid, user.gid);
    const { exitCode, said } = await runTool(home, user, 'initdb', [
      `--pgdata=${fresh}`,
      `--username=${databaseUser}`,
      `--pwfile=${secret}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--no-instructions',
    ]);
    if (exitCode !== 0) throw cannot('make', said);
    await rename(fresh, home.cluster).catch((error: unknown) => {
      // Another daemon was first: its cluster is as good.
      if (errorCode(error) !== 'ENOTEMPTY' && errorCode(error) !== 'EEXIST') throw error;
    });
  } finally {
    await rm(secret, { force: true });
    await rm(fresh, { recursive: true, force: true });
  }
}

/** What a killed start left: folders named after a process that is gone. */
async function removeLeftovers(home: Home): Promise<void> {
  for (const name of await readdir(home.folder)) {
    const pid = Number(/^new-(\d+)-/.exec(name)?.[1]);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    try {
      process.kill(pid, 0);
    } catch (error) {
      if (errorCode(error) !== 'ESRCH') continue;
      await rm(join(home.folder, name), { recursive: true, force: true });
    }
  }
}

/** @returns whether it accepts connections; false where another start was first or it failed: look again. */
export async function start(
  home: Home,
  user: ServerUser,
  port: number,
  startMs: number,
): Promise<boolean> {
  const log = logFile(home.cluster);
  const written = await stat(log).catch(() => null);
  if (written !== null && written.size > logBytesMax) await truncate(log);
  const flags = [`-p ${port}`, ...settings.map((setting) => `-c ${setting}`)].join(' ');
  const { exitCode } = await runTool(home, user, 'pg_ctl', [
    'start',
    `--pgdata=${home.cluster}`,
    `--log=${log}`,
    `--options=${flags}`,
    '--wait',
    `--timeout=${Math.ceil(startMs / 1000)}`,
    '--silent',
  ]);
  return exitCode === 0;
}

/** Ends connections, writes a checkpoint, waits until it is gone; by force where that takes too long. */
export async function stop(home: Home, user: ServerUser, stopMs: number): Promise<void> {
  for (const mode of ['fast', 'immediate']) {
    const { exitCode } = await runTool(home, user, 'pg_ctl', [
      'stop',
      `--pgdata=${home.cluster}`,
      `--mode=${mode}`,
      '--wait',
      `--timeout=${Math.ceil(stopMs / 1000)}`,
      '--silent',
    ]);
    if (exitCode === 0) return;
  }
}

/** A port nobody listens on now; asked of the system. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

/** The last thing the server said, for the message when it does not start. */
export async function lastWords(home: Home): Promise<string> {
  const file = await open(logFile(home.cluster)).catch(() => null);
  if (file === null) return 'no log';
  try {
    const { size } = await file.stat();
    const bytes = Math.min(size, 2_000);
    const { buffer } = await file.read(Buffer.alloc(bytes), 0, bytes, size - bytes);
    const lines = buffer.toString('utf8').trim().split('\n');
    return lines.findLast((line) => /FATAL|PANIC|ERROR/.test(line)) ?? lines.at(-1) ?? 'nothing';
  } finally {
    await file.close();
  }
}

export const cannot = (what: string, said: string): OperatingError =>
  new OperatingError(`cannot ${what} the embedded database, was ${said}`, {
    retryable: false,
    remedy: 'Check the space and the rights of the data folder, or set `database` to a URL.',
  });

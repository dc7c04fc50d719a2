/**
 * The built daemon on paper, as `npm start` runs it in a folder of its own: time from a cold start to ready and to the first
 * fill, and what it holds in memory half a minute later. Database server and simulator are processes of their own and not counted.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { printFigure } from './figure.ts';

const root = resolve(import.meta.dirname, '../..');
const cli = join(root, 'dist/cli.js');
const fillMsMax = 60_000;
const idleMs = 30_000;
const pollMs = 100;

export async function benchDaemon(): Promise<void> {
  if (!existsSync(cli)) throw new Error('the daemon must be built: run `npm run build`');
  const folder = await mkdtemp(join(tmpdir(), 'equipoise-bench-'));
  const config = join(folder, 'config.yaml');
  const port = await freePort();
  writeFileSync(config, JSON.stringify(await paperConfig(folder, port)));
  const startedMs = performance.now();
  const daemon = spawn(process.execPath, [cli, 'run', '--config', config], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  daemon.stderr.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString('utf8')).slice(-100_000);
  });
  const ended = once(daemon, 'exit');
  const sinceStart = () => performance.now() - startedMs;
  try {
    await until(daemon, () => log.includes('"event":"ready"'));
    printFigure('daemon.coldStartToReady', sinceStart(), 'ms');
    await until(daemon, async () => (await fillsAt(port)) > 0);
    printFigure('daemon.coldStartToFirstFill', sinceStart(), 'ms');
    await sleep(idleMs);
    printFigure('daemon.residentMemory', residentMb(daemon), 'MB', { afterMs: idleMs });
  } catch (error) {
    throw new Error(`the daemon failed; its last words: ${log.slice(-600)}`, { cause: error });
  } finally {
    daemon.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
}

/** The shipped paper config on free ports, its data beside it. */
async function paperConfig(folder: string, port: number): Promise<unknown> {
  const text = readFileSync(join(root, 'config/paper.yaml'), 'utf8');
  const shipped = parse(text) as { readonly venues: { readonly alpha: object } };
  const endpoint = `http://127.0.0.1:${await freePort()}`;
  return {
    ...shipped,
    dataDir: join(folder, 'data'),
    http: { host: '127.0.0.1', port },
    venues: { alpha: { ...shipped.venues.alpha, endpoint } },
  };
}

async function until(
  daemon: ChildProcess,
  isDone: () => boolean | Promise<boolean>,
): Promise<void> {
  for (let waitedMs = 0; waitedMs < fillMsMax; waitedMs += pollMs) {
    if (await isDone()) return;
    if (daemon.exitCode !== null) throw new Error(`it ended with code ${daemon.exitCode}`);
    await sleep(pollMs);
  }
  throw new Error(`it took more than ${fillMsMax} ms`);
}

/** The simulator would say it too, but the figure is of a fill that the ledger has. */
async function fillsAt(port: number): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/api/status`);
  const status = (await response.json()) as { readonly lastRebalance?: { readonly fills: number } };
  return status.lastRebalance?.fills ?? 0;
}

/** By ps, which Linux and macOS have: kilobytes. */
const residentMb = ({ pid }: ChildProcess): number =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port was given');
  return address.port;
}

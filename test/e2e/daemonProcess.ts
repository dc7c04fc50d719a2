/** The program as a person starts it: built if its sources are newer, run as processes of its own, on free ports. */
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const root = resolve(import.meta.dirname, '../..');
export const cli = join(root, 'dist', 'cli.js');
const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const buildMs = 120_000;
/** tsc: errors, but everything was written; the type check is `npm run check`'s. */
const writtenAnyway = 2;

/** One builder at a time on this checkout; whoever comes second finds it done. */
export async function ensureBuilt(): Promise<void> {
  if (isFresh()) return;
  const lock = join(root, 'dist.building');
  for (let waitedMs = 0; !isLocked(lock); waitedMs += 200) {
    if (waitedMs >= buildMs) throw new Error(`${lock} is in the way: remove it`);
    await sleep(200);
  }
  try {
    if (!isFresh()) await build();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

const isLocked = (lock: string): boolean => {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
};

async function build(): Promise<void> {
  const args = [compiler, '-p', join(root, 'tsconfig.build.json')];
  try {
    await promisify(execFile)(process.execPath, args, { cwd: root, timeout: buildMs });
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== writtenAnyway) throw error;
  }
}

function isFresh(): boolean {
  if (!existsSync(cli)) return false;
  const builtMs = statSync(cli).mtimeMs;
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  return sources.every(
    (name) => !name.endsWith('.ts') || statSync(join(root, 'src', name)).mtimeMs <= builtMs,
  );
}

export type Ended = {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly tookMs: number;
};

export type RunOptions = {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Killed after that: its code is then null. */
  readonly limitMs?: number;
};

/** Runs one command to its end. */
export function runCli(args: readonly string[], options: RunOptions): Promise<Ended> {
  const startedMs = Date.now();
  return new Promise((settle, reject) => {
    const child = spawn(process.execPath, [cli, ...args], {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: options.limitMs ?? 60_000,
      killSignal: 'SIGKILL',
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
    child.once('error', reject);
    child.once('close', (code) => settle({ code, stdout, stderr, tookMs: Date.now() - startedMs }));
  });
}

export function freePort(): Promise<number> {
  return new Promise((settle, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => settle(port));
    });
  });
}

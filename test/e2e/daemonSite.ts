/**
 * A place where the daemon runs: a folder of its own, the shipped paper config on free ports, a simulated exchange that
 * belongs to the test and so outlives every daemon, and the daemon's own processes.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import type { JournalEntry } from '../../src/simulator/core/entries.ts';
import type { FaultRequest } from '../../src/simulator/http/faultSchema.ts';
import { cli, freePort } from './daemonProcess.ts';

const shipped = resolve(import.meta.dirname, '../../config/paper.yaml');
const pollMs = 50;
const startMs = 30_000;

/** A config as YAML has it: sections by name, to be overlaid. */
export type Overlay = Readonly<Record<string, unknown>>;

export type Site = {
  readonly folder: string;
  readonly configFile: string;
  readonly config: Overlay;
  readonly dataDir: string;
  readonly endpoint: string;
  readonly origin: string;
  journal(): Promise<readonly JournalEntry[]>;
  inject(fault: FaultRequest): Promise<void>;
  /** Writes a variant of the config beside it. @returns its path. */
  variant(name: string, over: Overlay): string;
  /** Starts a daemon; its log goes to a file in the folder. */
  start(args?: readonly string[]): ChildProcess;
  log(): string;
  /** Ends the exchange and removes the folder. Stop the daemons before. */
  close(): Promise<void>;
};

/** @param over laid over the shipped config, section by section. */
export async function openSite(over: Overlay = {}): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'equipoise-site-'));
  const [httpPort, venuePort] = [await freePort(), await freePort()];
  const endpoint = `http://127.0.0.1:${venuePort}`;
  const config = overlaid(parse(readFileSync(shipped, 'utf8')) as Overlay, {
    dataDir: join(folder, 'var'),
    http: { host: '127.0.0.1', port: httpPort },
    venues: { alpha: { exchange: 'bybit', environment: 'simulated', endpoint } },
    ...over,
  });
  const logFile = join(folder, 'daemon.log');
  const write = (name: string, content: Overlay): string => {
    const file = join(folder, `${name}.yaml`);
    writeFileSync(file, JSON.stringify(content));
    return file;
  };
  const configFile = write('config', config);
  const exchange = await startExchange(folder, venuePort, endpoint);
  return {
    folder,
    configFile,
    config,
    dataDir: join(folder, 'var'),
    endpoint,
    origin: `http://127.0.0.1:${httpPort}`,
    journal: async () => {
      const read = (await (await fetch(`${endpoint}/simulator/journal`)).json()) as {
        readonly entries: readonly JournalEntry[];
      };
      return read.entries;
    },
    inject: async (fault) => {
      const body = JSON.stringify(fault);
      const answer = await fetch(`${endpoint}/simulator/faults`, { method: 'POST', body });
      if (!answer.ok) throw new Error(`the exchange refused a fault: ${await answer.text()}`);
    },
    variant: (name, change) => write(name, overlaid(config, change)),
    start: (args = ['run', '--config', configFile]) => {
      const log = openSync(logFile, 'a');
      const child = spawn(process.execPath, [cli, ...args], {
        cwd: folder,
        stdio: ['ignore', log, log],
      });
      closeSync(log);
      return child;
    },
    log: () => readFileSync(logFile, 'utf8'),
    close: async () => {
      await ended(exchange, 'SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Sections are merged key by key, anything else is replaced; undefined removes. */
function overlaid(base: Overlay, over: Overlay): Overlay {
  const isSection = (value: unknown): value is Overlay =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  const merged = Object.entries(over).map(([key, value]) => {
    const before = base[key];
    return [key, isSection(value) && isSection(before) ? overlaid(before, value) : value];
  });
  return { ...base, ...Object.fromEntries(merged) };
}

async function startExchange(folder: string, port: number, endpoint: string) {
  const log = openSync(join(folder, 'exchange.log'), 'a');
  const child = spawn(
    process.execPath,
    [cli, 'simulator', '--port', String(port), '--seed', '7', '--state', join(folder, 'exchange')],
    { cwd: folder, stdio: ['ignore', log, log] },
  );
  closeSync(log);
  for (let waitedMs = 0; waitedMs < startMs; waitedMs += pollMs) {
    const answer = await fetch(`${endpoint}/v5/market/time`).catch(() => null);
    if (answer?.ok === true) return child;
    if (child.exitCode !== null) break;
    await sleep(pollMs);
  }
  throw new Error(`no exchange: ${readFileSync(join(folder, 'exchange.log'), 'utf8')}`);
}

/** Milliseconds until the daemon may trade, or null with the reasons where it does not come to that in time. */
export async function readyAfter(
  { origin }: Pick<Site, 'origin'>,
  limitMs: number,
): Promise<{ readonly ms: number } | { readonly ms: null; readonly reasons: string }> {
  const startedMs = Date.now();
  let reasons = 'no answer';
  while (Date.now() - startedMs < limitMs) {
    try {
      const answer = await fetch(`${origin}/readyz`, { signal: AbortSignal.timeout(2_000) });
      if (answer.status === 200) return { ms: Date.now() - startedMs };
      reasons = await answer.text();
    } catch {
      // Not up yet.
    }
    await sleep(pollMs);
  }
  return { ms: null, reasons };
}

/** Sends a signal and waits for the end. @returns the exit code, null where the signal itself ended it. */
export async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exit = new Promise<number | null>((settle) => child.once('exit', settle));
  child.kill(signal);
  return await exit;
}

/**
 * The simulator beside the daemon: a process of its own, which lives on when the daemon dies, as an exchange would.
 *
 * It is started where nothing answers at the endpoint, and found again by the next start.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperatingError } from '../../domain/operatingError.ts';
import type { Clock } from '../../rebalance/ports.ts';

export type SimulatorLaunch = {
  readonly endpoint: string;
  readonly seed: number;
  /** Recorded data: folder, span and assumptions; null: the generator. */
  readonly recorded: {
    readonly folder: string;
    readonly from: string;
    readonly to: string | null;
    readonly symbols: readonly string[];
    readonly earnAnnual: Readonly<Record<string, number>>;
  } | null;
  readonly balances: Readonly<Record<string, number>>;
  /** Where its account and log are kept. */
  readonly folder: string;
  /** This program's entry, and what node was started with. */
  readonly cli: string;
  readonly nodeOptions: readonly string[];
};

const answerMs = 1_000;
const startMs = 20_000;
const pollMs = 100;

/** The venue's time less ours: a recorded market lives in its own year. @throws OperatingError when it does not come up. */
export async function ensureSimulator(launch: SimulatorLaunch, clock: Clock): Promise<number> {
  const running = await timeThere(launch.endpoint);
  if (running !== null) return running - clock.nowMs();
  const pid = start(launch);
  const giveUpMs = clock.nowMs() + startMs;
  while (clock.nowMs() < giveUpMs) {
    await clock.sleep(pollMs);
    const nowThere = await timeThere(launch.endpoint);
    if (nowThere !== null) return nowThere - clock.nowMs();
    if (!isAlive(pid)) break;
  }
  throw new OperatingError(`the simulator at ${launch.endpoint} did not start`, {
    retryable: false,
    remedy: `read ${join(launch.folder, 'simulator.log')}; the last lines are: ${lastLines(launch.folder)}`,
  });
}

/** Ends the simulator that a daemon with this folder started, if it is there. */
export function stopSimulator(folder: string): void {
  const file = join(folder, 'pid');
  try {
    process.kill(Number(readFileSync(file, 'utf8')), 'SIGTERM');
  } catch {
    // It is gone already, or was never ours.
  }
  rmSync(file, { force: true });
}

function start(launch: SimulatorLaunch): number {
  const { folder, recorded, balances } = launch;
  mkdirSync(folder, { recursive: true });
  const log = openSync(join(folder, 'simulator.log'), 'a');
  const amounts = Object.entries(balances).map(([coin, amount]) => `${coin}=${amount}`);
  const scenario = join(folder, 'scenario.yaml');
  if (recorded !== null) writeFileSync(scenario, scenarioOf(recorded));
  const child = spawn(
    process.execPath,
    [
      ...launch.nodeOptions,
      launch.cli,
      'simulator',
      ...['--port', new URL(launch.endpoint).port],
      ...['--seed', String(launch.seed)],
      ...['--state', join(folder, 'account')],
      ...(recorded === null ? [] : ['--data', recorded.folder, '--scenario', scenario]),
      ...(amounts.length === 0 ? [] : ['--balance', ...amounts]),
    ],
    { detached: true, stdio: ['ignore', log, log] },
  );
  child.unref();
  if (child.pid === undefined) {
    throw new OperatingError('the simulator could not be started', {
      retryable: false,
      remedy: 'check that this user may start processes',
    });
  }
  writeFileSync(join(folder, 'pid'), String(child.pid));
  return child.pid;
}

const scenarioOf = (recorded: NonNullable<SimulatorLaunch['recorded']>): string =>
  JSON.stringify({
    from: recorded.from,
    ...(recorded.to === null ? {} : { to: recorded.to }),
    symbols: recorded.symbols,
    assumedEarnApr: recorded.earnAnnual,
  });

async function timeThere(endpoint: string): Promise<number | null> {
  try {
    const response = await fetch(`${endpoint}/v5/market/time`, {
      signal: AbortSignal.timeout(answerMs),
    });
    const answer = (await response.json()) as { readonly time?: unknown };
    return typeof answer.time === 'number' ? answer.time : null;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function lastLines(folder: string): string {
  try {
    const lines = readFileSync(join(folder, 'simulator.log'), 'utf8').trim().split('\n');
    return lines.slice(-3).join(' / ').slice(-400);
  } catch {
    return 'none';
  }
}

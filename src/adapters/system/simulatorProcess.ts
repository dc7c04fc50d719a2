/**
 * The simulator beside the daemon: a process of its own, which lives on when the daemon dies, as an exchange would.
 *
 * It is started where nothing answers at the endpoint, and found again by the next start. Ended is only one that keeps its
 * account in the given folder, by the process id that it states itself.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { OperatingError } from '../../domain/operatingError.ts';
import type { Clock } from '../../rebalance/ports.ts';
import { isSilent, simulatorAt } from './simulatorProbe.ts';

export type SimulatorLaunch = {
  readonly endpoint: string;
  /** The venue that it plays. */
  readonly dialect: 'bybit' | 'binance';
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

export type RunningSimulator = {
  /** Its time less ours: a recorded market lives in its own year. */
  readonly offsetMs: number;
  readonly origin: 'started' | 'found';
  /** Ends it, if it keeps its account in the folder of the launch. Never rejects. */
  stop(): Promise<void>;
};

/** The exit code of every command here for wrong input. */
const wrongInput = 2;
const startMs = 30_000;
const strangerMs = 5_000;
const stopMs = 5_000;
const pollMs = 100;

/** @throws OperatingError when it does not come up, or something else holds its port. */
export async function ensureSimulator(
  launch: SimulatorLaunch,
  clock: Clock,
): Promise<RunningSimulator> {
  const { endpoint } = launch;
  const ask = () => offsetOf(endpoint, clock);
  const running = (origin: RunningSimulator['origin'], offsetMs: number): RunningSimulator => ({
    offsetMs,
    origin,
    stop: () => stopSimulator(launch, clock),
  });
  const found = await patiently(clock, strangerMs, ask, isSilent(endpoint));
  if (found !== null) return running('found', found);
  if (!(await isSilent(endpoint)())) throw taken(endpoint);
  const child = start(launch);
  const isGone = async (): Promise<boolean> => child.exitCode !== null;
  const started = await patiently(clock, startMs, ask, isGone);
  if (started !== null) return running('started', started);
  throw new OperatingError(`the simulator at ${endpoint} did not start`, {
    retryable: false,
    fault: child.exitCode === wrongInput ? 'input' : 'world',
    remedy: `it said: ${lastLines(launch.folder)} (${join(launch.folder, 'simulator.log')})`,
  });
}

/** Its time less ours, at the middle of the question; null: no simulator answers. */
async function offsetOf(endpoint: string, clock: Clock): Promise<number | null> {
  const askedMs = clock.nowMs();
  const there = await simulatorAt(endpoint);
  return there === null ? null : there.nowMs - (askedMs + clock.nowMs()) / 2;
}

const storedSchema = z.object({ world: z.object({ clockOffsetMs: z.number() }) });

/** The offset of a simulator that does not run, from what it keeps; 0 where there is nothing. */
export function storedOffsetMs(folder: string): number {
  try {
    const stored: unknown = JSON.parse(
      readFileSync(join(accountFolder(folder), 'state.json'), 'utf8'),
    );
    return storedSchema.parse(stored).world.clockOffsetMs;
  } catch {
    return 0;
  }
}

/** Asks until there is an answer; gives up at the limit, or once there can be none any more. */
async function patiently<T>(
  clock: Clock,
  limitMs: number,
  ask: () => Promise<T | null>,
  isVain: () => Promise<boolean>,
): Promise<T | null> {
  for (let waitedMs = 0; waitedMs < limitMs; waitedMs += pollMs) {
    // Judged before asking: who came up in between is still heard.
    const isLast = await isVain();
    const answer = await ask();
    if (answer !== null || isLast) return answer;
    await clock.sleep(pollMs);
  }
  return null;
}

const taken = (endpoint: string): OperatingError =>
  new OperatingError(`port ${new URL(endpoint).port} is taken by something that is no simulator`, {
    retryable: false,
    remedy: 'set `endpoint` of the venue to a free port, or stop the program that uses it',
  });

async function stopSimulator({ endpoint, folder }: SimulatorLaunch, clock: Clock): Promise<void> {
  const there = await simulatorAt(endpoint);
  if (there === null || there.stateDir !== accountFolder(folder)) return;
  signal(there.pid, 'SIGTERM');
  for (let waitedMs = 0; waitedMs < stopMs && isAlive(there.pid); waitedMs += pollMs) {
    await clock.sleep(pollMs);
  }
}

const accountFolder = (folder: string): string => resolve(folder, 'account');

function start(launch: SimulatorLaunch): ChildProcess {
  const { folder, recorded, balances } = launch;
  mkdirSync(folder, { recursive: true });
  const log = openSync(join(folder, 'simulator.log'), 'a');
  const amounts = Object.entries(balances).map(([coin, amount]) => `${coin}=${amount}`);
  const scenario = join(folder, 'scenario.yaml');
  if (recorded !== null) writeFileSync(scenario, scenarioOf(recorded));
  const options = [
    ['--port', new URL(launch.endpoint).port],
    ['--dialect', launch.dialect],
    ['--seed', String(launch.seed)],
    ['--state', accountFolder(folder)],
    recorded === null ? [] : ['--data', recorded.folder, '--scenario', scenario],
    amounts.length === 0 ? [] : ['--balance', ...amounts],
  ].flat();
  const child = spawn(
    process.execPath,
    [...launch.nodeOptions, launch.cli, 'simulator', ...options],
    { detached: true, stdio: ['ignore', log, log] },
  );
  child.unref();
  if (child.pid === undefined) {
    throw new OperatingError('the simulator could not be started', {
      retryable: false,
      remedy: 'check that this user may start processes',
    });
  }
  return child;
}

const scenarioOf = (recorded: NonNullable<SimulatorLaunch['recorded']>): string =>
  JSON.stringify({
    from: recorded.from,
    ...(recorded.to === null ? {} : { to: recorded.to }),
    symbols: recorded.symbols,
    assumedEarnApr: recorded.earnAnnual,
  });

const isAlive = (pid: number): boolean => signal(pid, 0);

/** @returns false where there is no such process. */
function signal(pid: number, name: 'SIGTERM' | 0): boolean {
  try {
    process.kill(pid, name);
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
    return 'nothing';
  }
}

/**
 * Many portfolios rebalanced through two worker processes over one PostgreSQL and one Redis, each on an account of its own at
 * one simulated exchange: portfolios a minute, and what the workers hold in memory.
 *
 * First every portfolio is opened and recovered (its first job), then every one is rebalanced from cash into three perpetuals:
 * observe, decide, record, three orders, fills booked. The watches are not scheduled meanwhile.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, openDatabase } from '../../src/adapters/database/openDatabase.ts';
import { createSystemClock } from '../../src/adapters/system/clock.ts';
import { loadFleet } from '../../src/config/loadFleet.ts';
import { policyOf } from '../../src/config/policy.ts';
import { jobPlans } from '../../src/jobs.ts';
import type { JobName } from '../../src/scheduler/job.ts';
import { createScheduler } from '../../src/scheduler/scheduler.ts';
import { startTestRedis } from '../../test/scheduler/redisServer.ts';
import { printFigure } from './figure.ts';

const workers = 2;
const limitMs = 900_000;
const root = resolve(import.meta.dirname, '../..');

/** @param count of portfolios. */
export async function benchPortfolios(count: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'equipoise-bench-'));
  const undo: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    const database = await openDatabase({ url: 'embedded', dataDir: join(folder, 'database') });
    undo.push(() => database.stop());
    const redis = await startTestRedis();
    undo.push(redis.stop);
    const exchange = await startAccounts(count);
    undo.push(exchange.stop);
    const place = join(folder, 'portfolios');
    writeConfigs(place, count, {
      database: database.url,
      queue: redis.url,
      endpoint: exchange.origin,
      dataDir: folder,
    });
    const started = Array.from({ length: workers }, () => startWorker(place, count));
    for (const worker of started) undo.push(() => end(worker));
    await measure(database, redis.url, place, started);
  } finally {
    for (const step of undo.reverse()) await step();
  }
}

async function measure(
  database: Database,
  redisUrl: string,
  place: string,
  started: readonly ChildProcess[],
): Promise<void> {
  const loaded = loadFleet([place]);
  if (loaded.kind === 'invalid') throw new Error(JSON.stringify(loaded.faults));
  const names = loaded.configs.map((one) => one.portfolio);
  const clock = createSystemClock();
  const nothing = () => undefined;
  const queue = createScheduler({
    queue: { kind: 'redis', url: redisUrl },
    portfolio: 'fleet.default',
    jobs: loaded.configs.flatMap((config) =>
      jobPlans(config, policyOf(config)).map((plan) => ({
        ...plan,
        portfolio: config.portfolio,
        run: () => Promise.resolve(),
      })),
    ),
    roles: { scheduler: false, worker: false },
    clock,
    hooks: {
      jobEnded: nothing,
      queueCounted: nothing,
      queueFailed: nothing,
      scheduleRestored: nothing,
      fatal: nothing,
    },
  });
  await queue.start();
  try {
    const perMinute = async (job: JobName, done: () => Promise<number>) => {
      const startedMs = performance.now();
      for (const portfolio of names) {
        const slot = { scheduledAtMs: clock.nowMs(), trigger: 'manual', portfolio } as const;
        await queue.enqueue(job, slot);
      }
      for (;;) {
        const ended = await done();
        if (ended >= names.length) break;
        if (started.some((one) => one.exitCode !== null)) throw new Error('a worker ended');
        if (performance.now() - startedMs > limitMs) {
          throw new Error(`${job} of ${ended} of ${names.length} portfolios ended in time`);
        }
        await sleep(100);
      }
      return (names.length / (performance.now() - startedMs)) * 60_000;
    };
    const cpu = () => cpuMs(started.map((worker) => worker.pid));
    const memory = () => Math.max(...started.map(residentMb));
    const detail = { portfolios: names.length, workers };
    const opened = await perMinute('reconcile', () =>
      countOf(database, `select count(*)::int as n from worker_facts where name = 'reconciled'`),
    );
    printFigure('portfolios.openedAndRecovered', opened, 'per minute', detail);
    printFigure('portfolios.workerMemoryOpened', memory(), 'MB', detail);
    const cpuBeforeMs = cpu();
    const rebalanced = await perMinute('rebalance', () =>
      countOf(database, 'select count(*)::int as n from decisions where outcome is not null'),
    );
    const outcomes = await database.pool.query<{ outcome: string; n: number }>(
      'select outcome, count(*)::int as n from decisions group by outcome',
    );
    const cpuMsEach = (cpu() - cpuBeforeMs) / names.length;
    printFigure('portfolios.workerCpuEach', cpuMsEach, 'ms', detail);
    const orders = await countOf(database, 'select count(*)::int as n from orders');
    printFigure('portfolios.rebalanced', rebalanced, 'per minute', {
      ...detail,
      orders,
      outcomes: Object.fromEntries(outcomes.rows.map((row) => [row.outcome, row.n])),
    });
    printFigure('portfolios.workerMemory', memory(), 'MB', detail);
    // Half of the first round's portfolios were new to the worker that took them; fewer are now, and most have nothing to trade.
    const ended = 'select count(*)::int as n from decisions where outcome is not null';
    const again = await perMinute(
      'rebalance',
      async () => (await countOf(database, ended)) - names.length,
    );
    printFigure('portfolios.rebalancedAgain', again, 'per minute', detail);
  } finally {
    await queue.stop(0);
  }
}

async function countOf({ pool }: Database, text: string): Promise<number> {
  return (await pool.query<{ n: number }>(text)).rows[0]?.n ?? 0;
}

function writeConfigs(
  place: string,
  count: number,
  shared: Readonly<Record<'database' | 'queue' | 'endpoint' | 'dataDir', string>>,
): void {
  mkdirSync(place);
  const { database, queue, endpoint, dataDir } = shared;
  for (let index = 0; index < count; index += 1) {
    const config = {
      portfolio: `p${index}`,
      database,
      queue,
      dataDir,
      log: { level: 'warn' },
      venues: {
        alpha: {
          exchange: 'bybit',
          environment: 'simulated',
          endpoint,
          credentialsEnv: `ACCOUNT${index}`,
        },
      },
      legs: ['BTC', 'ETH', 'SOL'].map((coin) => ({
        id: coin.toLowerCase(),
        kind: 'perpetual',
        venue: 'alpha',
        symbol: `${coin}/USDT:USDT`,
      })),
      objective: { kind: 'risk-parity' },
      sizing: { targetVolatilityAnnual: 0.15, grossLeverageMax: 3 },
      rebalance: { every: 86_400_000, deadlineMs: 120_000 },
      execution: { style: 'ioc' },
    };
    writeFileSync(join(place, `p${index}.json`), JSON.stringify(config));
  }
}

function startWorker(place: string, count: number): ChildProcess {
  const keys = Array.from({ length: count }, (_, index) => [
    [`ACCOUNT${index}_API_KEY`, `key-${index}`],
    [`ACCOUNT${index}_API_SECRET`, `secret-${index}`],
  ]);
  const args = ['run', '--config', place, '--role', 'worker', '--http-port', '0'];
  return spawn(process.execPath, [join(root, 'dist/cli.js'), ...args], {
    env: { ...process.env, ...Object.fromEntries(keys.flat()) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

async function startAccounts(
  count: number,
): Promise<{ readonly origin: string; readonly stop: () => Promise<void> }> {
  const file = join(import.meta.dirname, '../manyAccounts.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', file, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const { origin } = JSON.parse(line) as { readonly origin: string };
  return { origin, stop: () => end(child) };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

/** Of all processes of the bench but this one, by ps, which counts whole seconds. */
function cpuMs(pids: readonly (number | undefined)[]): number {
  const text = execFileSync('ps', ['-o', 'cputimes=', '-p', pids.join(',')], { encoding: 'utf8' });
  return text.split('\n').reduce((sum, line) => sum + Number(line) * 1_000, 0);
}

/** By ps, which Linux and macOS have: kilobytes. */
const residentMb = ({ pid }: ChildProcess): number =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;

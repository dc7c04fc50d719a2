/**
 * The daemon: composition, recovery, jobs, HTTP, until it is told to stop; for one portfolio, or for many in one process.
 *
 * The page is up first, so that a person can see why it is not ready; of a portfolio no job is taken before its recovery.
 */
import { claimPortfolios } from './adapters/database/presence.ts';
import { createSystemClock } from './adapters/system/clock.ts';
import { countJob, showQueues } from './adapters/telemetry/jobMetrics.ts';
import { createLogger } from './adapters/telemetry/logger.ts';
import { composeDatabase, queuePlace } from './compose.ts';
import type { Program } from './composeSimulators.ts';
import type { Config } from './config/schema.ts';
import { readToken } from './dashboard/bearer.ts';
import { listen } from './dashboard/listen.ts';
import { type Fleet, openFleet } from './fleet.ts';
import { openOne } from './onePortfolio.ts';
import type { JobSlot } from './scheduler/job.ts';
import { probeQueue } from './scheduler/probeQueue.ts';
import { createScheduler } from './scheduler/scheduler.ts';
import { version } from './version.ts';

export type Role = 'all' | 'scheduler' | 'worker' | 'web';

export type DaemonLaunch = {
  readonly role: Role;
  readonly program: Program;
  /** Of many portfolios: the name of their queues. */
  readonly fleet: string | null;
  /** Of many portfolios: how many are rebalanced at once here. */
  readonly linesMax: number;
  /** In place of `http.port`. */
  readonly httpPort: number | null;
};

/** Within which the jobs have to end, and after which the process does whatever still hangs. */
const jobsStopMs = 7_000;
const stopMs = 9_500;
/** Schedules of many portfolios are a long list. */
const fleetLookEveryMs = 60_000;
const connectionsMax = 16;

/** @returns the exit code. @throws OperatingError when something that must be there at the start is not. */
export async function runDaemon(
  configs: readonly [Config, ...Config[]],
  launch: DaemonLaunch,
): Promise<number> {
  // Whatever is opened is closed again, last first, however far the start came.
  const closers: (() => Promise<void>)[] = [];
  try {
    return await runUntilTold(configs, launch, (close) => void closers.push(close));
  } finally {
    setTimeout(() => process.exit(1), stopMs).unref();
    for (const close of closers.reverse()) await close();
  }
}

async function runUntilTold(
  configs: readonly [Config, ...Config[]],
  { role, program, fleet: fleetName, linesMax, httpPort }: DaemonLaunch,
  atEnd: (close: () => Promise<void>) => void,
): Promise<number> {
  const [config] = configs;
  const isFleet = fleetName !== null;
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => stopping.abort());
  }
  const token = config.http.tokenFile === undefined ? null : await readToken(config.http.tokenFile);
  const database = await composeDatabase(config, isFleet ? connectionsMax : undefined);
  atEnd(() => database.stop());
  const clock = createSystemClock();
  if (role === 'all') {
    const names = configs.map((one) => one.portfolio);
    atEnd(await claimPortfolios(database, names, clock));
  }
  const queue = queuePlace(config, database);
  // On the database it was reached with it.
  if (queue.kind === 'redis') await probeQueue(queue);
  const secrets = [
    ...(token === null ? [] : [token]),
    passwordIn(database.url),
    passwordIn(queue.url),
  ];
  const parts = {
    database,
    program,
    secrets,
    token,
    stopping: stopping.signal,
    isWorker: role === 'all' || role === 'worker',
    isWhole: role === 'all',
    enqueue: (name: Parameters<typeof scheduler.enqueue>[0], slot: JobSlot) =>
      scheduler.enqueue(name, slot),
  };
  const fleet: Fleet = isFleet ? openFleet(configs, parts) : await openOne(config, parts);
  atEnd(() => fleet.close());
  const http = await listen(fleet.app, { ...config.http, port: httpPort ?? config.http.port });
  atEnd(() => http.stop());
  const logger = createLogger({ level: config.log.level, secrets: fleet.secrets() });
  logger.info(
    { origin: `http://${http.host}:${http.port}`, database: database.place, role, version },
    'started',
  );

  let exitCode = 0;
  const scheduler = createScheduler({
    queue,
    // A dot is in no portfolio's name.
    portfolio: isFleet ? `fleet.${fleetName}` : config.portfolio,
    jobs: fleet.jobs,
    roles: { scheduler: role === 'all' || role === 'scheduler', worker: parts.isWorker },
    clock: fleet.clock,
    linesMax,
    ...(isFleet ? { lookEveryMs: fleetLookEveryMs } : {}),
    hooks: {
      jobEnded: ({ job, outcome, seconds, error, portfolio }) => {
        for (const metrics of fleet.metricsOf(portfolio))
          countJob(metrics, { job, outcome, seconds });
        const whose = portfolio === undefined ? {} : { portfolio };
        if (error !== null)
          logger.warn({ ...whose, job, outcome, reason: error.message }, 'jobEnded');
      },
      queueCounted: (counts) => {
        fleet.queueSeen(counts !== null);
        for (const metrics of fleet.metricsOf(undefined)) showQueues(metrics, counts);
      },
      queueFailed: (error) => logger.warn({ reason: error.message }, 'queueFailed'),
      scheduleRestored: (job) => logger.warn({ job }, 'scheduleRestored'),
      fatal: (error) => {
        logger.fatal({ err: error }, 'invariantViolated');
        exitCode = 1;
        stopping.abort();
      },
    },
  });
  if (parts.isWorker) {
    await Promise.race([fleet.recovered(), untilAborted(stopping.signal)]);
    if (stopping.signal.aborted) return exitCode;
  }
  await scheduler.start();
  atEnd(() => scheduler.stop(jobsStopMs));
  fleet.queueSeen(true);
  if (parts.isWorker) {
    for (const one of configs) {
      const slot = { scheduledAtMs: fleet.clock.nowMs(), trigger: 'schedule' } as const;
      await firstJobs(one, isFleet ? { ...slot, portfolio: one.portfolio } : slot, parts.enqueue);
    }
  }
  logger.info(isFleet ? { portfolios: configs.length } : { portfolio: config.portfolio }, 'ready');
  await untilAborted(stopping.signal);
  logger.info({}, 'stopping');
  return exitCode;
}

/** The watches look once at the start, so that readiness does not wait for their first period. */
async function firstJobs(
  config: Config,
  slot: JobSlot,
  enqueue: (name: 'solvency' | 'margin' | 'history' | 'rebalance', slot: JobSlot) => Promise<void>,
): Promise<void> {
  // Of many their schedules are soon enough: a worker's start is no reason for thousands of jobs.
  if (slot.portfolio === undefined) {
    await enqueue('solvency', slot);
    await enqueue('margin', slot);
    await enqueue('history', slot);
  }
  if (config.rebalance.onStart) await enqueue('rebalance', slot);
}

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

const passwordIn = (url: string): string => decodeURIComponent(new URL(url).password);

/**
 * The daemon: composition, recovery, jobs, HTTP, until it is told to stop.
 *
 * The page is up first, so that a person can see why it is not ready; jobs are taken only after recovery.
 */

import type { Logger } from 'pino';
import { claimPortfolio } from './adapters/database/presence.ts';
import { createSystemClock } from './adapters/system/clock.ts';
import { countJob, showQueues } from './adapters/telemetry/jobMetrics.ts';
import { createLogger } from './adapters/telemetry/logger.ts';
import { createMetrics, type Metrics } from './adapters/telemetry/metrics.ts';
import { createReporter } from './adapters/telemetry/reporter.ts';
import { createStatusGauges } from './adapters/telemetry/showStatus.ts';
import {
  composeDatabase,
  composePorts,
  composeSimulators,
  composeVenues,
  type Program,
  queuePlace,
} from './compose.ts';
import { environmentOfProcess } from './config/load.ts';
import { policyOf } from './config/policy.ts';
import type { Config } from './config/schema.ts';
import { createDashboard } from './dashboard/app.ts';
import { readToken } from './dashboard/bearer.ts';
import { type Listener, listen } from './dashboard/listen.ts';
import { readStatus } from './dashboard/readStatus.ts';
import { createStatusSource } from './dashboard/statusSource.ts';
import type { Policy } from './domain/policy.ts';
import { stablecoinsOf } from './domain/universe.ts';
import { expectedWork } from './expectedWork.ts';
import { type JobParts, jobsOf } from './jobs.ts';
import { createLiveFacts, type LiveFactsKeeper } from './liveFacts.ts';
import { venueLeverage } from './parity/sizing/capital.ts';
import { factorNames } from './parity/sizing/factors.ts';
import { halt, resume } from './rebalance/halt.ts';
import type { Ports } from './rebalance/ports.ts';
import { recover } from './rebalance/recover.ts';
import { jobNames, jobOutcomes } from './scheduler/job.ts';
import { probeQueue } from './scheduler/probeQueue.ts';
import { createScheduler } from './scheduler/scheduler.ts';
import { version } from './version.ts';

export type Role = 'all' | 'scheduler' | 'worker' | 'web';

export type DaemonLaunch = { readonly role: Role; readonly program: Program };

/** Within which the jobs have to end, and after which the process does whatever still hangs. */
const jobsStopMs = 7_000;
const stopMs = 9_500;

/** @returns the exit code. @throws OperatingError when something that must be there at the start is not. */
export async function runDaemon(config: Config, launch: DaemonLaunch): Promise<number> {
  // Whatever is opened is closed again, last first, however far the start came.
  const closers: (() => Promise<void>)[] = [];
  try {
    return await runUntilTold(config, launch, (close) => void closers.push(close));
  } finally {
    setTimeout(() => process.exit(1), stopMs).unref();
    for (const close of closers.reverse()) await close();
  }
}

async function runUntilTold(
  config: Config,
  { role, program }: DaemonLaunch,
  atEnd: (close: () => Promise<void>) => void,
): Promise<number> {
  const policy = policyOf(config);
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => stopping.abort());
  }
  const token = config.http.tokenFile === undefined ? null : await readToken(config.http.tokenFile);
  const database = await composeDatabase(config);
  atEnd(() => database.stop());
  if (role === 'all') {
    atEnd(await claimPortfolio(database, policy.portfolio, createSystemClock()));
  }
  const queue = queuePlace(config, database);
  // On the database it was reached with it.
  if (queue.kind === 'redis') await probeQueue(queue);
  const simulators = await composeSimulators(config, program);
  atEnd(() => simulators.stop(role === 'all' ? 'all' : 'started'));
  const { clock } = simulators;
  const composed = await composeVenues(config, environmentOfProcess, clock);
  atEnd(() => composed.close());
  const logger = createLogger({
    level: config.log.level,
    secrets: [
      ...composed.secrets,
      ...(token === null ? [] : [token]),
      passwordIn(database.url),
      passwordIn(queue.url),
    ],
  });
  const metrics = createMetrics({
    version,
    venues: Object.keys(config.venues),
    legs: policy.legs.map((leg) => leg.id),
    groups: [...new Set(config.legs.map((leg) => leg.group ?? leg.id))],
    factors: factorNames(Object.keys(config.venues)),
    hedgedCoins: [...new Set((config.hedge?.holdings ?? []).map((one) => one.coin))],
    stablecoins: [...stablecoinsOf(policy)],
    jobs: jobNames,
    jobOutcomes,
  });
  const reporter = createReporter({ logger, metrics });
  const ports: Ports = {
    ...composePorts({ policy, clock, venues: composed.venues, database, reporter }),
    stopping: stopping.signal,
  };
  const live = createLiveFacts();
  const http = await openPage({ config, policy, ports, live, metrics, logger, token });
  atEnd(() => http.stop());
  logger.info(
    { origin: `http://${http.host}:${http.port}`, database: database.place, role, version },
    'started',
  );

  let exitCode = 0;
  const isWorker = role === 'all' || role === 'worker';
  const scheduler = createScheduler({
    queue,
    portfolio: policy.portfolio,
    jobs: jobsOf({
      config,
      policy,
      ports,
      live,
      enqueue: (name, slot) => scheduler.enqueue(name, slot),
    }),
    roles: { scheduler: role === 'all' || role === 'scheduler', worker: isWorker },
    clock,
    hooks: {
      jobEnded: ({ job, outcome, seconds, error }) => {
        countJob(metrics, { job, outcome, seconds });
        if (error !== null) logger.warn({ job, outcome, reason: error.message }, 'jobEnded');
      },
      queueCounted: (counts) => {
        live.queueSeen(counts !== null);
        showQueues(metrics, counts);
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
  if (isWorker) {
    const leaseWaitMs = 2 * policy.execution.settlingMs;
    const settings = { leverage: venueLeverage(policy.sizing), leaseWaitMs };
    await Promise.race([recover(ports, policy, settings), untilAborted(stopping.signal)]);
    if (stopping.signal.aborted) return exitCode;
    live.reconciled(clock.nowMs());
  }
  if (role !== 'web') {
    await scheduler.start();
    atEnd(() => scheduler.stop(jobsStopMs));
    live.queueSeen(true);
    const enqueue: JobParts['enqueue'] = (name, slot) => scheduler.enqueue(name, slot);
    if (isWorker) await firstJobs(config, clock.nowMs(), enqueue);
  }
  logger.info({ portfolio: policy.portfolio }, 'ready');
  await untilAborted(stopping.signal);
  logger.info({}, 'stopping');
  return exitCode;
}

type PageParts = {
  readonly config: Config;
  readonly policy: Policy;
  readonly ports: Ports;
  readonly live: LiveFactsKeeper;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly token: string | null;
};

/** The page is up before recovery, so that a person can see why it is not ready. */
async function openPage(parts: PageParts): Promise<Listener> {
  const { config, policy, ports, live, metrics, logger, token } = parts;
  const showStatus = createStatusGauges(metrics);
  // The machine's time, by which jobs are due; the ports' may be that of a recorded market.
  const startedAtMs = Date.now();
  const readStatusNow = createStatusSource(
    async () => {
      const expected = expectedWork(config, { startedAtMs, nowMs: Date.now() });
      const read = await readStatus(ports, { policy, version, live: live.read(), expected });
      showStatus(read);
      return read;
    },
    { nowMs: () => ports.clock.nowMs() },
  );
  const app = createDashboard({
    portfolio: policy.portfolio,
    version,
    readStatus: readStatusNow,
    metricsText: async () => {
      // The gauges show the newest status; while it cannot be read they keep the last one.
      await readStatusNow().catch(() => undefined);
      return await metrics.text();
    },
    control:
      token === null
        ? null
        : {
            token,
            halt: (reason) => halt(ports, policy, reason),
            resume: () => resume(ports, policy.portfolio),
          },
    failed: (error) => logger.error({ err: error }, 'requestFailed'),
  });
  return await listen(app, config.http);
}

/** The watches look once at the start, so that readiness does not wait for their first period. */
async function firstJobs(
  config: Config,
  nowMs: number,
  enqueue: JobParts['enqueue'],
): Promise<void> {
  const slot = { scheduledAtMs: nowMs, trigger: 'schedule' } as const;
  await enqueue('margin', slot);
  await enqueue('history', slot);
  if (config.rebalance.onStart) await enqueue('rebalance', slot);
}

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

const passwordIn = (url: string): string => decodeURIComponent(new URL(url).password);

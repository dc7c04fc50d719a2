/**
 * The daemon: composition, recovery, jobs, HTTP, until it is told to stop.
 *
 * The page is up first, so that a person can see why it is not ready; jobs are taken only after recovery.
 */
import { stopSimulator } from './adapters/system/simulatorProcess.ts';
import { countJob, showQueues } from './adapters/telemetry/jobMetrics.ts';
import { createLogger } from './adapters/telemetry/logger.ts';
import { createMetrics } from './adapters/telemetry/metrics.ts';
import { createReporter } from './adapters/telemetry/reporter.ts';
import { createStatusGauges } from './adapters/telemetry/showStatus.ts';
import {
  composeClock,
  composeDatabase,
  composePorts,
  composeVenues,
  type Program,
  simulatorFolder,
} from './compose.ts';
import { environmentOfProcess } from './config/load.ts';
import { policyOf } from './config/policy.ts';
import type { Config } from './config/schema.ts';
import { createDashboard } from './dashboard/app.ts';
import { readToken } from './dashboard/bearer.ts';
import { listen } from './dashboard/listen.ts';
import { readStatus } from './dashboard/readStatus.ts';
import { createStatusSource } from './dashboard/statusSource.ts';
import { jobsOf } from './jobs.ts';
import { createLiveFacts } from './liveFacts.ts';
import { venueLeverage } from './parity/sizing/capital.ts';
import { halt, resume } from './rebalance/halt.ts';
import { recover } from './rebalance/recover.ts';
import { jobNames, jobOutcomes } from './scheduler/job.ts';
import { createScheduler } from './scheduler/scheduler.ts';
import { version } from './version.ts';

export type Role = 'all' | 'scheduler' | 'worker' | 'web';

const stopMs = 10_000;

/** @returns the exit code. @throws OperatingError when something that must be there at the start is not. */
export async function runDaemon(
  config: Config,
  { role, program }: { readonly role: Role; readonly program: Program },
): Promise<number> {
  const policy = policyOf(config);
  const clock = await composeClock(config, program);
  const composed = await composeVenues(config, environmentOfProcess, clock);
  const token = config.http.tokenFile === undefined ? null : await readToken(config.http.tokenFile);
  const database = await composeDatabase(config);
  const secrets = [
    ...composed.secrets,
    ...(token === null ? [] : [token]),
    passwordIn(database.url),
  ];
  const logger = createLogger({ level: config.log.level, secrets });
  const metrics = createMetrics({
    version,
    venues: Object.keys(config.venues),
    legs: config.legs.map((leg) => leg.id),
    jobs: jobNames,
    jobOutcomes,
  });
  const reporter = createReporter({ logger, metrics });
  const { venues } = composed;
  const ports = composePorts({ policy, clock, venues, database, reporter });
  const live = createLiveFacts();
  const stopping = new AbortController();
  const fatal = (error: Error): void => {
    logger.fatal({ err: error }, 'invariantViolated');
    process.exitCode = 1;
    stopping.abort();
  };
  process.once('SIGINT', () => stopping.abort());
  process.once('SIGTERM', () => stopping.abort());

  const showStatus = createStatusGauges(metrics);
  const status = createStatusSource(
    async () => {
      const read = await readStatus(ports, { policy, version, live: live.read() });
      showStatus(read);
      return read;
    },
    { nowMs: () => clock.nowMs() },
  );
  const app = createDashboard({
    portfolio: policy.portfolio,
    version,
    readStatus: status,
    metricsText: () => metrics.text(),
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
  const http = await listen(app, config.http);
  logger.info(
    { origin: `http://${http.host}:${http.port}`, database: database.place, role, version },
    'started',
  );

  const isWorker = role === 'all' || role === 'worker';
  const scheduler = createScheduler({
    queue:
      config.queue === 'database'
        ? { kind: 'database', url: database.url }
        : { kind: 'redis', url: config.queue },
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
      fatal,
    },
  });
  try {
    if (isWorker) {
      const leaseWaitMs = 2 * policy.execution.settlingMs;
      await recover(ports, policy, { leverage: venueLeverage(policy.sizing), leaseWaitMs });
      live.reconciled(clock.nowMs());
    }
    if (role !== 'web') {
      await scheduler.start();
      live.queueSeen(true);
      if (isWorker) await firstJobs(config, clock.nowMs(), scheduler.enqueue);
    }
    logger.info({ portfolio: policy.portfolio }, 'ready');
    await untilAborted(stopping.signal);
    return Number(process.exitCode ?? 0);
  } finally {
    logger.info({}, 'stopping');
    await scheduler.stop(stopMs);
    await http.stop();
    await composed.close();
    await database.stop();
    if (config.simulator !== undefined && role === 'all') stopSimulator(simulatorFolder(config));
  }
}

/** The watches look once at the start, so that readiness does not wait for their first period. */
async function firstJobs(
  config: Config,
  nowMs: number,
  enqueue: ReturnType<typeof createScheduler>['enqueue'],
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

/**
 * One portfolio in a process: its venues, ports, jobs and page, over a database that it may share with others.
 *
 * It is recovered once, before the first of its jobs; that the first job of a process waits for it is what makes a start, a
 * takeover and a restart one path.
 */
import type { Hono } from 'hono';
import type { Logger } from 'pino';
import type { Database } from './adapters/database/openDatabase.ts';
import { createWorkerFacts } from './adapters/database/workerFacts.ts';
import type { CommonReads } from './adapters/exchange/commonReads.ts';
import { createMetrics, type Metrics } from './adapters/telemetry/metrics.ts';
import { createReporter } from './adapters/telemetry/reporter.ts';
import { createStatusGauges } from './adapters/telemetry/showStatus.ts';
import { type ComposedVenues, composePorts } from './compose.ts';
import { policyOf } from './config/policy.ts';
import type { Config } from './config/schema.ts';
import { createDashboard } from './dashboard/app.ts';
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
import type { Clock, Ports } from './rebalance/ports.ts';
import { recover } from './rebalance/recover.ts';
import { type JobDefinition, jobNames, jobOutcomes } from './scheduler/job.ts';
import { lookAgeMsMax } from './solvencyWatch.ts';
import { version } from './version.ts';

export type SiteParts = {
  readonly config: Config;
  readonly database: Database;
  readonly composed: ComposedVenues;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly stopping: AbortSignal;
  readonly enqueue: JobParts['enqueue'];
  /** null: nothing over HTTP changes state. */
  readonly token: string | null;
  /** false: it only shows what workers elsewhere do. */
  readonly isWorker: boolean;
  /** false: one of many in this process. */
  readonly isWholeProcess: boolean;
  /** What the others have read of the markets' past; absent: it is alone. */
  readonly bars?: CommonReads | undefined;
};

export type PortfolioSite = {
  readonly policy: Policy;
  readonly live: LiveFactsKeeper;
  readonly metrics: Metrics;
  readonly jobs: readonly JobDefinition[];
  readonly page: Hono;
  /** Once; again where it failed. @throws OperatingError when it must not trade. */
  recovered(): Promise<void>;
};

export function openPortfolioSite(parts: SiteParts): PortfolioSite {
  const { config, database, composed, clock, logger, stopping, enqueue } = parts;
  const policy = policyOf(config);
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
    isWholeProcess: parts.isWholeProcess,
  });
  const reporter = createReporter({ logger, metrics });
  const ports: Ports = {
    ...composePorts({ policy, clock, ...composed, database, reporter, config, bars: parts.bars }),
    stopping,
  };
  const live = createLiveFacts({
    facts: createWorkerFacts(database.queries),
    portfolio: policy.portfolio,
    sinceMs: parts.isWorker ? clock.nowMs() : 0,
  });
  let recovering: Promise<void> | null = null;
  return {
    policy,
    live,
    metrics,
    jobs: jobsOf({ config, policy, ports, live, enqueue }),
    page: pageOf(parts, { policy, ports, live, metrics }),
    recovered: () => {
      recovering ??= recoverOnce(ports, policy, live).catch((error: unknown) => {
        recovering = null;
        throw error;
      });
      return recovering;
    },
  };
}

async function recoverOnce(ports: Ports, policy: Policy, live: LiveFactsKeeper): Promise<void> {
  const leaseWaitMs = 2 * policy.execution.settlingMs;
  await recover(ports, policy, { leverage: venueLeverage(policy.sizing), leaseWaitMs });
  live.reconciled(ports.clock.nowMs());
}

type Shown = {
  readonly policy: Policy;
  readonly ports: Ports;
  readonly live: LiveFactsKeeper;
  readonly metrics: Metrics;
};

/** Also before recovery, so that a person can see why it is not ready. */
function pageOf(
  { config, logger, token }: SiteParts,
  { policy, ports, live, metrics }: Shown,
): Hono {
  const showStatus = createStatusGauges(metrics);
  // The machine's time, by which jobs are due; the ports' may be that of a recorded market.
  const startedAtMs = Date.now();
  const readStatusNow = createStatusSource(
    async () => {
      await live.refresh();
      const expected = expectedWork(config, { startedAtMs, nowMs: Date.now() });
      const read = await readStatus(ports, {
        policy,
        version,
        live: live.read(),
        expected,
        lookAgeMsMax: lookAgeMsMax(config.solvency),
      });
      showStatus(read);
      return read;
    },
    { nowMs: () => ports.clock.nowMs() },
  );
  return createDashboard({
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
            halt: (reason) => halt(ports, policy, reason, 'over HTTP'),
            resume: () => resume(ports, policy.portfolio, 'over HTTP'),
          },
    failed: (error) => logger.error({ err: error }, 'requestFailed'),
  });
}

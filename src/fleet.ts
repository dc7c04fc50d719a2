/**
 * Many portfolios in one process: each opened and recovered when the first of its jobs comes, one at a time each.
 *
 * They share the database's pool, the queues, the log's stream, sockets to exchanges and what a venue says alike to every
 * account; accounts, clients, ports and pages are each portfolio's own.
 * A broken invariant takes its portfolio out until the process is started again, and leaves the others.
 */
import type { Hono } from 'hono';
import type { Database } from './adapters/database/openDatabase.ts';
import { createCommonReads } from './adapters/exchange/commonReads.ts';
import { defaultTimeouts, openSockets } from './adapters/exchange/transport/dispatcher.ts';
import { createSystemClock } from './adapters/system/clock.ts';
import { createMetrics, type Metrics } from './adapters/telemetry/metrics.ts';
import type { Program } from './composeSimulators.ts';
import { policyOf } from './config/policy.ts';
import type { Config } from './config/schema.ts';
import { createFleetApp } from './dashboard/fleetApp.ts';
import { OperatingError } from './domain/operatingError.ts';
import { type JobParts, jobPlans } from './jobs.ts';
import { InvariantViolation } from './math/invariant.ts';
import { type OpenedPortfolio, openPortfolio } from './openPortfolio.ts';
import type { Clock } from './rebalance/ports.ts';
import { type JobContext, type JobDefinition, jobNames, jobOutcomes } from './scheduler/job.ts';
import { version } from './version.ts';

export type FleetParts = {
  readonly database: Database;
  readonly program: Program;
  /** What no log may show, beside the venues' own. */
  readonly secrets: readonly string[];
  readonly token: string | null;
  readonly stopping: AbortSignal;
  readonly isWorker: boolean;
  /** The only process of these portfolios: it ends what belongs to them. */
  readonly isWhole: boolean;
  readonly enqueue: JobParts['enqueue'];
};

/** What a process runs and shows: one portfolio or many. */
export type Fleet = {
  readonly app: Hono;
  readonly jobs: readonly JobDefinition[];
  readonly clock: Clock;
  secrets(): readonly string[];
  /** Where a job of a portfolio is counted; undefined: what concerns the whole process. */
  metricsOf(portfolio: string | undefined): readonly Metrics[];
  queueSeen(isUp: boolean): void;
  /** What must be recovered before the first job is taken. @throws OperatingError when it must not trade. */
  recovered(): Promise<void>;
  close(): Promise<void>;
};

/** Whose past a process keeps at hand: two thousand bars each. */
const marketsMax = 100;
/** To one exchange: ten at once for each of the portfolios at work. */
const socketsMax = 256;

export function openFleet(configs: readonly Config[], parts: FleetParts): Fleet {
  const byName = new Map(configs.map((config) => [config.portfolio, config]));
  const opened = new Map<string, Promise<OpenedPortfolio>>();
  const ready = new Map<string, OpenedPortfolio>();
  const refused = new Map<string, string>();
  const unready = new Map<string, string>();
  const sockets = openSockets(defaultTimeouts, socketsMax);
  const shared = {
    venues: { common: createCommonReads(), sockets },
    bars: createCommonReads(marketsMax),
  };
  let queueUp = false;

  const open = (config: Config): Promise<OpenedPortfolio> => {
    const { portfolio } = config;
    const known = opened.get(portfolio);
    if (known !== undefined) return known;
    const opening = openPortfolio(config, parts, true, shared).then(
      (one) => {
        one.site.live.queueSeen(queueUp);
        ready.set(portfolio, one);
        return one;
      },
      (error: unknown) => {
        // Tried again by its next job.
        opened.delete(portfolio);
        throw error;
      },
    );
    opened.set(portfolio, opening);
    return opening;
  };

  const run = async (config: Config, name: string, context: JobContext): Promise<void> => {
    const { portfolio } = config;
    const reason = refused.get(portfolio);
    if (reason !== undefined) throw outOfWork(portfolio, reason);
    try {
      const { site } = await open(config);
      await site.recovered();
      unready.delete(portfolio);
      await site.jobs.find((job) => job.name === name)?.run(context);
    } catch (error) {
      if (error instanceof OperatingError && error.fault !== 'world') {
        // A key, an account or another daemon: it is tried again, and says so until then.
        unready.set(portfolio, error.message);
      }
      if (!(error instanceof InvariantViolation)) throw error;
      refused.set(portfolio, error.message);
      throw outOfWork(portfolio, error.message);
    }
  };

  const metrics = createMetrics({
    version,
    venues: [],
    legs: [],
    groups: [],
    factors: [],
    hedgedCoins: [],
    stablecoins: [],
    jobs: jobNames,
    jobOutcomes,
  });
  return {
    app: createFleetApp({
      version,
      portfolios: () =>
        [...byName.keys()].map((portfolio) => ({
          portfolio,
          refused: refused.get(portfolio) ?? unready.get(portfolio) ?? null,
        })),
      pageOf: async (portfolio) => {
        const config = byName.get(portfolio);
        return config === undefined ? null : (await open(config)).site.page;
      },
      isQueueUp: () => queueUp,
      metricsText: () => metrics.text(),
    }),
    jobs: configs.flatMap((config) =>
      jobPlans(config, policyOf(config)).map((plan) => ({
        ...plan,
        portfolio: config.portfolio,
        run: (context) => run(config, plan.name, context),
      })),
    ),
    clock: createSystemClock(),
    secrets: () => parts.secrets,
    metricsOf: (portfolio) => {
      const own = portfolio === undefined ? undefined : ready.get(portfolio)?.site.metrics;
      return own === undefined ? [metrics] : [metrics, own];
    },
    queueSeen: (isUp) => {
      queueUp = isUp;
      for (const { site } of ready.values()) site.live.queueSeen(isUp);
    },
    // Each before its own first job.
    recovered: () => Promise.resolve(),
    close: async () => {
      await Promise.all([...ready.values()].map((one) => one.close()));
      await sockets.close();
    },
  };
}

const outOfWork = (portfolio: string, reason: string): OperatingError =>
  new OperatingError(`portfolio ${portfolio} is out of work here, was: ${reason}`, {
    retryable: false,
    remedy: 'see the log; it is taken up again when the process is started anew',
  });

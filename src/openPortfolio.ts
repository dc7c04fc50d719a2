/** Opens a portfolio in a process: its simulators and venues where it needs them, then its site. */
import type { Logger } from 'pino';
import type { CommonReads } from './adapters/exchange/commonReads.ts';
import type { SharedAtVenues } from './adapters/exchange/openVenue.ts';
import { createLogger } from './adapters/telemetry/logger.ts';
import { composeNothing, composeVenues } from './compose.ts';
import { clockAtRest, composeSimulators } from './composeSimulators.ts';
import { environmentOfProcess } from './config/load.ts';
import type { Config } from './config/schema.ts';
import type { FleetParts } from './fleet.ts';
import { openPortfolioSite, type PortfolioSite } from './portfolioSite.ts';
import type { Clock } from './rebalance/ports.ts';

/** What the portfolios of a process have together. */
export type Shared = {
  readonly venues: SharedAtVenues;
  /** The markets' past, as the database keeps it. */
  readonly bars: CommonReads;
};

export type OpenedPortfolio = {
  readonly site: PortfolioSite;
  readonly clock: Clock;
  readonly secrets: readonly string[];
  readonly close: () => Promise<void>;
};

/**
 * @param isOneOfMany its log lines carry its name, its jobs too.
 * @param shared what the others have too; not there: it is alone.
 * @throws OperatingError when a venue or a simulator cannot be opened.
 */
export async function openPortfolio(
  config: Config,
  parts: FleetParts,
  isOneOfMany: boolean,
  shared?: Shared,
): Promise<OpenedPortfolio> {
  const { database, stopping, isWorker, isWhole, token, enqueue } = parts;
  const { portfolio } = config;
  // Who neither trades nor pulls the switch needs no key and no exchange.
  const needsVenues = isWorker || token !== null;
  const simulators = needsVenues
    ? await composeSimulators(config, parts.program)
    : { clock: clockAtRest(config), stop: () => Promise.resolve() };
  const stopSimulators = () => simulators.stop(isWhole ? 'all' : 'started');
  try {
    // The log conceals the venues' keys, so it comes after them.
    let logger: Logger | null = null;
    const composed = needsVenues
      ? await composeVenues(
          config,
          environmentOfProcess,
          simulators.clock,
          (venue, ban) => logger?.warn({ venue, ...ban }, 'venueBanned'),
          shared?.venues,
        )
      : composeNothing();
    const secrets = [...composed.secrets, ...parts.secrets];
    const log = createLogger({ level: config.log.level, secrets });
    logger = isOneOfMany ? log.child({ portfolio }) : log;
    const site = openPortfolioSite({
      config,
      database,
      composed,
      clock: simulators.clock,
      logger,
      stopping,
      enqueue: isOneOfMany ? (name, slot) => enqueue(name, { ...slot, portfolio }) : enqueue,
      token,
      isWorker,
      isWholeProcess: !isOneOfMany,
      bars: shared?.bars,
    });
    return {
      site,
      clock: simulators.clock,
      secrets,
      close: async () => {
        await composed.close();
        await stopSimulators();
      },
    };
  } catch (error) {
    await stopSimulators();
    throw error;
  }
}

/**
 * Composition: a config becomes adapters, adapters become ports. The only place that knows which adapter stands behind a port.
 *
 * Venues and database are opened apart, so that the kill switch reaches the venues when the database is down.
 */
import { join } from 'node:path';
import type { Logger } from 'pino';
import { createDecisionStore } from './adapters/database/decisionStore.ts';
import { createHistoryStore } from './adapters/database/historyStore.ts';
import { createLease } from './adapters/database/lease.ts';
import { createLedgerStore } from './adapters/database/ledgerStore.ts';
import { type Database, openDatabase } from './adapters/database/openDatabase.ts';
import { createOrderStore } from './adapters/database/orderStore.ts';
import { portfolioScope, type Scope } from './adapters/database/scope.ts';
import { createStateStore } from './adapters/database/stateStore.ts';
import type { CommonReads } from './adapters/exchange/commonReads.ts';
import { type OpenedVenue, openVenue, type SharedAtVenues } from './adapters/exchange/openVenue.ts';
import { type Credentials, readCredentials, seal } from './adapters/system/credentials.ts';
import type { Config } from './config/schema.ts';
import { type VenueId, venueId } from './domain/ids.ts';
import { OperatingError } from './domain/operatingError.ts';
import type { Policy } from './domain/policy.ts';
import type { Reporter } from './rebalance/ports/report.ts';
import type { Clock, Ports } from './rebalance/ports.ts';
import type { QueuePlace } from './scheduler/connection.ts';
import { shareBars } from './sharedBars.ts';
import { openSignalSources } from './signalSource.ts';
import { solvencyWatch } from './solvencyWatch.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Below the ¾ of the lease that a writer still has when it signs: who comes after it finds nothing on its way. */
const receiveWindowShare = 0.5;

/** What is left of the lease then, beside the moment that its answer is good: a write waits no longer for its turn. */
const writeWaitShare = 0.125;
const writeWaitMsMax = 1_000;

type OpenedVenues = ReadonlyMap<OpenedVenue['reader']['id'], OpenedVenue>;

export type ComposedVenues = {
  readonly venues: OpenedVenues;
  /** Values that no log may show. */
  readonly secrets: readonly string[];
  /** Only read, beside the venues; not there: none. */
  readonly signalSources?: Ports['signalSources'];
  close(): Promise<void>;
};

export type ReachableVenues = ComposedVenues & {
  /** Those with a missing key, an unknown exchange, or an environment that they cannot have. */
  readonly unopened: readonly { readonly venue: VenueId; readonly error: OperatingError }[];
};

/** Told of a venue that lets nobody in for a while. */
type Banned = (venue: VenueId, ban: { readonly untilMs: number; readonly reason: string }) => void;

/** For who only schedules or shows. */
export const composeNothing = (): ComposedVenues => ({
  venues: new Map(),
  secrets: [],
  close: () => Promise.resolve(),
});

/** @throws OperatingError for a missing key, an unknown exchange, or an environment that it cannot have. */
export async function composeVenues(
  config: Config,
  environment: Environment,
  clock: Clock,
  banned?: Banned,
  shared?: SharedAtVenues,
): Promise<ComposedVenues> {
  const composed = await composeReachable(config, environment, clock, banned, shared);
  const [first] = composed.unopened;
  if (first === undefined) return withSources(config, composed, clock);
  await composed.close();
  throw first.error;
}

async function withSources(
  config: Config,
  composed: ComposedVenues,
  clock: Clock,
): Promise<ComposedVenues> {
  try {
    const { signalSources, close } = await openSignalSources(config, clock);
    const closeAll = async () => {
      await Promise.all([composed.close(), close()]);
    };
    return { ...composed, signalSources, close: closeAll };
  } catch (error) {
    await composed.close();
    throw error;
  }
}

/** For the kill switch: one venue that cannot be opened must not keep the others from being reached. */
export async function composeReachable(
  config: Config,
  environment: Environment,
  clock: Clock,
  banned?: Banned,
  shared?: SharedAtVenues,
): Promise<ReachableVenues> {
  const venues = new Map<OpenedVenue['reader']['id'], OpenedVenue>();
  const unopened: { readonly venue: VenueId; readonly error: OperatingError }[] = [];
  const secrets: string[] = [];
  for (const [name, settings] of Object.entries(config.venues)) {
    const id = venueId(name);
    try {
      const credentials = await credentialsOf(settings, environment);
      const { apiKey, secret, password } = credentials.reveal();
      secrets.push(apiKey, secret, ...(password === null ? [] : [password]));
      venues.set(id, await open(id, settings, { config, credentials, clock, banned, shared }));
    } catch (error) {
      if (!(error instanceof OperatingError)) throw error;
      unopened.push({ venue: id, error });
    }
  }
  return {
    venues,
    unopened,
    secrets,
    close: async () => {
      await Promise.all([...venues.values()].map((venue) => venue.close()));
    },
  };
}

function open(
  id: VenueId,
  settings: Config['venues'][string],
  parts: {
    readonly config: Config;
    readonly credentials: Credentials;
    readonly clock: Clock;
    readonly banned: Banned | undefined;
    readonly shared: SharedAtVenues | undefined;
  },
): Promise<OpenedVenue> {
  const { settlingMs } = parts.config.execution;
  return openVenue({
    id,
    exchange: settings.exchange,
    environment: settings.environment,
    endpoint: settings.endpoint ?? null,
    acknowledgeLive: settings.acknowledgeLive,
    credentials: parts.credentials,
    clock: parts.clock,
    chance: Math.random,
    onBan: (ban) => parts.banned?.(id, ban),
    ...parts.shared,
    receiveWindowMs: Math.floor(settlingMs * receiveWindowShare),
    writeWaitMsMax: Math.min(writeWaitMsMax, Math.floor(settlingMs * writeWaitShare)),
  });
}

async function credentialsOf(
  settings: Config['venues'][string],
  environment: Environment,
): Promise<Credentials> {
  if (settings.credentialsFile !== undefined) {
    return await readCredentials({ file: settings.credentialsFile });
  }
  if (settings.credentialsEnv !== undefined) {
    return await readCredentials({ env: environment, prefix: settings.credentialsEnv });
  }
  // What the simulator takes where nobody gave it others; the schema admits no other keyless venue.
  const known = { apiKey: 'simulated', secret: 'simulated-secret', password: null };
  return seal('the simulator’s own key', known);
}

export const queuePlace = (config: Config, { url }: Pick<Database, 'url'>): QueuePlace =>
  config.queue === 'database' ? { kind: 'database', url } : { kind: 'redis', url: config.queue };

export const composeDatabase = (config: Config, connectionsMax?: number): Promise<Database> =>
  openDatabase({
    url: config.database,
    dataDir: join(config.dataDir, 'database'),
    ...(connectionsMax === undefined ? {} : { connectionsMax }),
  });

export function composePorts(parts: {
  readonly policy: Policy;
  readonly clock: Clock;
  readonly venues: ComposedVenues['venues'];
  readonly signalSources?: ComposedVenues['signalSources'];
  readonly database: Database;
  readonly reporter: Reporter;
  /** Absent for the kill switch, which judges no venue. */
  readonly config?: Pick<Config, 'portfolio' | 'solvency'>;
  /** What the process's other portfolios have read of the markets' past; absent: it is alone. */
  readonly bars?: CommonReads | undefined;
}): Ports {
  const { policy, clock, venues, database, reporter, config, signalSources = [], bars } = parts;
  const stores = composeStores(database, policy);
  const scope = scopeOf(policy);
  return {
    clock,
    venues,
    signalSources,
    reporter,
    ...stores,
    ...(bars === undefined
      ? {}
      : { history: shareBars(stores.history, clock, bars, (id) => scope.instrument(id)) }),
    ...(config === undefined ? {} : { solvency: solvencyWatch(config, database, clock) }),
  };
}

export function composeStores(
  { queries }: Database,
  policy: Policy,
): Omit<Ports, 'clock' | 'venues' | 'reporter'> {
  const scope = scopeOf(policy);
  return {
    decisions: createDecisionStore(queries),
    orders: createOrderStore(queries),
    ledger: createLedgerStore(queries),
    state: createStateStore(queries, scope),
    history: createHistoryStore(queries, scope),
    // Twice the receive window: what a stale holder signed has run out before another may write.
    lease: createLease(queries, policy.execution.settlingMs),
  };
}

function scopeOf({ portfolio, risk, venues }: Policy): Scope {
  const markets = Object.fromEntries(
    venues.map(({ id, exchange, environment, endpoint = '' }) => [
      id,
      `${exchange}:${environment}:${endpoint}`,
    ]),
  );
  return portfolioScope({ portfolio, markets, lookbackBars: risk.lookbackBars });
}

/** A reporter for commands that are not the daemon: the log alone. */
export function logReporter(logger: Logger): Reporter {
  const nothing = (): void => undefined;
  return {
    event: ({ event, ...rest }) => logger.info(rest, event),
    warn: ({ event, ...rest }) => logger.warn(rest, event),
    orderAcked: nothing,
    orderEnded: nothing,
    orderDenied: nothing,
    slippage: nothing,
    rebalanceEnded: nothing,
  };
}

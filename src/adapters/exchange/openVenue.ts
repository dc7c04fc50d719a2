/**
 * One venue account behind the reading and the writing port, for any ccxt class.
 *
 * Opening makes no request; the first reading connects, and a failed connection is tried again by the next one.
 */
import type { Agent } from 'undici';
import type { VenueId } from '../../domain/ids.ts';
import { OperatingError } from '../../domain/operatingError.ts';
import type { Environment } from '../../domain/venue.ts';
import type { Venue } from '../../rebalance/ports/venue.ts';
import type { Clock } from '../../rebalance/ports.ts';
import { createBinanceDialect } from './binance/dialect.ts';
import { createBybitDialect } from './bybit/dialect.ts';
import { type CcxtClient, createCcxtClient } from './ccxtClient.ts';
import type { CommonReads } from './commonReads.ts';
import { createDeribitDialect } from './deribit/dialect.ts';
import type { Dialect } from './dialect.ts';
import { createGateway } from './gateway.ts';
import { createHyperliquidDialect } from './hyperliquid/dialect.ts';
import { createOkxDialect } from './okx/dialect.ts';
import type { Profile } from './profiles/profile.ts';
import { profileOf } from './profiles/profileOf.ts';
import { createReader } from './reader.ts';
import { createSession, type Session } from './session.ts';
import {
  createDispatcher,
  defaultTimeouts,
  openSockets,
  type Timeouts,
} from './transport/dispatcher.ts';
import type { RateLimit } from './transport/limiter.ts';
import { type OriginPolicy, originPolicy } from './transport/origins.ts';
import { createRedact } from './transport/redact.ts';
import { type Ban, createTraffic } from './transport/traffic.ts';
import { createUnifiedDialect } from './unified/dialect.ts';

const dialects: Readonly<Record<string, (session: Session) => Dialect>> = {
  bybit: createBybitDialect,
  okx: createOkxDialect,
  myokx: createOkxDialect,
  binance: createBinanceDialect,
  binanceusdm: createBinanceDialect,
  hyperliquid: createHyperliquidDialect,
  deribit: createDeribitDialect,
};

export type VenueCredentials = {
  /** For messages: the variable or file they came from. */
  readonly source: string;
  reveal(): {
    readonly apiKey: string;
    readonly secret: string;
    readonly password: string | null;
  };
};

/** What the accounts of a process have together. */
export type SharedAtVenues = {
  /** What the others at the exchange have read too. */
  readonly common: CommonReads;
  /** They outlive the account. */
  readonly sockets: Agent;
};

/** Without what is shared: nothing is, and the sockets are its own. */
export type OpenVenueOptions = Partial<SharedAtVenues> & {
  readonly id: VenueId;
  /** A ccxt id. */
  readonly exchange: string;
  readonly environment: Environment;
  /** Origin of the simulator; null elsewhere. */
  readonly endpoint: string | null;
  readonly acknowledgeLive: boolean;
  /** null: public readings only. */
  readonly credentials: VenueCredentials | null;
  readonly clock: Clock;
  /** In 0…1, for the jitter of retries. */
  readonly chance: () => number;
  readonly timeouts?: Partial<Timeouts>;
  /** How long the venue may take a request after it was signed, where the venue lets one say so; absent: ccxt's own. */
  readonly receiveWindowMs?: number;
  /** Told once when the venue shuts us out: nothing leaves until then, not even a cancel. */
  readonly onBan?: (ban: Ban) => void;
  /** How long a write may wait for its turn before it is refused as not sent; absent: a second. */
  readonly writeWaitMsMax?: number;
};

export type OpenedVenue = Venue & {
  /** Where its requests go, for a person to check. */
  readonly origins: readonly string[];
  /** Closes the sockets that are its own once the requests under way are answered. */
  close(): Promise<void>;
  /** Closes the sockets that are its own at once. */
  destroy(): Promise<void>;
};

/** @throws OperatingError, not retryable, for an unknown exchange, or an environment or endpoint it cannot have. */
export async function openVenue(options: OpenVenueOptions): Promise<OpenedVenue> {
  const { id, exchange, environment, credentials, clock } = options;
  const profile =
    environment === 'simulated' ? unhurried(profileOf(exchange)) : profileOf(exchange);
  const timeouts = { ...defaultTimeouts, ...options.timeouts };
  const secrets = credentials?.reveal() ?? null;
  const client = await createCcxtClient(exchange, {
    ...profile.options,
    options: {
      ...(profile.options['options'] as Readonly<Record<string, unknown>> | undefined),
      ...(options.receiveWindowMs === undefined ? {} : { recvWindow: options.receiveWindowMs }),
    },
    ...credentialFields(profile, secrets),
    // Exact texts instead of floats, in every unified structure.
    number: String,
    enableRateLimit: false,
    // Nobody reads the last answer, and it is held until the next.
    enableLastHttpResponse: false,
    maxRetriesOnFailure: 0,
    timeout: timeouts.headersMs,
    // Currencies are asked for by themselves: as a sign of soundness, not to load markets.
    has: { fetchCurrencies: false },
  });
  const policy = policyOf(client, options, profile);
  chooseEnvironment(client, environment, profile);
  const traffic = createTraffic(profile.traffic, clock, (ban) => options.onBan?.(ban));
  const sockets = options.sockets ?? openSockets(timeouts);
  const isOwn = options.sockets === undefined;
  const dispatcher = createDispatcher(id, policy, sockets, traffic.note);
  await client.loadFetchImplementation();
  pinDispatcher(client, dispatcher, id);
  const session = createSession({
    id,
    exchange,
    environment,
    client,
    clock,
    profile,
    chance: options.chance,
    common:
      options.common === undefined ? null : { reads: options.common, of: commonName(options) },
    traffic,
    deadlineMs: timeouts.deadlineMs,
    ...(options.receiveWindowMs === undefined ? {} : { receiveWindowMs: options.receiveWindowMs }),
    ...(options.writeWaitMsMax === undefined ? {} : { writeWaitMsMax: options.writeWaitMsMax }),
    faults: {
      venue: id,
      exchange,
      credentialsSource: credentials?.source ?? null,
      codes: profile.codes,
      redact: createRedact(secrets === null ? [] : Object.values(secrets)),
    },
  });
  const dialect = (dialects[exchange] ?? createUnifiedDialect)(session);
  return {
    reader: createReader(session, dialect),
    gateway: createGateway(session, dialect),
    origins: policy.rehostTo === null ? [...policy.origins] : [policy.rehostTo],
    close: () => (isOwn ? sockets.close() : Promise.resolve()),
    destroy: () => (isOwn ? sockets.destroy() : Promise.resolve()),
  };
}

/** Some classes load other markets with a key than without. */
const commonName = ({ exchange, environment, endpoint, credentials }: OpenVenueOptions): string =>
  [exchange, environment, endpoint ?? '', credentials === null ? 'public' : 'keyed'].join(' ');

const SIMULATED_BAN_MS = 1_000;

/** The simulator takes two thousand requests a second, whatever the venue that it plays would; its bans are short. */
function unhurried(profile: Profile): Profile {
  const { limits } = profile.traffic;
  const fast = ({ reserveShare }: RateLimit): RateLimit => ({
    burst: 1_000,
    perSecond: 1_000,
    reserveShare,
  });
  return {
    ...profile,
    traffic: {
      ...profile.traffic,
      // What the simulator says is used, it allows a hundred times as much of.
      usage: profile.traffic.usage.map((rule) =>
        typeof rule.limit === 'number' ? { ...rule, limit: rule.limit * 100 } : rule,
      ),
      banMsByStatus: Object.fromEntries(
        Object.keys(profile.traffic.banMsByStatus).map((status) => [status, SIMULATED_BAN_MS]),
      ),
      limits: {
        orders: fast(limits.orders),
        cancels: limits.cancels === 'orders' ? 'orders' : fast(limits.cancels),
        account: fast(limits.account),
        market: fast(limits.market),
      },
    },
  };
}

function credentialFields(
  profile: Profile,
  secrets: ReturnType<VenueCredentials['reveal']> | null,
): Readonly<Record<string, string>> {
  if (secrets === null) return {};
  return {
    [profile.credentialFields.apiKey]: secrets.apiKey,
    [profile.credentialFields.secret]: secrets.secret,
    ...(secrets.password === null ? {} : { password: secrets.password }),
  };
}

function policyOf(client: CcxtClient, options: OpenVenueOptions, profile: Profile): OriginPolicy {
  if (profile.isTestnetGone && options.environment === 'testnet') {
    throw new OperatingError(
      `${options.id}: ${options.exchange} has no testnet for futures any more`,
      {
        retryable: false,
        fault: 'input',
        remedy: 'set environment: demo',
      },
    );
  }
  const decision = originPolicy({
    exchange: options.exchange,
    environment: options.environment,
    endpoint: options.endpoint,
    acknowledgeLive: options.acknowledgeLive,
    urls: client.urls,
    hostname: client.hostname,
    hasSandbox: client.has['sandbox'] === true,
    demoHeader: profile.demoHeader,
  });
  if (decision.kind === 'policy') return decision.policy;
  throw new OperatingError(`${options.id}: ${decision.reason}`, {
    retryable: false,
    fault: 'input',
    remedy: decision.remedy,
  });
}

/** The list of origins was made before; whatever these switches do, nothing else can be reached. */
function chooseEnvironment(client: CcxtClient, environment: Environment, profile: Profile): void {
  if (environment === 'testnet') client.setSandboxMode(true);
  if (environment === 'demo') {
    if (profile.demoHeader === null) client.enableDemoTrading(true);
    else client.setSandboxMode(true);
  }
  // Hyperliquid's class would otherwise sign a builder fee and a referral of its own at the first call.
  if (client.id === 'hyperliquid') {
    Object.defineProperty(client, 'initializeClient', { value: () => Promise.resolve(true) });
  }
}

/** Every request of the class goes through our dispatcher from here on; nothing can put another in its place. */
function pinDispatcher(client: CcxtClient, dispatcher: unknown, venue: string): void {
  if (client.undiciModule === undefined) {
    throw new OperatingError(
      `${venue}: ccxt did not load undici, so its requests cannot be guarded`,
      {
        retryable: false,
        remedy: 'install the dependencies by npm ci',
      },
    );
  }
  Object.defineProperty(client, 'fetchDispatcher', { value: dispatcher, writable: false });
}

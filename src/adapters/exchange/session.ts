/**
 * One venue account's connection: the ccxt client behind its dispatcher, its traffic, the venue's time, retries of reads.
 *
 * Reads are tried three times with jitter, writes once. Every request has a deadline and must answer JSON. A write that
 * would have to wait for the rate limit does not leave: what allowed it may be over by then. Cancelling everything has the
 * reserve of its class and is tried as a read is. Under a ban nothing leaves and nothing waits.
 */

import type { VenueIdentity } from '../../domain/venue.ts';
import type { Clock } from '../../rebalance/ports.ts';
import { MalformedAnswer } from './answer.ts';
import type { CcxtClient } from './ccxtClient.ts';
import type { CommonReads } from './commonReads.ts';
import { guardAnswers } from './deadline.ts';
import { type FaultContext, kindsOf, readFault } from './faults.ts';
import { limitLifetime } from './lifetime.ts';
import type { Profile } from './profiles/profile.ts';
import { createSending } from './sending.ts';
import type { EndpointClass } from './transport/endpoints.ts';
import type { Urgency } from './transport/limiter.ts';
import type { Traffic } from './transport/traffic.ts';
import { createVenueClock } from './transport/venueClock.ts';
import { createYoungBooks, type YoungBooks } from './youngBooks.ts';

const ATTEMPTS_MAX = 3;
const BACKOFF_MS = 200;
const MARKETS_AGE_MS_MAX = 3_600_000;
/** So old may be the markets that another session of the process loaded. */
const COMMON_MARKETS_AGE_MS_MAX = 300_000;
const RECEIVE_WINDOW_MS = 5_000;
const PAUSE_MS = 1_000;
/** What Binance and others write into the refusal. */
const BANNED_UNTIL = /banned until (\d{13})/i;
const BAN_MS = 60_000;
const BAN_STATED_MS_MAX = 3 * 86_400_000;
/** So long a write may wait for its turn: with the receive window it stays within what is left of the lease. */
const WRITE_WAIT_MS_MAX = 1_000;
/** So long a read may: twice the longest window in which a venue counts. A job that waits longer blocks its next runs. */
const READ_WAIT_MS_MAX = 120_000;
/** So long cancelling everything may. */
const PROTECT_WAIT_MS_MAX = 30_000;

export type WriteOptions = {
  /** By then it has left or never will; absent: `writeUntilMs()`. */
  readonly untilMs?: number;
  /** When its sender asked for leave, our time: what it is signed with; absent: now. */
  readonly askedAtMs?: number;
  /** Absent: `orders`. */
  readonly endpoint?: EndpointClass;
};

/** What other accounts of the exchange in this process have read; `of` names the exchange, its environment and endpoint. */
export type Common = { readonly reads: CommonReads; readonly of: string };

export type Session = VenueIdentity & {
  readonly client: CcxtClient;
  readonly clock: Clock;
  readonly profile: Profile;
  readonly faults: FaultContext;
  /** Those that quotes were read from a moment ago. */
  readonly books: YoungBooks;
  /** null: nobody else is in this process. */
  readonly common: Common | null;
  /** Connects if need be, then reads. @param endpoint absent: `account`. @throws OperatingError */
  read<T>(
    what: string,
    run: () => Promise<T>,
    weight?: number,
    endpoint?: EndpointClass,
  ): Promise<T>;
  /** One attempt; throws what ccxt throws. Call `connect` first. @throws NotSent, then it did not leave. */
  write<T>(urgency: Urgency, run: () => Promise<T>, options?: WriteOptions): Promise<T>;
  /** What each order carries beside itself, such as its last moment. */
  orderParams(): Readonly<Record<string, unknown>>;
  /** Until when a write that is asked for now may leave. */
  writeUntilMs(): number;
  /**
   * What may be repeated and must not wait behind others: cancelling everything.
   *
   * @param endpoint absent: `cancels`. @throws OperatingError
   */
  protect<T>(what: string, run: () => Promise<T>, endpoint?: EndpointClass): Promise<T>;
  /** Measures the clock and loads the markets, once; again where it failed. @throws OperatingError */
  connect(): Promise<void>;
  /** Loads the markets again where they are old. @throws OperatingError */
  refreshMarkets(): Promise<void>;
  /** Venue's clock minus ours, measured now and used for signing from here on. @throws OperatingError */
  measureOffsetMs(): Promise<number>;
  /** The venue's time as far as it is known. */
  venueNowMs(): number;
};

export type SessionParts = VenueIdentity & {
  readonly client: CcxtClient;
  readonly clock: Clock;
  readonly profile: Profile;
  readonly faults: FaultContext;
  /** Absent: nothing is shared. */
  readonly common?: Common | null;
  readonly traffic: Traffic;
  /** In 0…1, for jitter. */
  readonly chance: () => number;
  readonly deadlineMs: number;
  /** How long the venue may take a request after it was signed, and we after it was asked for; absent: five seconds. */
  readonly receiveWindowMs?: number;
  /** A write waits no longer for its turn; absent: a second. */
  readonly writeWaitMsMax?: number;
};

export function createSession(parts: SessionParts): Session {
  const { client, clock, profile, faults, common = null, chance, traffic } = parts;
  const windowMs = parts.receiveWindowMs ?? RECEIVE_WINDOW_MS;
  const venueClock = createVenueClock(parts.id, clock, windowMs);
  let connecting: Promise<void> | null = null;
  let marketsAtMs = Number.NEGATIVE_INFINITY;

  client.milliseconds = venueClock.signingMs;
  const orderParams = limitLifetime(client, profile.lifetime, windowMs);
  const sending = createSending(parts.id);
  guardAnswers(client, parts.deadlineMs, () => {
    venueClock.refuseLate();
    sending.noteRequest();
  });

  const noteRefusal = (error: unknown, endpoint: EndpointClass): void => {
    const kinds = kindsOf(error);
    const stated = BANNED_UNTIL.exec(error instanceof Error ? error.message : '')?.[1];
    const bannedMs = Number(stated) - venueClock.nowMs();
    // Retry-After, noted already, says the same; an end far away is a misreading.
    if (bannedMs > 0 && bannedMs <= BAN_STATED_MS_MAX) traffic.ban(bannedMs, 'its end is named');
    else if (kinds.includes('DDoSProtection'))
      traffic.ban(retryAfterMs(client) ?? BAN_MS, kinds[0] ?? '');
    else if (kinds.includes('RateLimitExceeded')) {
      traffic.pause(endpoint, retryAfterMs(client) ?? PAUSE_MS);
    }
  };

  const attempts = async <T>(
    what: string,
    run: () => Promise<T>,
    turn: {
      readonly endpoint: EndpointClass;
      readonly urgency: Urgency;
      readonly weight?: number;
      readonly waitMsMax?: number;
    },
  ): Promise<T> => {
    for (let attempt = 1; ; attempt += 1) {
      await traffic.take(turn.endpoint, turn.urgency, { waitMsMax: READ_WAIT_MS_MAX, ...turn });
      try {
        return await run();
      } catch (error) {
        noteRefusal(error, turn.endpoint);
        const fault = readFault(error, what, faults);
        if (!fault.retryable || attempt === ATTEMPTS_MAX) throw fault;
        if (kindsOf(error).includes('InvalidNonce') && what !== 'time') await measure();
        await clock.sleep(BACKOFF_MS * 2 ** (attempt - 1) * (0.5 + chance()));
      }
    }
  };

  const measure = async (): Promise<number> => {
    const run = async () => {
      const sentMs = clock.nowMs();
      const venueMs = Number(await client.fetchTime());
      if (!Number.isFinite(venueMs) || venueMs <= 0) {
        throw new MalformedAnswer(`the venue's time must be in ms, was ${venueMs}`);
      }
      return { sentMs, backMs: clock.nowMs(), venueMs };
    };
    return venueClock.note(await attempts('time', run, { endpoint: 'market', urgency: 'normal' }));
  };

  const loadMarkets = async (): Promise<void> => {
    // ccxt remembers a failed load for ever unless told to reload.
    const turn = { endpoint: 'market', urgency: 'normal', weight: 3 } as const;
    const load = async () => {
      await client.loadMarkets(true);
      return { client, atMs: clock.nowMs() };
    };
    const age = { nowMs: clock.nowMs(), ageMsMax: COMMON_MARKETS_AGE_MS_MAX };
    const loaded = await attempts(
      'loading the markets',
      () => (common === null ? load() : common.reads.once(`${common.of} markets`, age, load)),
      turn,
    );
    if (loaded.client !== client) client.setMarketsFromExchange(loaded.client);
    marketsAtMs = loaded.atMs;
  };

  const connect = (): Promise<void> => {
    connecting ??= (async () => {
      try {
        if (client.has['fetchTime'] === true) await measure();
        await loadMarkets();
      } catch (error) {
        connecting = null;
        throw error;
      }
    })();
    return connecting;
  };

  const writeUntilMs = (): number => clock.nowMs() + (parts.writeWaitMsMax ?? WRITE_WAIT_MS_MAX);

  return {
    id: parts.id,
    exchange: parts.exchange,
    environment: parts.environment,
    client,
    clock,
    profile,
    faults,
    books: createYoungBooks({ nowMs: () => clock.nowMs() }),
    common,
    connect,
    measureOffsetMs: measure,
    venueNowMs: venueClock.nowMs,
    read: async (what, run, weight = 1, endpoint = 'account') => {
      await connect();
      return attempts(what, run, { endpoint, urgency: 'normal', weight });
    },
    protect: async (what, run, endpoint = 'cancels') => {
      await connect();
      return attempts(what, run, {
        endpoint,
        urgency: 'protective',
        waitMsMax: PROTECT_WAIT_MS_MAX,
      });
    },
    orderParams,
    writeUntilMs,
    write: async (urgency, run, options = {}) => {
      const { untilMs = writeUntilMs(), askedAtMs = clock.nowMs(), endpoint = 'orders' } = options;
      if (venueClock.isWrong()) await measure().catch(venueClock.check);
      await traffic.take(endpoint, urgency, { waitMsMax: untilMs - clock.nowMs() });
      try {
        return await sending.run(() => venueClock.signedAt(askedAtMs, run));
      } catch (error) {
        noteRefusal(error, endpoint);
        // The next request is then signed with the right time; this one is over.
        if (kindsOf(error).includes('InvalidNonce')) await measure().catch(() => undefined);
        throw error;
      }
    },
    refreshMarkets: async () => {
      await connect();
      if (clock.nowMs() - marketsAtMs > MARKETS_AGE_MS_MAX) await loadMarkets();
    },
  };
}

/** What the last answer asked us to wait. */
function retryAfterMs(client: CcxtClient): number | null {
  const seconds = Number(client.last_response_headers?.['Retry-After']);
  return seconds > 0 ? seconds * 1000 : null;
}

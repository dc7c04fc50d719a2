/**
 * One venue account's connection: the ccxt client behind its dispatcher, the limiter, the venue's time, retries of reads.
 *
 * Reads are tried three times with jitter, writes once. Every request has a deadline and must answer JSON. A write that
 * would have to wait for the rate limit does not leave: what allowed it may be over by then. Cancelling everything has the
 * writes' reserve and is tried as a read is.
 */

import { OperatingError } from '../../domain/operatingError.ts';
import type { VenueIdentity } from '../../domain/venue.ts';
import type { Clock } from '../../rebalance/ports.ts';
import { MalformedAnswer } from './answer.ts';
import type { CcxtClient } from './ccxtClient.ts';
import { type FaultContext, kindsOf, readFault } from './faults.ts';
import type { Profile } from './profiles/profile.ts';
import { createLimiter, type Limiter, type Urgency } from './transport/limiter.ts';

const ATTEMPTS_MAX = 3;
const BACKOFF_MS = 200;
const MARKETS_AGE_MS_MAX = 3_600_000;
/** Beyond this the machine's clock is wrong, not adrift. */
const OFFSET_MS_MAX = 60_000;
const PAUSE_MS = { RateLimitExceeded: 1_000, DDoSProtection: 60_000 } as const;
const PAUSE_MS_MAX = 600_000;
/** So long a write may wait for its turn: with the receive window it stays within what is left of the lease. */
const WRITE_WAIT_MS_MAX = 1_000;
/** So long cancelling everything may; a longer ban is told to whoever pulled the switch. */
const PROTECT_WAIT_MS_MAX = 30_000;

export type Session = VenueIdentity & {
  readonly client: CcxtClient;
  readonly clock: Clock;
  readonly profile: Profile;
  readonly faults: FaultContext;
  /** Connects if need be, then reads. @throws OperatingError */
  read<T>(what: string, run: () => Promise<T>, weight?: number): Promise<T>;
  /**
   * One attempt; throws what ccxt throws. Call `connect` first.
   *
   * @param untilMs by then it has left or never will; absent: `writeUntilMs()`. @throws RateLimited, then it did not leave.
   */
  write<T>(urgency: Urgency, run: () => Promise<T>, untilMs?: number): Promise<T>;
  /** Until when a write that is asked for now may leave. */
  writeUntilMs(): number;
  /** What may be repeated and must not wait behind reads: cancelling everything. @throws OperatingError */
  protect<T>(what: string, run: () => Promise<T>): Promise<T>;
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
  /** In 0…1, for jitter. */
  readonly chance: () => number;
  readonly deadlineMs: number;
  /** A write waits no longer for its turn; absent: a second. */
  readonly writeWaitMsMax?: number;
};

export function createSession(parts: SessionParts): Session {
  const { client, clock, profile, faults, chance } = parts;
  const reads = createLimiter(profile.readLimit, clock);
  const writes = createLimiter(profile.writeLimit, clock);
  let offsetMs = 0;
  let connecting: Promise<void> | null = null;
  let marketsAtMs = Number.NEGATIVE_INFINITY;

  client.milliseconds = () => Math.round(clock.nowMs() + offsetMs);
  guardAnswers(client, parts.deadlineMs);

  const noteBan = (error: unknown, limiter: Limiter): void => {
    const kinds = kindsOf(error);
    const kind = (['DDoSProtection', 'RateLimitExceeded'] as const).find((k) => kinds.includes(k));
    if (kind === undefined) return;
    const seconds = Number(client.last_response_headers?.['Retry-After']);
    const pauseMs = seconds > 0 ? seconds * 1000 : PAUSE_MS[kind];
    const untilMs = clock.nowMs() + Math.min(pauseMs, PAUSE_MS_MAX);
    if (kind === 'DDoSProtection' || limiter === reads) reads.pauseUntil(untilMs);
    if (kind === 'DDoSProtection' || limiter === writes) writes.pauseUntil(untilMs);
  };

  const attempts = async <T>(
    what: string,
    weight: number,
    run: () => Promise<T>,
    urgency: Urgency = 'normal',
  ): Promise<T> => {
    const limiter = urgency === 'normal' ? reads : writes;
    const waitMsMax = urgency === 'normal' ? undefined : PROTECT_WAIT_MS_MAX;
    for (let attempt = 1; ; attempt += 1) {
      await limiter.take(weight, urgency, waitMsMax);
      try {
        return await run();
      } catch (error) {
        noteBan(error, limiter);
        const fault = readFault(error, what, faults);
        if (!fault.retryable || attempt === ATTEMPTS_MAX) throw fault;
        if (kindsOf(error).includes('InvalidNonce') && what !== 'time') await measure();
        await clock.sleep(BACKOFF_MS * 2 ** (attempt - 1) * (0.5 + chance()));
      }
    }
  };

  const measure = async (): Promise<number> => {
    const found = await attempts('time', 1, async () => {
      const sentMs = clock.nowMs();
      const answer = Number(await client.fetchTime());
      const backMs = clock.nowMs();
      if (!Number.isFinite(answer) || answer <= 0) {
        throw new MalformedAnswer(`the venue's time must be in ms, was ${answer}`);
      }
      return answer - (sentMs + backMs) / 2;
    });
    if (Math.abs(found) > OFFSET_MS_MAX) {
      throw new OperatingError(
        `${parts.id}: the venue's clock and ours differ by more than ${OFFSET_MS_MAX} ms, was ${Math.round(found)}`,
        { retryable: false, remedy: 'set this machine’s clock by NTP' },
      );
    }
    offsetMs = found;
    return found;
  };

  const loadMarkets = async (): Promise<void> => {
    // ccxt remembers a failed load for ever unless told to reload.
    await attempts('loading the markets', 3, () => client.loadMarkets(true));
    marketsAtMs = clock.nowMs();
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
    connect,
    measureOffsetMs: measure,
    venueNowMs: () => clock.nowMs() + offsetMs,
    read: async (what, run, weight = 1) => {
      await connect();
      return attempts(what, weight, run);
    },
    protect: async (what, run) => {
      await connect();
      return attempts(what, 1, run, 'protective');
    },
    writeUntilMs,
    write: async (urgency, run, untilMs = writeUntilMs()) => {
      await writes.take(1, urgency, untilMs - clock.nowMs());
      try {
        return await run();
      } catch (error) {
        noteBan(error, writes);
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

/** Puts a deadline round each request and refuses answers that are not JSON, which ccxt would hand on as a text. */
function guardAnswers(client: CcxtClient, deadlineMs: number): void {
  const fetch = client.fetch.bind(client);
  client.fetch = async (url, method, headers, body) => {
    const answer = await withDeadline(fetch(url, method, headers, body), deadlineMs);
    if (typeof answer !== 'object' || answer === null) {
      const path = URL.canParse(url) ? new URL(url).pathname : 'the request';
      throw new MalformedAnswer(`${method} ${path} must answer JSON, was ${describe(answer)}`);
    }
    return answer;
  };
}

function describe(answer: unknown): string {
  if (typeof answer !== 'string') return typeof answer;
  if (answer === '') return 'empty';
  return /^\s*</.test(answer) ? 'HTML' : `a text of ${answer.length} characters`;
}

/** Real time, like ccxt's own timer: the network does not run on the clock port. */
async function withDeadline<T>(work: Promise<T>, deadlineMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no complete answer within the deadline of ${deadlineMs} ms`));
    }, deadlineMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}

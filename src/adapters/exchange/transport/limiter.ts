/**
 * A weighted token bucket for one class of requests of one venue account, through the clock port.
 *
 * A share of the bucket is kept for cancels and reductions, which also pass those that wait. A "too many requests" of the
 * venue pauses everything until the time it names; a nearly used up allowance holds all but the protective ones.
 */
import { OperatingError } from '../../../domain/operatingError.ts';
import type { Clock } from '../../../rebalance/ports.ts';
import { NotSent } from './notSent.ts';

/** Waits of one request; each is as long as needs be, so more than a few mean that the clock stands still. */
const ROUNDS_MAX = 1_000;

export type RateLimit = {
  /** Tokens of a full bucket. */
  readonly burst: number;
  readonly perSecond: number;
  /** Share of the bucket that only protective requests may use. */
  readonly reserveShare: number;
};

export type Urgency = 'normal' | 'protective';

export type Limiter = {
  /**
   * Resolves when the request may leave; first come, first served within its urgency.
   *
   * @param waitMsMax a request whose turn cannot come within it is refused at once, not kept until then.
   * @throws NotSent: its turn comes later than it may wait, or the venue has banned us.
   */
  take(weight: number, urgency: Urgency, waitMsMax?: number): Promise<void>;
  /** Nothing leaves before this time. */
  pauseUntil(atMs: number): void;
  /** Nothing but protective requests leaves before this time. */
  holdUntil(atMs: number): void;
  /** Nothing leaves before this time, and nothing waits for it either. */
  banUntil(atMs: number): void;
};

export function createLimiter(limit: RateLimit, clock: Clock): Limiter {
  let tokens = limit.burst;
  let countedAtMs = clock.nowMs();
  let pausedUntilMs = Number.NEGATIVE_INFINITY;
  let heldUntilMs = Number.NEGATIVE_INFINITY;
  let bannedUntilMs = Number.NEGATIVE_INFINITY;
  /** Weights of those that wait, first come first. */
  const queues: Record<Urgency, { readonly weight: number }[]> = { normal: [], protective: [] };
  const floor = { normal: limit.burst * limit.reserveShare, protective: 0 } as const;

  /** Milliseconds until there is enough for it and for those before it, 0: now. */
  const waitOf = (turn: { readonly weight: number }, urgency: Urgency): number => {
    const nowMs = clock.nowMs();
    const gained = (Math.max(0, nowMs - countedAtMs) * limit.perSecond) / 1000;
    tokens = Math.min(limit.burst, tokens + gained);
    countedAtMs = nowMs;
    const queue = queues[urgency];
    const ahead = queue.slice(0, queue.indexOf(turn)).reduce((sum, one) => sum + one.weight, 0);
    const own = Math.min(turn.weight, limit.burst - floor[urgency]);
    const missing = ahead + own + floor[urgency] - tokens;
    const refillMs =
      missing > 1e-9 ? Math.max(1, Math.ceil((missing / limit.perSecond) * 1000)) : 0;
    const stopMs = urgency === 'normal' ? Math.max(pausedUntilMs, heldUntilMs) : pausedUntilMs;
    return Math.max(stopMs - nowMs, refillMs, 0);
  };

  const wait = async (
    turn: { readonly weight: number },
    urgency: Urgency,
    waitMsMax: number,
  ): Promise<void> => {
    const untilMs = clock.nowMs() + waitMsMax;
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      if (clock.nowMs() < bannedUntilMs) throw banned(bannedUntilMs);
      const ms = waitOf(turn, urgency);
      if (ms === 0) {
        tokens -= turn.weight;
        return;
      }
      if (clock.nowMs() + ms > untilMs) throw rateLimited(ms, waitMsMax);
      await clock.sleep(ms);
    }
    throw new OperatingError(`no turn came within ${ROUNDS_MAX} waits of the rate limit`, {
      retryable: true,
      remedy: 'check that the clock moves while something sleeps on it',
    });
  };

  return {
    take: async (weight, urgency, waitMsMax = Number.POSITIVE_INFINITY) => {
      const turn = { weight };
      const queue = queues[urgency];
      queue.push(turn);
      try {
        await wait(turn, urgency, waitMsMax);
      } finally {
        queue.splice(queue.indexOf(turn), 1);
      }
    },
    pauseUntil: (atMs) => {
      pausedUntilMs = Math.max(pausedUntilMs, atMs);
    },
    holdUntil: (atMs) => {
      heldUntilMs = Math.max(heldUntilMs, atMs);
    },
    banUntil: (atMs) => {
      bannedUntilMs = Math.max(bannedUntilMs, atMs);
    },
  };
}

const rateLimited = (waitMs: number, waitMsMax: number): NotSent =>
  new NotSent(
    'RATE_LIMITED',
    `not sent: its turn would come in ${waitMs} ms, it may wait ${waitMsMax} ms`,
    { retryable: true, remedy: 'wait; lower the order and poll rates if it stays' },
  );

const banned = (untilMs: number): NotSent =>
  new NotSent(
    'BANNED',
    `not sent: the venue has banned us until ${new Date(untilMs).toISOString()}`,
    {
      retryable: true,
      remedy: 'wait until the ban is over; cancel at the venue by hand if it cannot wait',
    },
  );

/**
 * A weighted token bucket for one class of requests of one venue account, through the clock port.
 *
 * A share of the bucket is kept for cancels and reductions, which also pass those that wait. A ban or a "too many
 * requests" of the venue pauses everything until the time it names.
 */
import { OperatingError } from '../../../domain/operatingError.ts';
import type { Clock } from '../../../rebalance/ports.ts';

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
   * @throws RateLimited, then nothing was sent.
   */
  take(weight: number, urgency: Urgency, waitMsMax?: number): Promise<void>;
  /** Nothing leaves before this time. */
  pauseUntil(atMs: number): void;
};

/** The request did not leave: its turn comes later than it may wait. */
export class RateLimited extends OperatingError {
  constructor(waitMs: number, waitMsMax: number) {
    super(`not sent: its turn would come in ${waitMs} ms, it may wait ${waitMsMax} ms`, {
      retryable: true,
      remedy: 'wait; lower the order and poll rates if it stays',
    });
    this.name = 'RateLimited';
  }
}

export function createLimiter(limit: RateLimit, clock: Clock): Limiter {
  let tokens = limit.burst;
  let countedAtMs = clock.nowMs();
  let pausedUntilMs = Number.NEGATIVE_INFINITY;
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
    return Math.max(pausedUntilMs - nowMs, refillMs, 0);
  };

  const wait = async (
    turn: { readonly weight: number },
    urgency: Urgency,
    waitMsMax: number,
  ): Promise<void> => {
    const untilMs = clock.nowMs() + waitMsMax;
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const ms = waitOf(turn, urgency);
      if (ms === 0) {
        tokens -= turn.weight;
        return;
      }
      if (clock.nowMs() + ms > untilMs) throw new RateLimited(ms, waitMsMax);
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
  };
}

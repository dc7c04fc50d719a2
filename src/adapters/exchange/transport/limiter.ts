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
  /** Resolves when the request may leave; first come, first served within its urgency. */
  take(weight: number, urgency: Urgency): Promise<void>;
  /** Nothing leaves before this time. */
  pauseUntil(atMs: number): void;
};

export function createLimiter(limit: RateLimit, clock: Clock): Limiter {
  let tokens = limit.burst;
  let countedAtMs = clock.nowMs();
  let pausedUntilMs = Number.NEGATIVE_INFINITY;
  const queues: Record<Urgency, Promise<void>> = {
    normal: Promise.resolve(),
    protective: Promise.resolve(),
  };
  const floor = { normal: limit.burst * limit.reserveShare, protective: 0 } as const;

  /** Milliseconds to wait, 0 once the tokens were taken. */
  const attempt = (weight: number, urgency: Urgency): number => {
    const nowMs = clock.nowMs();
    const gained = (Math.max(0, nowMs - countedAtMs) * limit.perSecond) / 1000;
    tokens = Math.min(limit.burst, tokens + gained);
    countedAtMs = nowMs;
    if (pausedUntilMs > nowMs) return pausedUntilMs - nowMs;
    const missing = Math.min(weight, limit.burst - floor[urgency]) + floor[urgency] - tokens;
    if (missing > 1e-9) return Math.max(1, Math.ceil((missing / limit.perSecond) * 1000));
    tokens -= weight;
    return 0;
  };

  const wait = async (weight: number, urgency: Urgency): Promise<void> => {
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const ms = attempt(weight, urgency);
      if (ms === 0) return;
      await clock.sleep(ms);
    }
    throw new OperatingError(`no turn came within ${ROUNDS_MAX} waits of the rate limit`, {
      retryable: true,
      remedy: 'check that the clock moves while something sleeps on it',
    });
  };

  return {
    take: (weight, urgency) => {
      const turn = queues[urgency].then(() => wait(weight, urgency));
      // A request that gave up does not stop those behind it.
      queues[urgency] = turn.catch(() => undefined);
      return turn;
    },
    pauseUntil: (atMs) => {
      pausedUntilMs = Math.max(pausedUntilMs, atMs);
    },
  };
}

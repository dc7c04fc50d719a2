/**
 * The traffic of one venue account: a limiter for each class of endpoints, fed by what the venue's answers say.
 *
 * A ban (418, 429 with a long wait, a venue's own statuses) stops every class until it ends: nothing waits for that, not
 * even a cancel, and whoever watches is told once.
 */
import type { Clock } from '../../../rebalance/ports.ts';
import type { AnswerHead } from './dispatcher.ts';
import {
  classOf,
  type EndpointClass,
  type EndpointLimits,
  type EndpointRules,
  endpointClasses,
} from './endpoints.ts';
import { createLimiter, type Limiter, type Urgency } from './limiter.ts';
import { numberIn, readUsage, type UsageRule } from './usage.ts';

/** Bans of days are real; one beyond this is a misreading. */
const BAN_MS_MAX = 7 * 86_400_000;
/** After a longer pause than this the venue is asked again, whatever it said: a misreading must not silence it. */
const PAUSE_MS_MAX = 600_000;
const TOO_MANY_STATUS = 429;

export type TrafficRules = {
  readonly limits: EndpointLimits;
  readonly endpoints: EndpointRules;
  readonly usage: readonly UsageRule[];
  /** HTTP statuses that are a ban, and how long it lasts where the answer does not say. */
  readonly banMsByStatus: Readonly<Record<number, number>>;
};

export type Ban = { readonly untilMs: number; readonly reason: string };

export type Traffic = {
  take(
    endpoint: EndpointClass,
    urgency: Urgency,
    request?: { readonly weight?: number; readonly waitMsMax?: number },
  ): Promise<void>;
  /** The head of an answer. */
  readonly note: (head: AnswerHead) => void;
  pause(endpoint: EndpointClass, ms: number): void;
  ban(ms: number, reason: string): void;
};

export function createTraffic(
  rules: TrafficRules,
  clock: Clock,
  onBan: (ban: Ban) => void,
): Traffic {
  const { limits } = rules;
  const orders = createLimiter(limits.orders, clock);
  const limiters: Readonly<Record<EndpointClass, Limiter>> = {
    orders,
    cancels: limits.cancels === 'orders' ? orders : createLimiter(limits.cancels, clock),
    account: createLimiter(limits.account, clock),
    market: createLimiter(limits.market, clock),
  };
  let bannedUntilMs = Number.NEGATIVE_INFINITY;

  const ban = (ms: number, reason: string): void => {
    const untilMs = Math.ceil(clock.nowMs() + Math.min(ms, BAN_MS_MAX));
    if (untilMs <= bannedUntilMs) return;
    const isNew = clock.nowMs() >= bannedUntilMs;
    bannedUntilMs = untilMs;
    for (const endpoint of endpointClasses) limiters[endpoint].banUntil(untilMs);
    if (isNew) onBan({ untilMs, reason });
  };

  const pause = (endpoint: EndpointClass, ms: number): void =>
    limiters[endpoint].pauseUntil(clock.nowMs() + Math.min(ms, PAUSE_MS_MAX));

  return {
    take: (endpoint, urgency, { weight = 1, waitMsMax } = {}) =>
      limiters[endpoint].take(weight, urgency, waitMsMax),
    note: (head) => {
      const asked = classOf(head, rules.endpoints);
      const retryAfter = numberIn(head, 'Retry-After');
      const banMs = rules.banMsByStatus[head.status];
      if (banMs !== undefined) {
        ban(retryAfter === null ? banMs : retryAfter * 1000, `HTTP ${head.status}`);
      } else if (head.status === TOO_MANY_STATUS && retryAfter !== null) {
        pause(asked, retryAfter * 1000);
      }
      for (const rule of rules.usage) {
        const usage = readUsage(rule, head, clock.nowMs());
        if (usage === null) continue;
        for (const endpoint of usage.classes ?? [asked]) {
          if (usage.effect === 'hold') limiters[endpoint].holdUntil(usage.untilMs);
          else limiters[endpoint].pauseUntil(usage.untilMs);
        }
      }
    },
    pause,
    ban,
  };
}

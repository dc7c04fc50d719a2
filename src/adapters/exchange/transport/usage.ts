/**
 * What a venue's headers say of our allowance: how much is used, when it is whole again.
 *
 * Our own count is a guess (others may share the address or the key); the venue's is the truth. From four fifths on,
 * only protective requests leave until the window ends, from 19 in 20 on nothing does.
 */
import type { AnswerHead } from './dispatcher.ts';
import type { EndpointClass } from './endpoints.ts';

const HOLD_SHARE = 0.8;
const STOP_SHARE = 0.95;

export type UsageRule = {
  /** The header with what is used, or with what is left. */
  readonly header: string;
  readonly counts: 'used' | 'left';
  /** The allowance: a number, or the header that states it. */
  readonly limit: number | string;
  /** Windows begin at whole multiples of it. */
  readonly windowMs: number;
  /** What it limits; null: the class of the endpoint that was asked. */
  readonly classes: readonly EndpointClass[] | null;
  /** Only answers of these hosts; null: of all. */
  readonly host: RegExp | null;
};

export type Usage = {
  readonly effect: 'hold' | 'stop';
  readonly untilMs: number;
  readonly classes: readonly EndpointClass[] | null;
};

/** @param nowMs the venue's time. @returns null where there is enough left, or nothing is said. */
export function readUsage(rule: UsageRule, head: AnswerHead, nowMs: number): Usage | null {
  if (rule.host !== null && !rule.host.test(head.host)) return null;
  const stated = numberIn(head, rule.header);
  const limit = typeof rule.limit === 'number' ? rule.limit : numberIn(head, rule.limit);
  if (stated === null || limit === null || !(limit > 0)) return null;
  const share = rule.counts === 'used' ? stated / limit : 1 - stated / limit;
  if (share < HOLD_SHARE) return null;
  return {
    effect: share < STOP_SHARE ? 'hold' : 'stop',
    untilMs: (Math.floor(nowMs / rule.windowMs) + 1) * rule.windowMs,
    classes: rule.classes,
  };
}

export function numberIn({ headers }: AnswerHead, name: string): number | null {
  const value = headers[name.toLowerCase()];
  if (typeof value !== 'string' || value.trim() === '') return null;
  const parsed = Number(value);
  return Number.isFinite(parsed) && parsed >= 0 ? parsed : null;
}

/**
 * The life of one planned order: what to do next, from its records alone.
 *
 * Because the answer depends on nothing but what is recorded, a restarted process goes on where the killed one stopped.
 * A record that is `intended` or `unknown` may have reached the venue: it is looked up, never repeated blindly,
 * and only a venue that says "not there" after the settling time makes it `absent`.
 */
import { add, compare, type DecimalText, subtract, zero } from '../domain/decimal.ts';
import { isTerminal, type OrderRecord, type PlannedOrder } from '../domain/order.ts';
import type { ExecutionPolicy } from '../domain/policy.ts';

export type OrderStep =
  /** Record the intent of this attempt, then send it. */
  | {
      readonly kind: 'send';
      readonly attempt: number;
      readonly timeInForce: OrderRecord['timeInForce'];
      readonly remainingBase: DecimalText;
    }
  /** It provably never arrived: the same request again, under the same id. */
  | { readonly kind: 'resend'; readonly record: OrderRecord }
  | { readonly kind: 'lookUp'; readonly record: OrderRecord }
  | { readonly kind: 'cancel'; readonly record: OrderRecord }
  /** It ended, but the venue has not yet listed all of its fills. */
  | { readonly kind: 'collect'; readonly record: OrderRecord }
  | { readonly kind: 'done'; readonly remainingBase: DecimalText };

export type OrderSituation = {
  readonly order: PlannedOrder;
  /** Its attempts, first to last. */
  readonly records: readonly OrderRecord[];
  /** Filled quantity that is in the ledger, by client order id. */
  readonly bookedBase: ReadonlyMap<string, DecimalText>;
  readonly nowMs: number;
  readonly deadlineMs: number;
  /** No new request may leave: past the deadline, halted, or the lease is lost. */
  readonly isClosing: boolean;
  /** Ended by a refusal that another attempt cannot cure. */
  readonly isRefused: boolean;
};

/** What is left to do of the planned quantity, all attempts counted. */
export function remainingBase(order: PlannedOrder, records: readonly OrderRecord[]): DecimalText {
  const filled = records.reduce((sum, record) => add(sum, record.filledBase), zero);
  const left = subtract(order.quantityBase, filled);
  return compare(left, 0) > 0 ? left : zero;
}

/** The first attempt follows the style; every later one takes what the market offers. */
function timeInForceOf(order: PlannedOrder, attempt: number): OrderRecord['timeInForce'] {
  if (order.style === 'earn') return 'none';
  return order.style === 'passive' && attempt === 0 ? 'postOnly' : 'ioc';
}

/** A working order rests until its patience is over; earn orders cannot be cancelled. */
function nextOfLive(
  record: OrderRecord,
  situation: OrderSituation,
  policy: ExecutionPolicy,
): OrderStep {
  if (record.state !== 'working' || record.timeInForce === 'none') {
    return { kind: 'lookUp', record };
  }
  const restedMs = situation.nowMs - (record.ackedAtMs ?? record.intendedAtMs);
  const isOverdue = record.timeInForce === 'postOnly' && restedMs >= policy.crossAfterMs;
  return { kind: situation.isClosing || isOverdue ? 'cancel' : 'lookUp', record };
}

/** @returns the one thing to do next for this order. */
export function nextOrderStep(situation: OrderSituation, policy: ExecutionPolicy): OrderStep {
  const { order, records, bookedBase, nowMs } = situation;
  const live = records.find((record) => !isTerminal(record.state));
  if (live !== undefined) return nextOfLive(live, situation, policy);
  const unbooked = records.find(
    (record) => compare(record.filledBase, bookedBase.get(record.clientOrderId) ?? 0) > 0,
  );
  if (unbooked !== undefined) return { kind: 'collect', record: unbooked };
  const left = remainingBase(order, records);
  const attempt = records.length;
  const isOver = situation.isClosing || situation.isRefused || nowMs >= situation.deadlineMs;
  if (compare(left, 0) === 0 || isOver) return { kind: 'done', remainingBase: left };
  const absent = records.find((record) => record.state === 'absent');
  if (absent !== undefined) return { kind: 'resend', record: absent };
  if (attempt >= policy.attemptsMax) return { kind: 'done', remainingBase: left };
  return { kind: 'send', attempt, timeInForce: timeInForceOf(order, attempt), remainingBase: left };
}

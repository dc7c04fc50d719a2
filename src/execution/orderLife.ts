/**
 * The life of one planned order: what to do next, from its records alone, by the table of steps.
 *
 * Because the answer depends on nothing but what is recorded, a restarted process goes on where the killed one stopped.
 * A record that is `intended` or `unknown` may have reached the venue: it is looked up, never repeated blindly,
 * and only a venue that says "not there" after the settling time makes it `absent`.
 */
import { add, compare, type DecimalText, subtract, zero } from '../domain/decimal.ts';
import { isTerminal, type OrderRecord, type PlannedOrder } from '../domain/order.ts';
import type { ExecutionPolicy } from '../domain/policy.ts';
import { invariant } from '../math/invariant.ts';
import { kindOf, localStateOf } from './orderTable/row.ts';
import { type Circumstance, stepFor } from './orderTable/steps.ts';

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
  /** Its side of the book has a better price than the one at which it rests. */
  readonly isBehind?: boolean;
};

/** What is left to do of the planned quantity, all attempts counted. */
export function remainingBase(order: PlannedOrder, records: readonly OrderRecord[]): DecimalText {
  const filled = records.reduce((sum, record) => add(sum, record.filledBase), zero);
  const left = subtract(order.quantityBase, filled);
  return compare(left, 0) > 0 ? left : zero;
}

/**
 * The first attempt follows the style. One that was taken back to be placed anew rests again, while the order's patience lasts
 * and an attempt is left to cross with; every other takes what the market offers.
 */
function timeInForceOf(
  { order, records, nowMs }: OrderSituation,
  policy: ExecutionPolicy,
): OrderRecord['timeInForce'] {
  if (order.style === 'earn') return 'none';
  const last = records.at(-1);
  if (order.style !== 'passive') return 'ioc';
  if (last === undefined) return 'postOnly';
  const wasTakenBack = last.timeInForce === 'postOnly' && last.state === 'cancelled';
  const hasPatience = restedMs(records, nowMs) < policy.crossAfterMs;
  return wasTakenBack && hasPatience && canRest(records, policy) ? 'postOnly' : 'ioc';
}

/** Whether one more may rest, with another left after it to cross with. */
const canRest = (records: readonly OrderRecord[], policy: ExecutionPolicy): boolean =>
  policy.repegEveryMs !== undefined && records.length + 1 < policy.attemptsMax;

/** All attempts share one patience, or placing anew would have no end. */
function restedMs(records: readonly OrderRecord[], nowMs: number): number {
  const [first] = records;
  return first === undefined ? 0 : nowMs - (first.ackedAtMs ?? first.intendedAtMs);
}

/** What stands in the way of an order, the first that holds. */
function circumstanceOf(
  situation: OrderSituation,
  policy: ExecutionPolicy,
  found: { readonly live: OrderRecord | undefined; readonly unbooked: OrderRecord | undefined },
): Circumstance {
  const { order, records, nowMs, isClosing } = situation;
  if (found.live !== undefined) {
    if (isClosing) return found.live.venueOrderId === null ? 'closing' : 'closingKnown';
    if (found.live.timeInForce !== 'postOnly') return 'open';
    if (restedMs(records, nowMs) >= policy.crossAfterMs) return 'impatient';
    return situation.isBehind === true && canRest(records, policy) ? 'behind' : 'open';
  }
  if (found.unbooked !== undefined) return 'unbooked';
  if (isClosing || situation.isRefused || nowMs >= situation.deadlineMs) return 'over';
  if (compare(remainingBase(order, records), 0) === 0) return 'over';
  return records.length >= policy.attemptsMax ? 'spent' : 'open';
}

/** @returns the one thing to do next for this order: the table's step for the record that matters now. */
export function nextOrderStep(situation: OrderSituation, policy: ExecutionPolicy): OrderStep {
  const { order, records, bookedBase } = situation;
  const live = records.find((record) => !isTerminal(record.state));
  const unbooked = records.find(
    (record) => compare(record.filledBase, bookedBase.get(record.clientOrderId) ?? 0) > 0,
  );
  const absent = records.find((record) => record.state === 'absent');
  const subject = live ?? unbooked ?? absent ?? records.at(-1);
  const timeInForce = timeInForceOf(situation, policy);
  const kind = kindOf(subject ?? { action: order.action, timeInForce });
  const state = subject === undefined ? 'none' : localStateOf(subject);
  const step = stepFor(kind, state, circumstanceOf(situation, policy, { live, unbooked }));
  const left = remainingBase(order, records);
  if (step === 'done') return { kind: 'done', remainingBase: left };
  if (step === 'send') {
    return { kind: 'send', attempt: records.length, timeInForce, remainingBase: left };
  }
  invariant(subject !== undefined, `a step on a record has one, was ${step}`);
  // Another attempt has filled meanwhile, found late: the same request would be too much, and another one might be it once more.
  if (step === 'resend' && compare(subject.quantityBase, left) > 0) {
    return { kind: 'done', remainingBase: left };
  }
  return { kind: step, record: subject };
}

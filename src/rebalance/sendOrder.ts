/**
 * One attempt of one order: checked with fresh inputs, recorded and committed, sent, acknowledged.
 *
 * The intent is in the database before the request leaves. The lease is asked while it is committed, and again where that
 * took long: what is signed is signed within a moment of an answer.
 */
import type { ApprovedOrder } from '../checks/approvedOrder.ts';
import { type FreshInputs, reapprove } from '../checks/reapprove.ts';
import { type DecimalText, zero } from '../domain/decimal.ts';
import { clientOrderId } from '../domain/ids.ts';
import type { OrderRecord } from '../domain/order.ts';
import { repricedLimit } from '../execution/repricedLimit.ts';
import { answerOf, factsOf } from './answerOfSend.ts';
import { type ExecutionContext, instrumentOf, venueOf, type Work } from './executionContext.ts';
import { freshInputs } from './freshInputs.ts';
import type { Guards } from './guards.ts';
import { keep, note } from './settleOrder.ts';

/** So long an answer of the lease is good: it has at least three quarters of its time left when it is given. */
const leaseAnswerMs = 250;

export type Attempt = {
  readonly number: number;
  readonly timeInForce: OrderRecord['timeInForce'];
  readonly quantityBase: DecimalText;
};

/** Records a new attempt and sends it. @returns true when something changed; false: it could not leave yet. */
export async function sendAttempt(
  context: ExecutionContext,
  work: Work,
  guards: Guards,
  attempt: Attempt,
): Promise<boolean> {
  const fresh = await freshInputs(context, work, guards);
  const order = { ...work.order, quantityBase: attempt.quantityBase };
  const instrument = instrumentOf(context, order.instrument);
  const limitPrice = repricedLimit(order, {
    quote: fresh.quote,
    timeInForce: attempt.timeInForce,
    priceTick: instrument.priceTick,
    execution: context.record.policy.execution,
    limits: context.record.policy.limits,
    purpose: work.purpose,
  });
  const verdict = reapprove({ ...order, limitPrice }, fresh);
  if (verdict.kind === 'denied') {
    work.refusal = verdict.denial.code;
    context.ports.reporter.orderDenied(verdict.denial.code);
    context.ports.reporter.warn({
      event: 'orderDenied',
      rebalanceId: context.record.rebalanceId,
      instrument: order.instrument,
      code: verdict.denial.code,
      message: verdict.denial.message,
    });
    return true;
  }
  const wanted = { ...recordOf(context, work, verdict.order, attempt), ...arrivalOf(fresh) };
  const askedAtMs = wanted.intendedAtMs;
  const [stored, isHeld] = await Promise.all([
    context.ports.orders.intend(wanted),
    context.lease.isHeld(),
  ]);
  work.records = [...work.records, stored];
  context.attempts.set(stored.clientOrderId, stored);
  // Somebody recorded this attempt before: what became of it is looked up in the next round.
  if (stored.intendedAtMs !== wanted.intendedAtMs) return true;
  if (!isHeld) return true;
  if (context.ports.clock.nowMs() - askedAtMs <= leaseAnswerMs) {
    return await sendRecorded(context, work, {
      record: stored,
      approved: verdict.order,
      askedAtMs,
    });
  }
  return await sendHeld(context, work, stored, verdict.order);
}

/** Sends again what provably never arrived, under the same id. @returns as `sendAttempt`. */
export async function resendAttempt(
  context: ExecutionContext,
  work: Work,
  guards: Guards,
  record: OrderRecord,
): Promise<boolean> {
  const fresh = await freshInputs(context, work, guards);
  const verdict = reapprove(
    { ...work.order, quantityBase: record.quantityBase, limitPrice: record.limitPrice },
    fresh,
  );
  if (verdict.kind === 'denied') {
    work.refusal = verdict.denial.code;
    context.ports.reporter.orderDenied(verdict.denial.code);
    return true;
  }
  const id = record.clientOrderId;
  const update = {
    state: 'intended',
    sentAtMs: context.ports.clock.nowMs(),
    endedAtMs: null,
  } as const;
  const { isWritten, record: stored } = await context.ports.orders.update(id, update, record);
  keep(context, work, stored);
  // It is new once more: what was not found before says nothing of it.
  context.absentSinceMs.delete(id);
  return isWritten ? await sendHeld(context, work, stored, verdict.order) : true;
}

/** Asks for leave once more, then sends: what is signed carries the moment before it was asked. */
async function sendHeld(
  context: ExecutionContext,
  work: Work,
  record: OrderRecord,
  approved: ApprovedOrder,
): Promise<boolean> {
  const askedAtMs = context.ports.clock.nowMs();
  if (!(await context.lease.isHeld())) return true;
  return await sendRecorded(context, work, { record, approved, askedAtMs });
}

/** What the shortfall is measured against; one for one is no market. */
function arrivalOf({ quote, instrument }: FreshInputs): Pick<OrderRecord, 'arrival'> {
  if (quote.kind === 'unknown' || instrument.kind === 'earn') return {};
  const { bid, ask } = quote.value;
  return { arrival: { mid: (bid + ask) / 2, halfSpread: (ask - bid) / 2 } };
}

function recordOf(
  context: ExecutionContext,
  work: Work,
  order: ApprovedOrder,
  attempt: Attempt,
): OrderRecord {
  const { record, ports } = context;
  const { rebalanceId, portfolio } = record;
  const { instrument, slice } = order;
  return {
    clientOrderId: clientOrderId({
      installation: record.snapshot.installation,
      portfolio,
      rebalanceId,
      instrument,
      slice,
      attempt: attempt.number,
    }),
    portfolio,
    rebalanceId,
    instrument,
    venue: order.venue,
    symbol: order.symbol,
    action: order.action,
    timeInForce: attempt.timeInForce,
    quantityBase: order.quantityBase,
    limitPrice: order.limitPrice,
    decisionPrice: order.decisionPrice,
    reduceOnly: order.reduceOnly,
    slice,
    attempt: attempt.number,
    purpose: work.purpose,
    state: 'intended',
    venueOrderId: null,
    filledBase: zero,
    reason: null,
    intendedAtMs: ports.clock.nowMs(),
    sentAtMs: null,
    ackedAtMs: null,
    endedAtMs: null,
  };
}

async function sendRecorded(
  context: ExecutionContext,
  work: Work,
  {
    record,
    approved,
    askedAtMs,
  }: {
    readonly record: OrderRecord;
    readonly approved: ApprovedOrder;
    readonly askedAtMs: number;
  },
): Promise<boolean> {
  const { ports } = context;
  const sentAtMs = ports.clock.nowMs();
  const outcome = await venueOf(context, record).gateway.send(approved, record, askedAtMs);
  const ackedAtMs = ports.clock.nowMs();
  if (outcome.kind === 'accepted') ports.reporter.orderAcked(record.venue, ackedAtMs - sentAtMs);
  const { act } = await note(context, work, record, answerOf(outcome), {
    sentAtMs,
    ...factsOf(outcome, ackedAtMs),
  });
  if (act === 'refuse' && outcome.kind === 'rejected') work.refusal = outcome.code;
  ports.reporter.event({
    event: 'orderSent',
    rebalanceId: record.rebalanceId,
    instrument: record.instrument,
    clientOrderId: record.clientOrderId,
    action: record.action,
    quantityBase: record.quantityBase,
    limitPrice: record.limitPrice,
    outcome: outcome.kind,
    ...(outcome.kind === 'rejected' ? { code: outcome.code, message: outcome.message } : {}),
    ...(outcome.kind === 'unknown' ? { reason: outcome.reason } : {}),
  });
  // It waits for its turn: another try at once would find the same.
  return act !== 'resend';
}

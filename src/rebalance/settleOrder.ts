/**
 * What became of a request: looks it up at the venue, writes down what it says, books its fills.
 *
 * A timeout is unknown, never a failure; only a venue that says "not there" after the settling time makes it absent, and what
 * it acknowledged ends so only where the venue could have forgotten it.
 */
import { add, compare, type DecimalText, toNumber, zero } from '../domain/decimal.ts';
import type { Fill } from '../domain/fill.ts';
import { OperatingError } from '../domain/operatingError.ts';
import { isTerminal, type OrderRecord } from '../domain/order.ts';
import type { VenueAnswer } from '../execution/orderTable/row.ts';
import { bookFills } from './bookFills.ts';
import { type ExecutionContext, instrumentOf, venueOf, type Work } from './executionContext.ts';
import { type Absence, askForgotten } from './forgottenOrder.ts';
import { type AnswerFacts, type Noted, noteAnswer } from './noteAnswer.ts';
import type { VenueOrder } from './ports/venue.ts';

/** Writes the answer down and keeps the copies in hand equal to the row. */
export async function note(
  context: ExecutionContext,
  work: Work,
  record: OrderRecord,
  answer: VenueAnswer,
  facts: AnswerFacts = {},
): Promise<Noted> {
  const noted = await noteAnswer(context.ports, record, answer, facts);
  keep(context, work, noted.record);
  const { state, timeInForce, reason } = noted.record;
  // Also where another process has written it down; a post-only that would have crossed may cross.
  if (state === 'rejected' && timeInForce !== 'postOnly') work.refusal = reason ?? 'rejected';
  return noted;
}

/** The row as it is now, in place of what was in hand. */
export function keep(context: ExecutionContext, work: Work, stored: OrderRecord): void {
  work.records = work.records.map((one) =>
    one.clientOrderId === stored.clientOrderId ? stored : one,
  );
  context.attempts.set(stored.clientOrderId, stored);
}

/** @returns true when something changed. */
export async function lookUpOrder(
  context: ExecutionContext,
  work: Work,
  record: OrderRecord,
): Promise<boolean> {
  const nowMs = context.ports.clock.nowMs();
  const instrument = instrumentOf(context, record.instrument);
  const outcome = await venueOf(context, record).gateway.lookUp(record, instrument);
  if (outcome.kind === 'found') {
    context.absentSinceMs.delete(record.clientOrderId);
    return await noteFound(context, work, record, outcome.order);
  }
  if (outcome.kind === 'unknown') {
    await note(context, work, record, 'lookUpFails', { reason: outcome.reason });
    return false;
  }
  const { answer, facts } = await absenceOf(context, record, nowMs);
  const { act, record: noted } = await note(context, work, record, answer, facts);
  return act === 'resend' || isTerminal(noted.state);
}

/**
 * Not there: lagging until the settling time has passed since it was sent, and also between two readings that did not find it.
 * Then it is absent, unless the venue acknowledged it or filled some of it: that needs more proof.
 */
async function absenceOf(
  context: ExecutionContext,
  record: OrderRecord,
  nowMs: number,
): Promise<Absence> {
  const { absentSinceMs } = context;
  const { settlingMs } = context.record.policy.execution;
  const sinceMs = absentSinceMs.get(record.clientOrderId) ?? nowMs;
  absentSinceMs.set(record.clientOrderId, sinceMs);
  const sentAtMs = record.sentAtMs ?? record.intendedAtMs;
  const isSettled = nowMs - sentAtMs >= settlingMs && nowMs - sinceMs >= settlingMs;
  const isKnown = record.venueOrderId !== null || compare(record.filledBase, 0) > 0;
  if (!isKnown) return { answer: isSettled ? 'notFound' : 'notFoundYet', facts: {} };
  if (!isSettled) return { answer: 'notFoundKnown', facts: {} };
  const asked = await askForgotten(context, record);
  // Its proofs take many requests: not in every round.
  if (asked.answer === 'notFoundKnown') absentSinceMs.set(record.clientOrderId, nowMs);
  return asked;
}

const foundAs: Readonly<Record<VenueOrder['state'], VenueAnswer>> = {
  working: 'rests',
  filled: 'foundFilled',
  cancelled: 'foundCancelled',
  rejected: 'foundRejected',
  expired: 'foundExpired',
};

async function noteFound(
  context: ExecutionContext,
  work: Work,
  record: OrderRecord,
  { state, venueOrderId, filledBase }: VenueOrder,
): Promise<boolean> {
  const { hasChanged, hasGrown } = await note(context, work, record, foundAs[state], {
    venueOrderId,
    // A read that lags must never take back what is known to be filled.
    filledBase,
    ackedAtMs: record.ackedAtMs ?? context.ports.clock.nowMs(),
  });
  if (hasGrown) await collectFills(context, work, record);
  return hasChanged;
}

/**
 * Asks the venue to cancel; what was filled meanwhile comes out of the look-up.
 *
 * @param askedAtMs when the lease was last asked. @returns true when something changed.
 */
export async function cancelOrder(
  context: ExecutionContext,
  work: Work,
  record: OrderRecord,
  askedAtMs: number,
): Promise<boolean> {
  const instrument = instrumentOf(context, record.instrument);
  const { gateway } = venueOf(context, record);
  const { kind } = await gateway.cancel(record, instrument, askedAtMs);
  // Taken, or maybe: it had rested until then, and may have filled a moment ago.
  if (kind !== 'gone') context.absentSinceMs.delete(record.clientOrderId);
  const answer = { cancelled: 'cancelTaken', gone: 'cancelGone', unknown: 'cancelFails' } as const;
  const noted = await note(context, work, record, answer[kind]);
  if (noted.act !== 'lookUp') return noted.hasChanged;
  return await lookUpOrder(context, work, noted.record);
}

/**
 * Books what the venue lists of an order's fills; where that is more than its look-up said, the row is put right first, or what is
 * left of the order would be sent twice. @returns true when there was more than before.
 */
export async function collectFills(
  context: ExecutionContext,
  work: Work,
  record: OrderRecord,
): Promise<boolean> {
  const instrument = instrumentOf(context, record.instrument);
  const fills = await listFills(context, record);
  if (fills.length === 0) return false;
  const before = context.bookedBase.get(record.clientOrderId) ?? zero;
  // A venue may list one fill twice, as the ledger takes it once.
  const once = new Map(fills.map((fill) => [fill.fillId, fill.quantityBase]));
  const booked = [...once.values()].reduce<DecimalText>((sum, base) => add(sum, base), zero);
  const current = context.attempts.get(record.clientOrderId) ?? record;
  if (compare(booked, current.filledBase) > 0) {
    keep(
      context,
      work,
      (await noteAnswer(context.ports, current, null, { filledBase: booked })).record,
    );
  }
  await bookFills(context.ports, context.record, instrument, fills);
  context.bookedBase.set(record.clientOrderId, booked);
  for (const fill of fills) {
    if (record.decisionPrice <= 0 || record.timeInForce === 'none') continue;
    const worse = fill.side === 'buy' ? 1 : -1;
    const move = (worse * (toNumber(fill.price) - record.decisionPrice)) / record.decisionPrice;
    context.ports.reporter.slippage(move * 10_000);
  }
  return compare(booked, before) > 0;
}

/** A read that fails is tried again in the next round: nothing is lost by not knowing yet. */
async function listFills(context: ExecutionContext, record: OrderRecord): Promise<readonly Fill[]> {
  const instrument = instrumentOf(context, record.instrument);
  try {
    return await venueOf(context, record).gateway.fills(record, instrument);
  } catch (error) {
    if (!(error instanceof OperatingError)) throw error;
    context.ports.reporter.warn({
      event: 'fillsUnread',
      rebalanceId: record.rebalanceId,
      instrument: record.instrument,
      reason: error.message,
    });
    return [];
  }
}

/**
 * An order that the venue acknowledged and no longer knows: venues forget what ended without a fill after minutes to days.
 *
 * A reading may lag, so absence alone ends nothing. It is over when the venue could have forgotten it by now, nothing more may
 * be sent for it, a cancel says that nothing of it rests, it is not among the open orders, and what it filled is known.
 */
import { compare } from '../domain/decimal.ts';
import type { OrderRecord } from '../domain/order.ts';
import { kindOf, type VenueAnswer } from '../execution/orderTable/row.ts';
import { attempt } from './attempt.ts';
import { type ExecutionContext, instrumentOf, venueOf } from './executionContext.ts';
import { filledInAll } from './forgottenFills.ts';
import type { AnswerFacts } from './noteAnswer.ts';

/** A venue that should still remember it contradicts itself: it is waited for so long at most, and where memory is not known. */
const waitMsMax = 86_400_000;

const lagging: Absence = { answer: 'notFoundKnown', facts: {} };

export type Absence = { readonly answer: VenueAnswer; readonly facts: AnswerFacts };

/**
 * What "not there" means for an acknowledged order, after the settling time between two readings.
 *
 * @returns `notFoundKnown` while any of the proofs is missing; what is known to have filled comes with the rest.
 */
export async function askForgotten(
  context: ExecutionContext,
  record: OrderRecord,
): Promise<Absence> {
  const { ports, lease } = context;
  const kind = kindOf(record);
  // What cannot be cancelled cannot be proven gone either: it is followed.
  if (kind !== 'taker' && kind !== 'maker') return lagging;
  const { reader, gateway } = venueOf(context, record);
  const knownAtMs = record.ackedAtMs ?? record.sentAtMs ?? record.intendedAtMs;
  const askedAtMs = ports.clock.nowMs();
  const waitMs = Math.min(gateway.forgetsAfterMs ?? waitMsMax, waitMsMax);
  // Before its decision's deadline another attempt may follow: a fill that is listed late must not be doubled.
  const { deadlineMs } = context.record.decision;
  if (askedAtMs < deadlineMs || askedAtMs - knownAtMs < waitMs) return lagging;
  if (record.venueOrderId === null) return lagging;
  if (!(await lease.isHeld())) return lagging;
  const instrument = instrumentOf(context, record.instrument);
  // The matching engine's word, not a list's: whatever still rested is gone after it.
  const cancelled = await gateway.cancel(record, instrument, askedAtMs);
  if (cancelled.kind !== 'gone') {
    // What was taken, or may have been, had rested and may have filled a moment ago: it has to settle anew.
    context.absentSinceMs.delete(record.clientOrderId);
    return lagging;
  }
  const open = await attempt(ports, () => reader.openOrders([instrument]));
  if (open.kind === 'unknown') return lagging;
  const { clientOrderId, venueOrderId } = record;
  const isListed = open.value.some(
    (one) => one.clientOrderId === clientOrderId || one.venueOrderId === venueOrderId,
  );
  if (isListed) return lagging;
  const filledBase = await filledInAll(context, record, askedAtMs);
  if (filledBase === null) return lagging;
  if (compare(filledBase, record.quantityBase) >= 0) {
    return { answer: 'foundFilled', facts: { filledBase } };
  }
  const hours = Math.floor((askedAtMs - knownAtMs) / 3_600_000);
  const reason = `forgotten by the venue: acknowledged ${hours} h ago, neither found nor resting since, ${filledBase} filled`;
  return { answer: 'forgotten', facts: { filledBase, reason } };
}

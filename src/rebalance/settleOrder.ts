/**
 * What became of a request: looks it up at the venue, writes down what it says, books its fills.
 *
 * A timeout is unknown, never a failure; only a venue that says "not there" after the settling time makes it absent.
 */
import { add, compare, type DecimalText, toNumber, zero } from '../domain/decimal.ts';
import type { Fill } from '../domain/fill.ts';
import { OperatingError } from '../domain/operatingError.ts';
import { isTerminal, type OrderRecord, type OrderUpdate } from '../domain/order.ts';
import { bookFills } from './bookFills.ts';
import { type ExecutionContext, instrumentOf, venueOf, type Work } from './executionContext.ts';
import type { VenueOrder } from './ports/venue.ts';

/** Writes the update and keeps the copy in hand equal to the row. */
export async function updateRecord(
  context: ExecutionContext,
  work: Work,
  record: OrderRecord,
  update: OrderUpdate,
): Promise<void> {
  await context.ports.orders.update(record.clientOrderId, update);
  work.records = work.records.map((one) =>
    one.clientOrderId === record.clientOrderId ? { ...one, ...update } : one,
  );
  const known = context.attempts.get(record.clientOrderId) ?? record;
  context.attempts.set(record.clientOrderId, { ...known, ...update });
  if (update.state !== undefined && isTerminal(update.state)) {
    context.ports.reporter.orderEnded(record.venue, update.state);
  }
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
  switch (outcome.kind) {
    case 'found':
      context.absentSinceMs.delete(record.clientOrderId);
      return await noteFound(context, work, record, outcome.order);
    case 'absent':
      if (!isProvablyAbsent(context, record, nowMs)) return false;
      await updateRecord(context, work, record, { state: 'absent', endedAtMs: nowMs });
      return true;
    case 'unknown':
      if (record.state !== 'unknown') {
        await updateRecord(context, work, record, { state: 'unknown', reason: outcome.reason });
      }
      return false;
  }
}

/**
 * What the venue acknowledged cannot be absent: its reading lags. The rest is, when the settling time has passed since it
 * was sent, and also between two readings that did not find it.
 */
function isProvablyAbsent(
  { record: { policy }, absentSinceMs }: ExecutionContext,
  record: OrderRecord,
  nowMs: number,
): boolean {
  const isKnown = record.venueOrderId !== null || compare(record.filledBase, 0) > 0;
  if (isKnown) return false;
  const { settlingMs } = policy.execution;
  const sinceMs = absentSinceMs.get(record.clientOrderId) ?? nowMs;
  absentSinceMs.set(record.clientOrderId, sinceMs);
  const sentAtMs = record.sentAtMs ?? record.intendedAtMs;
  return nowMs - sentAtMs >= settlingMs && nowMs - sinceMs >= settlingMs;
}

async function noteFound(
  context: ExecutionContext,
  work: Work,
  record: OrderRecord,
  found: VenueOrder,
): Promise<boolean> {
  const grew = compare(found.filledBase, record.filledBase) > 0;
  const isSame = found.state === record.state && record.venueOrderId === found.venueOrderId;
  if (isSame && !grew) return false;
  const nowMs = context.ports.clock.nowMs();
  await updateRecord(context, work, record, {
    state: found.state,
    venueOrderId: found.venueOrderId,
    // A read that lags must never take back what is known to be filled.
    filledBase: grew ? found.filledBase : record.filledBase,
    ackedAtMs: record.ackedAtMs ?? nowMs,
    ...(isTerminal(found.state) ? { endedAtMs: nowMs } : {}),
  });
  if (grew) await collectFills(context, record);
  return true;
}

/** Asks the venue to cancel; what was filled meanwhile comes out of the look-up. @returns true: look it up now. */
export async function cancelOrder(
  context: ExecutionContext,
  work: Work,
  record: OrderRecord,
): Promise<boolean> {
  const instrument = instrumentOf(context, record.instrument);
  const outcome = await venueOf(context, record).gateway.cancel(record, instrument);
  if (outcome.kind === 'unknown') return false;
  return await lookUpOrder(context, work, record);
}

/** Books what the venue lists of an order's fills. @returns true when there was more than before. */
export async function collectFills(
  context: ExecutionContext,
  record: OrderRecord,
): Promise<boolean> {
  const instrument = instrumentOf(context, record.instrument);
  const fills = await listFills(context, record);
  if (fills.length === 0) return false;
  await bookFills(context.ports, context.record, instrument, fills);
  const before = context.bookedBase.get(record.clientOrderId) ?? zero;
  // A venue may list one fill twice, as the ledger takes it once.
  const once = new Map(fills.map((fill) => [fill.fillId, fill.quantityBase]));
  const booked = [...once.values()].reduce<DecimalText>((sum, base) => add(sum, base), zero);
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

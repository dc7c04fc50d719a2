/**
 * What an order that is over has filled in all, where it cannot be looked up any more.
 *
 * While the venue surely lists what it filled, its fills are the answer. Later, or where nobody says how far back they are listed, they
 * may be listed no longer: then the account must agree with the ledger, so that nothing happened but what is booked. A difference
 * there is real, since what an open order may change is not adjusted; it is left to a person.
 */
import { add, compare, type DecimalText, zero } from '../domain/decimal.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { OrderRecord } from '../domain/order.ts';
import { attempt } from './attempt.ts';
import { type ExecutionContext, instrumentOf, venueOf } from './executionContext.ts';
import { unbookedFills } from './syncFills.ts';
import { venueDifferences } from './venueDifferences.ts';

/** What filled at the moment of intent must not leave the list between this and its reading; a shorter list is never enough. */
const listedSlackMs = 3_600_000;

/** @param nowMs when it was asked to be over. @returns null: not known. */
export async function filledInAll(
  context: ExecutionContext,
  record: OrderRecord,
  nowMs: number,
): Promise<DecimalText | null> {
  const { gateway } = venueOf(context, record);
  const instrument = instrumentOf(context, record.instrument);
  const fills = await attempt(context.ports, () => gateway.fills(record, instrument));
  if (fills.kind === 'unknown') return null;
  const once = new Map(fills.value.map((fill) => [fill.fillId, fill.quantityBase]));
  const listedBase = [...once.values()].reduce<DecimalText>((sum, base) => add(sum, base), zero);
  const hasMore = compare(listedBase, record.filledBase) > 0;
  const filledBase = hasMore ? listedBase : record.filledBase;
  const isListedStill = nowMs - record.intendedAtMs < (gateway.fillsListedMs ?? 0) - listedSlackMs;
  if (isListedStill || compare(filledBase, record.quantityBase) >= 0) return filledBase;
  const booked = await attempt(context.ports, () => isAllBooked(context, record, instrument));
  return booked.kind === 'observed' && booked.value ? filledBase : null;
}

/** Whether the ledger has every fill that is listed in its instrument, and there what the account has. */
async function isAllBooked(
  context: ExecutionContext,
  record: OrderRecord,
  instrument: Instrument,
): Promise<boolean> {
  const { ports, record: decided } = context;
  const venue = venueOf(context, record);
  const unbooked = await unbookedFills(ports, decided, venue, [instrument]);
  if (unbooked.length > 0) return false;
  // All of the venue's, for the prices of their coins: what is too little to differ is the same as in a reconciliation.
  const nearby = [...context.instruments.values()].filter((one) => one.venue === record.venue);
  const { kind, symbol, baseCoin, quoteCoin } = instrument;
  const differences = await venueDifferences(ports, decided, venue, nearby);
  return !differences.some((one) =>
    kind === 'spot'
      ? one.kind === 'wallet' && (one.subject === baseCoin || one.subject === quoteCoin)
      : one.kind === 'position' && one.subject === symbol,
  );
}

/** What every step of one execution shares: the recorded decision, its instruments, and the right to write. */

import type { DecimalText } from '../domain/decimal.ts';
import type { InstrumentId } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { OrderRecord, PlannedOrder } from '../domain/order.ts';
import { invariant } from '../math/invariant.ts';
import type { HeldLease } from './ports/lease.ts';
import type { DecisionRecord } from './ports/stores.ts';
import type { Venue } from './ports/venue.ts';
import type { Ports } from './ports.ts';

export type ExecutionContext = {
  readonly ports: Ports;
  readonly record: DecisionRecord;
  readonly lease: HeldLease;
  readonly instruments: ReadonlyMap<InstrumentId, Instrument>;
  /** Orders of plan go until the decision's deadline, repairs until their own. */
  readonly deadlineMs: number;
  /** Every attempt of this rebalance so far, repairs included, by client order id. */
  readonly attempts: Map<string, OrderRecord>;
  /** When the venue first said "not there", by client order id: one reading may lag. */
  readonly absentSinceMs: Map<string, number>;
  /** Filled quantity that is in the ledger, by client order id. */
  readonly bookedBase: Map<string, DecimalText>;
  /** Repairs and flattening, which a halt does not stop. */
  readonly isRepair: boolean;
};

/** One planned order at work: its attempts so far, first to last. */
export type Work = {
  readonly order: PlannedOrder;
  readonly purpose: OrderRecord['purpose'];
  records: OrderRecord[];
  /** Code of the denial or rejection that ended it. */
  refusal: string | null;
};

export function venueOf(context: ExecutionContext, order: { readonly venue: string }): Venue {
  const venue = [...context.ports.venues].find(([id]) => id === order.venue)?.[1];
  invariant(venue !== undefined, `every order's venue is configured, was ${order.venue}`);
  return venue;
}

export function instrumentOf(context: ExecutionContext, id: InstrumentId): Instrument {
  const instrument = context.instruments.get(id);
  invariant(instrument !== undefined, `every order's instrument is in the snapshot, was ${id}`);
  return instrument;
}

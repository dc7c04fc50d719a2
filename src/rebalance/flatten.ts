/** Flattens: closes every position of the portfolio through the same line, recorded before it is sent, halted or not. */
import { add, type DecimalText, zero } from '../domain/decimal.ts';
import { type VenueId, venueId } from '../domain/ids.ts';
import type { PlannedOrder } from '../domain/order.ts';
import type { Policy } from '../domain/policy.ts';
import { requiredSymbols } from '../domain/universe.ts';
import { flattenOrders } from '../execution/flattenOrders.ts';
import { execute } from './execute.ts';
import { loadEach } from './loadEach.ts';
import { observe } from './observe.ts';
import type { DecisionRecord, RebalanceOutcome } from './ports/stores.ts';
import type { Venue, VenueReader } from './ports/venue.ts';
import type { Ports } from './ports.ts';
import { recordOrders } from './recordOrders.ts';
import { acquireRenewable, type RenewableLease } from './renewableLease.ts';
import { slotOf } from './slot.ts';

export type Closing = Pick<PlannedOrder, 'instrument' | 'action' | 'quantityBase'> & {
  /** Less than the quantity: not closed, or, of a redemption, not paid out yet. */
  readonly filledBase: DecimalText;
};

export type FlattenReport =
  /** Another process holds the portfolio and did not let go of it: nothing was closed. */
  | { readonly kind: 'busy' }
  | {
      readonly kind: 'flattened';
      readonly outcome: RebalanceOutcome;
      readonly closings: readonly Closing[];
      /** Instruments whose position or price is not known: not closed. */
      readonly unknown: readonly string[];
      /** Venues that did not answer, or not for every instrument: what is missing was not closed. */
      readonly unreached: readonly { readonly venue: VenueId; readonly failure: string }[];
      /** False: something is still held, or on its way. */
      readonly isComplete: boolean;
    };

/** @throws OperatingError when the database cannot be read. */
export async function flatten(ports: Ports, policy: Policy): Promise<FlattenReport> {
  const lease = await awaitLease(ports, policy);
  if (lease === null) return { kind: 'busy' };
  try {
    const { reached, unreached } = await reach(ports, policy);
    const slot = slotOf(policy.portfolio, 'flatten', ports.clock.nowMs());
    const snapshot = await observe(reached, policy, slot);
    const { orders, unknown } = flattenOrders(snapshot, policy);
    if (!(await lease.renew())) return { kind: 'busy' };
    const record = await recordOrders(ports, policy, { slot, snapshot, orders });
    const outcome = await execute(reached, record, lease);
    return {
      kind: 'flattened',
      outcome,
      closings: await closingsOf(ports, record, orders),
      unknown,
      unreached,
      isComplete: outcome === 'complete' && unknown.length === 0 && unreached.length === 0,
    };
  } finally {
    await lease.release();
  }
}

/** A rebalance that runs sees the halt, cancels, mends its pairs and ends; a killed one's lease runs out. */
async function awaitLease(ports: Ports, policy: Policy): Promise<RenewableLease | null> {
  const { pollMs, settlingMs, repairMs } = policy.execution;
  const giveUpMs = ports.clock.nowMs() + 3 * settlingMs + repairMs;
  for (;;) {
    const lease = await acquireRenewable(ports, policy.portfolio);
    if (lease !== null || ports.clock.nowMs() >= giveUpMs) return lease;
    await ports.clock.sleep(pollMs);
  }
}

/** A venue that is down, or an instrument that is gone, keeps nothing else from being closed. */
async function reach(ports: Ports, policy: Policy) {
  const symbols = requiredSymbols(policy);
  const venues = new Map<VenueId, Venue>();
  const unreached: { readonly venue: VenueId; readonly failure: string }[] = [];
  for (const name of Object.keys(symbols)) {
    const id = venueId(name);
    const venue = ports.venues.get(id);
    if (venue === undefined) {
      unreached.push({ venue: id, failure: 'it could not be opened' });
      continue;
    }
    const { reader, gateway } = venue;
    const { instruments, failure } = await loadEach(reader, symbols[id] ?? []);
    if (failure !== null) unreached.push({ venue: id, failure });
    if (instruments.length === 0) continue;
    const known = new Set(instruments.map((one) => one.symbol));
    const asked = (wanted: readonly string[]) => wanted.filter((symbol) => known.has(symbol));
    const loadable: VenueReader = {
      ...reader,
      instruments: (wanted) => reader.instruments(failure === null ? wanted : asked(wanted)),
    };
    venues.set(id, { reader: loadable, gateway });
  }
  const reached: Ports = { ...ports, venues };
  return { reached, unreached };
}

/** What the venues filled of each position's slices, by the rows. */
async function closingsOf(
  ports: Ports,
  { rebalanceId }: DecisionRecord,
  orders: readonly PlannedOrder[],
): Promise<readonly Closing[]> {
  const records = await ports.orders.ofRebalance(rebalanceId);
  const total = (parts: readonly DecimalText[]) => parts.reduce((sum, one) => add(sum, one), zero);
  return [...new Set(orders.map((order) => order.instrument))].flatMap((instrument) => {
    const planned = orders.filter((order) => order.instrument === instrument);
    const [first] = planned;
    if (first === undefined) return [];
    return {
      instrument,
      action: first.action,
      quantityBase: total(planned.map((order) => order.quantityBase)),
      filledBase: total(
        records.filter((one) => one.instrument === instrument).map((one) => one.filledBase),
      ),
    };
  });
}

/**
 * What rests at a venue against our rows, and what our rows keep from being adjusted.
 *
 * An order with our prefix that the rows hold for ended, or do not know, is a discrepancy: it may fill, so the daemon is not
 * ready until it is gone; it is not cancelled here, `halt` does. A foreign order in our instruments is told once: a person
 * may trade beside the daemon, and what such an order fills is booked as foreign.
 */
import { ownerPrefix, type VenueId } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import { isRedeeming, isTerminal } from '../domain/order.ts';
import type { Policy } from '../domain/policy.ts';
import { type ForeignAct, noteForeignAct } from './foreignActivity.ts';
import type { Discrepancy } from './ports/stores.ts';
import type { Venue, VenueOrder } from './ports/venue.ts';
import type { Ports } from './ports.ts';
import { readTransfer } from './transferRecord.ts';

/** @throws OperatingError when the venue or the database does not answer. */
export async function reconcileOrders(
  ports: Ports,
  policy: Policy,
  { reader }: Venue,
  instruments: readonly Instrument[],
): Promise<readonly Discrepancy[]> {
  const prefix = ownerPrefix(await ports.state.installation(), policy.portfolio);
  const isOurs = (order: VenueOrder): boolean => order.clientOrderId?.startsWith(prefix) === true;
  const resting = await reader.openOrders(instruments);
  for (const order of resting) {
    if (!isOurs(order)) await noteForeign(ports, policy, reader.id, order);
  }
  const first = await differing(ports, resting.filter(isOurs));
  if (first.length === 0) return [];
  // A list may lag behind an order that has just ended: read once more before calling it a difference.
  const again = await differing(ports, (await reader.openOrders(instruments)).filter(isOurs));
  for (const { order, ledger } of again) {
    if (ledger !== 'not there') continue;
    // With our name, and not in our rows: somebody else's copy of us.
    await noteForeignAct(ports, policy, actOf(ports, reader.id, order));
  }
  return again.map(({ order, ledger }) => ({
    venue: reader.id,
    kind: 'order',
    subject: order.clientOrderId ?? order.venueOrderId,
    ledger,
    venueSays: `rests as ${order.venueOrderId}, filled ${order.filledBase} of ${order.quantityBase}`,
  }));
}

async function differing(ports: Ports, resting: readonly VenueOrder[]) {
  const found = await Promise.all(
    resting.map(async (order) => {
      const row =
        order.clientOrderId === null ? null : await ports.orders.find(order.clientOrderId);
      return { order, ledger: row?.state ?? ('not there' as const) };
    }),
  );
  return found.filter(({ ledger }) => ledger === 'not there' || isTerminal(ledger));
}

/** It rests, so it acts now. */
const actOf = (ports: Ports, venue: VenueId, order: VenueOrder): ForeignAct => ({
  venue,
  instrument: order.instrument,
  clientOrderId: order.clientOrderId,
  atMs: ports.clock.nowMs(),
});

async function noteForeign(
  ports: Ports,
  policy: Policy,
  venue: VenueId,
  order: VenueOrder,
): Promise<void> {
  await noteForeignAct(ports, policy, actOf(ports, venue, order));
  const cursor = `foreignOrder|${order.instrument}|${order.venueOrderId}`;
  if ((await ports.state.cursor(cursor)) !== null) return;
  const nowMs = ports.clock.nowMs();
  const { instrument, venueOrderId, quantityBase, filledBase, createdAtMs } = order;
  const detail = { instrument, venueOrderId, quantityBase, filledBase, createdAtMs };
  await ports.state.appendEvent(policy.portfolio, 'foreignOrder', detail, nowMs);
  await ports.state.setCursor(cursor, nowMs);
  ports.reporter.warn({ event: 'foreignOrder', ...detail });
}

/**
 * Symbols and coins that an order whose outcome is open may yet change: a difference there is not adjusted, since its fills,
 * once they are listed, would be booked on top.
 */
export async function unsettledSubjects(
  ports: Ports,
  policy: Policy,
  venue: Venue,
  instruments: readonly Instrument[],
): Promise<ReadonlySet<string>> {
  const unended = await ports.orders.unended(policy.portfolio);
  const open = unended.filter((one) => one.venue === venue.reader.id && !isRedeeming(one));
  return new Set(
    open.flatMap((order) => {
      // A wallet read before it left and one read after it came, or the other way round, are no difference.
      if (order.action === 'transfer') return [readTransfer(order).coin];
      const { symbol, instrument } = order;
      const found = instruments.find((one) => one.id === instrument);
      return found === undefined ? [symbol] : [symbol, found.baseCoin, found.quoteCoin];
    }),
  );
}

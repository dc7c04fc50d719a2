/**
 * Fills that the venue lists and the ledger lacks: late ones of our own orders, and those of orders that are not ours.
 *
 * A fill of an order of ours is booked as its decision wanted, and its row corrected; a foreign one is booked as what it is. An
 * alert is recorded before what would make it look old: a killed run tells twice rather than never.
 */
import { add, compare, type DecimalText, negate, zero } from '../domain/decimal.ts';
import type { Fill } from '../domain/fill.ts';
import type { ClientOrderId } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Policy } from '../domain/policy.ts';
import { fillWeights } from '../ledger/attribution.ts';
import { heldByLeg } from '../ledger/book.ts';
import { fillTransaction } from '../ledger/tradeTransaction.ts';
import { bookFills } from './bookFills.ts';
import { noteForeignAct } from './foreignActivity.ts';
import { legsExposedTo } from './legHoldings.ts';
import { noteAnswer } from './noteAnswer.ts';
import type { Venue } from './ports/venue.ts';
import type { Ports } from './ports.ts';

const overlapMs = 600_000;

/** @returns how many foreign fills were new. @throws OperatingError when the venue or the database does not answer. */
export async function syncFills(
  ports: Ports,
  policy: Policy,
  venue: Venue,
  instruments: readonly Instrument[],
): Promise<number> {
  const nowMs = ports.clock.nowMs();
  const fills = await unbookedFills(ports, policy, venue, instruments);
  let foreign = 0;
  for (const [id, ofOrder] of byOrder(fills)) {
    if (id !== null && (await bookOwn(ports, id, ofOrder, instruments))) continue;
    for (const fill of ofOrder) foreign += await bookForeign(ports, policy, fill, instruments);
  }
  await ports.state.setCursor(cursorOf(venue), nowMs);
  return foreign;
}

const cursorOf = ({ reader }: Pick<Venue, 'reader'>): string => `fills|${reader.id}`;

/** Fills that the venue lists in these instruments and the ledger lacks. @throws OperatingError */
export async function unbookedFills(
  ports: Ports,
  { portfolio }: Pick<Policy, 'portfolio'>,
  venue: Pick<Venue, 'reader'>,
  instruments: readonly Instrument[],
): Promise<readonly Fill[]> {
  const { reader } = venue;
  const openedAtMs = (await ports.state.cursor(`opened|${reader.id}`)) ?? ports.clock.nowMs();
  const readToMs = (await ports.state.cursor(cursorOf(venue))) ?? openedAtMs;
  const traded = instruments.filter((instrument) => instrument.kind !== 'earn');
  const listed = await reader.fills(traded, Math.max(readToMs - overlapMs, openedAtMs));
  // What was filled until the opening balances were read is in them; what is remembered is booked.
  return await ports.ledger.unrecorded(
    portfolio,
    listed.filter((one) => one.filledAtMs > openedAtMs),
  );
}

/** Each once; null: without an id of ours. */
function byOrder(fills: readonly Fill[]): ReadonlyMap<ClientOrderId | null, readonly Fill[]> {
  const once = new Map(fills.map((fill) => [`${fill.instrument} ${fill.fillId}`, fill]));
  const grouped = new Map<ClientOrderId | null, readonly Fill[]>();
  for (const fill of once.values()) {
    grouped.set(fill.clientOrderId, [...(grouped.get(fill.clientOrderId) ?? []), fill]);
  }
  return grouped;
}

/**
 * A fill may come after its order was written down as ended, or as never there: the row then says what filled, a person is
 * told, and what may still rest is open again. The row first: a remembered fill is not looked at again.
 *
 * @returns false: it is no order of ours.
 */
async function bookOwn(
  ports: Ports,
  id: ClientOrderId,
  fills: readonly Fill[],
  instruments: readonly Instrument[],
): Promise<boolean> {
  const order = await ports.orders.find(id);
  const record = order === null ? null : await ports.decisions.find(order.rebalanceId);
  const instrument = instruments.find((one) => one.id === order?.instrument);
  if (order === null || record === null || instrument === undefined) return false;
  const booked = await ports.ledger.fillsOf(order.rebalanceId);
  // Each once: one that was not booked a moment ago may have been booked since by who took the lease meanwhile.
  const own = [...booked.filter((fill) => fill.clientOrderId === id), ...fills];
  const once = new Map(own.map((fill) => [fill.fillId, fill.quantityBase]));
  const filledBase = [...once.values()].reduce<DecimalText>((sum, base) => add(sum, base), zero);
  if (compare(filledBase, order.filledBase) > 0) {
    // Known only by its fills it may have no id yet, without which nothing could prove later that it is over.
    const venueOrderId = order.venueOrderId ?? fills[0]?.venueOrderId ?? null;
    await noteAnswer(ports, order, null, { filledBase, venueOrderId });
  }
  await bookFills(ports, record, instrument, fills);
  return true;
}

/** @returns how many were booked: 0 or 1. */
async function bookForeign(
  ports: Ports,
  policy: Policy,
  fill: Fill,
  instruments: readonly Instrument[],
): Promise<number> {
  const instrument = instruments.find((one) => one.id === fill.instrument);
  if (instrument === undefined) return 0;
  const event = eventOf(fill);
  // Told before it is booked: a killed run tells twice rather than never.
  await ports.state.appendEvent(policy.portfolio, event, { ...fill }, ports.clock.nowMs());
  ports.reporter.warn({
    event,
    instrument: fill.instrument,
    venueOrderId: fill.venueOrderId,
    side: fill.side,
    quantityBase: fill.quantityBase,
    price: fill.price,
  });
  const { venue, clientOrderId, filledAtMs: atMs } = fill;
  if (fill.forcedBy === undefined) {
    const act = { venue, instrument: fill.instrument, clientOrderId, atMs };
    await noteForeignAct(ports, policy, act);
  }
  const balances = await ports.ledger.balances(policy.portfolio);
  const legs = legsExposedTo(policy.legs, instrument);
  const held = heldByLeg(balances, instrument.venue, instrument.symbol, legs);
  const signed = fill.side === 'buy' ? fill.quantityBase : negate(fill.quantityBase);
  const transaction = fillTransaction(fill, {
    instrument,
    weights: fillWeights([], held, signed),
    rebalanceId: null,
  });
  await ports.ledger.post(policy.portfolio, [transaction]);
  // The last: what is remembered is told and booked.
  await ports.ledger.recordFills(policy.portfolio, [fill]);
  return 1;
}

/** What the venue did by itself has a name of its own: a hedge may have gone with it. */
const eventOf = ({ forcedBy }: Fill) =>
  forcedBy === undefined
    ? 'foreignFill'
    : ({ liquidation: 'liquidated', deleveraging: 'autoDeleveraged' } as const)[forcedBy];

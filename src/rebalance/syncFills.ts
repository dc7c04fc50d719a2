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
import type { OrderRecord } from '../domain/order.ts';
import type { Policy } from '../domain/policy.ts';
import { fillWeights } from '../ledger/attribution.ts';
import { heldByLeg } from '../ledger/book.ts';
import { fillTransaction } from '../ledger/tradeTransaction.ts';
import { bookFills } from './bookFills.ts';
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
  const cursor = `fills|${venue.reader.id}`;
  const nowMs = ports.clock.nowMs();
  const openedAtMs = (await ports.state.cursor(`opened|${venue.reader.id}`)) ?? nowMs;
  const readToMs = (await ports.state.cursor(cursor)) ?? openedAtMs;
  const sinceMs = Math.max(readToMs - overlapMs, openedAtMs);
  const traded = instruments.filter((instrument) => instrument.kind !== 'earn');
  const fills = await venue.reader.fills(traded, sinceMs);
  let foreign = 0;
  const orders = new Map<ClientOrderId, OrderRecord>();
  // What was filled until the opening balances were read is in them.
  for (const fill of fills.filter((one) => one.filledAtMs > openedAtMs)) {
    const instrument = instruments.find((one) => one.id === fill.instrument);
    if (instrument === undefined) continue;
    const order = await bookOwn(ports, fill, instrument);
    if (order === null) foreign += await bookForeign(ports, policy, fill, instrument);
    else orders.set(order.clientOrderId, order);
  }
  await correctRows(ports, [...orders.values()]);
  await ports.state.setCursor(cursor, nowMs);
  return foreign;
}

/** @returns the order; null: it is not one of ours. */
async function bookOwn(
  ports: Ports,
  fill: Fill,
  instrument: Instrument,
): Promise<OrderRecord | null> {
  if (fill.clientOrderId === null) return null;
  const order = await ports.orders.find(fill.clientOrderId);
  const record = order === null ? null : await ports.decisions.find(order.rebalanceId);
  if (record === null) return null;
  await bookFills(ports, record, instrument, [fill]);
  return order;
}

/**
 * A fill may come after its order was written down as ended, or as never there: the row then says what is booked, a person
 * is told, and what may still rest is open again. Held against the whole ledger, so that a killed run is made good.
 */
async function correctRows(ports: Ports, orders: readonly OrderRecord[]): Promise<void> {
  for (const rebalance of new Set(orders.map((order) => order.rebalanceId))) {
    const booked = await ports.ledger.fillsOf(rebalance);
    for (const order of orders.filter((one) => one.rebalanceId === rebalance)) {
      const filledBase = booked
        .filter((fill) => fill.clientOrderId === order.clientOrderId)
        .reduce<DecimalText>((sum, fill) => add(sum, fill.quantityBase), zero);
      if (compare(filledBase, order.filledBase) <= 0) continue;
      await noteAnswer(ports, order, null, { filledBase });
    }
  }
}

/** Told once, also where a killed run had booked it and told nobody. @returns how many were new: 0 or 1. */
async function bookForeign(
  ports: Ports,
  policy: Policy,
  fill: Fill,
  instrument: Instrument,
): Promise<number> {
  const told = `foreignFill|${fill.instrument}|${fill.fillId}`;
  if ((await ports.state.cursor(told)) !== null) return 0;
  const nowMs = ports.clock.nowMs();
  const event = eventOf(fill);
  await ports.state.appendEvent(policy.portfolio, event, { ...fill }, nowMs);
  ports.reporter.warn({
    event,
    instrument: fill.instrument,
    venueOrderId: fill.venueOrderId,
    side: fill.side,
    quantityBase: fill.quantityBase,
    price: fill.price,
  });
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
  await ports.ledger.recordFills(policy.portfolio, [fill]);
  await ports.state.setCursor(told, nowMs);
  return 1;
}

/** What the venue did by itself has a name of its own: a hedge may have gone with it. */
const eventOf = ({ forcedBy }: Fill) =>
  forcedBy === undefined
    ? 'foreignFill'
    : ({ liquidation: 'liquidated', deleveraging: 'autoDeleveraged' } as const)[forcedBy];

/**
 * Fills that the venue lists and the ledger lacks: late ones of our own orders, and those of orders that are not ours.
 *
 * A fill of an order of ours is booked as its decision wanted; a foreign one is booked as what it is, and alerted.
 */
import { negate } from '../domain/decimal.ts';
import type { Fill } from '../domain/fill.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Policy } from '../domain/policy.ts';
import { fillWeights } from '../ledger/attribution.ts';
import { heldByLeg } from '../ledger/book.ts';
import { fillTransaction } from '../ledger/tradeTransaction.ts';
import { bookFills } from './bookFills.ts';
import { legsExposedTo } from './legHoldings.ts';
import type { Venue } from './ports/venue.ts';
import type { Ports } from './ports.ts';

const overlapMs = 600_000;

/** @returns how many foreign fills were new. */
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
  // What was filled until the opening balances were read is in them.
  for (const fill of fills.filter((one) => one.filledAtMs > openedAtMs)) {
    const instrument = instruments.find((one) => one.id === fill.instrument);
    if (instrument === undefined) continue;
    if (!(await bookOwn(ports, fill, instrument))) {
      foreign += await bookForeign(ports, policy, fill, instrument);
    }
  }
  await ports.state.setCursor(cursor, nowMs);
  return foreign;
}

async function bookOwn(ports: Ports, fill: Fill, instrument: Instrument): Promise<boolean> {
  if (fill.clientOrderId === null) return false;
  const order = await ports.orders.find(fill.clientOrderId);
  const record = order === null ? null : await ports.decisions.find(order.rebalanceId);
  if (record === null) return false;
  await bookFills(ports, record, instrument, [fill]);
  return true;
}

async function bookForeign(
  ports: Ports,
  policy: Policy,
  fill: Fill,
  instrument: Instrument,
): Promise<number> {
  const balances = await ports.ledger.balances(policy.portfolio);
  const legs = legsExposedTo(policy.legs, instrument);
  const held = heldByLeg(balances, instrument.venue, instrument.symbol, legs);
  const signed = fill.side === 'buy' ? fill.quantityBase : negate(fill.quantityBase);
  const transaction = fillTransaction(fill, {
    instrument,
    weights: fillWeights([], held, signed),
    rebalanceId: null,
  });
  const fresh = await ports.ledger.post(policy.portfolio, [transaction]);
  if (fresh.length === 0) return 0;
  await ports.ledger.recordFills(policy.portfolio, [fill]);
  const event = eventOf(fill);
  ports.reporter.warn({
    event,
    instrument: fill.instrument,
    venueOrderId: fill.venueOrderId,
    side: fill.side,
    quantityBase: fill.quantityBase,
    price: fill.price,
  });
  const detail = { ...fill };
  await ports.state.appendEvent(policy.portfolio, event, detail, ports.clock.nowMs());
  return 1;
}

/** What the venue did by itself has a name of its own: a hedge may have gone with it. */
const eventOf = ({ forcedBy }: Fill) =>
  forcedBy === undefined
    ? 'foreignFill'
    : ({ liquidation: 'liquidated', deleveraging: 'autoDeleveraged' } as const)[forcedBy];

/** Orders through ccxt's unified methods, in base coins, by our client id where the venue takes one. */
import { compare, type DecimalText, zero } from '../../../domain/decimal.ts';
import { type ClientOrderId, instrumentId, readClientOrderId } from '../../../domain/ids.ts';
import type { Instrument } from '../../../domain/instrument.ts';
import type { OrderRecord } from '../../../domain/order.ts';
import type { LookUpOutcome, VenueOrder } from '../../../rebalance/ports/venue.ts';
import {
  amount,
  isRow,
  MalformedAnswer,
  optionalAmount,
  optionalNumber,
  optionalText,
  type Row,
  row,
  rows,
  text,
  timeMs,
} from '../answer.ts';
import { kindsOf } from '../faults.ts';
import type { Session } from '../session.ts';
import { marketOf, toBase } from './market.ts';

/** How far before the intent a venue's clock may have stamped the order. */
const SLACK_MS = 60_000;
/** A list this long may be cut: the shortest first page that a venue hands out unasked. */
export const PAGE_MIN = 10;
const OUR_ID = /^[0-9a-f]{32}$/;

/** @throws OperatingError where the venue does not answer. */
export async function lookUpOrder(
  session: Session,
  record: OrderRecord,
  instrument: Instrument,
): Promise<LookUpOutcome> {
  await session.connect();
  const id = session.profile.clientId.encode(record.clientOrderId);
  const what = `order ${record.clientOrderId}`;
  if (session.profile.lookUp === 'scan') return scan(session, record, instrument);
  const answer = await session.read(what, async () => {
    try {
      const params = { clientOrderId: id };
      return await session.client.fetchOrder('', instrument.symbol, params);
    } catch (error) {
      // The venue's own word that there is none.
      if (kindsOf(error).includes('OrderNotFound')) return null;
      throw error;
    }
  });
  if (answer === null) return { kind: 'absent' };
  const order = venueOrder(session, row(answer, what), instrument.symbol);
  if (order.clientOrderId !== record.clientOrderId) {
    return { kind: 'unknown', reason: `${what}: the venue answered with another order` };
  }
  return { kind: 'found', order };
}

/**
 * Looks through open and past orders. Not finding it proves nothing unless the venue lists past ones, the lists are whole,
 * and every order since the intent bears an id that tells it from this one: some classes hand none back, or a changed one.
 */
async function scan(
  session: Session,
  record: OrderRecord,
  instrument: Instrument,
): Promise<LookUpOutcome> {
  const { client } = session;
  const { symbol } = instrument;
  const sinceMs = record.intendedAtMs - SLACK_MS;
  const open = await session.read('open orders', () => client.fetchOpenOrders(symbol));
  const past = await readPast(session, symbol, sinceMs);
  const lists = [rows(open, 'open orders'), past ?? []];
  const listed = lists.flat();
  const found = listed.find(
    (order) =>
      clientIdOf(session, order) === record.clientOrderId || order['id'] === record.venueOrderId,
  );
  if (found !== undefined) return { kind: 'found', order: venueOrder(session, found, symbol) };
  if (past === null) {
    return { kind: 'unknown', reason: `${session.exchange} lists no past orders to look through` };
  }
  if (lists.some(({ length }) => length >= PAGE_MIN)) {
    return { kind: 'unknown', reason: `${session.exchange}: its list of orders may be cut` };
  }
  const mayBeIt = (order: Row): boolean =>
    (optionalNumber(order, 'timestamp', 'listed order') ?? sinceMs) >= sinceMs &&
    !OUR_ID.test(clientIdOf(session, order) ?? '');
  if (listed.some(mayBeIt)) {
    return { kind: 'unknown', reason: `${session.exchange}: a listed order bears no id of ours` };
  }
  return { kind: 'absent' };
}

async function readPast(
  session: Session,
  symbol: string,
  sinceMs: number,
): Promise<readonly Row[] | null> {
  const { client } = session;
  const what = 'past orders';
  if (client.has['fetchOrders'] === true) {
    return rows(await session.read(what, () => client.fetchOrders(symbol, sinceMs)), what);
  }
  if (client.has['fetchClosedOrders'] === true) {
    return rows(await session.read(what, () => client.fetchClosedOrders(symbol, sinceMs)), what);
  }
  return null;
}

export async function readOpenOrders(
  session: Session,
  instruments: readonly Instrument[],
): Promise<readonly VenueOrder[]> {
  const lists = await Promise.all(
    instruments.map(async ({ symbol }) => {
      const what = `open orders of ${symbol}`;
      const found = await session.read(what, () => session.client.fetchOpenOrders(symbol));
      return rows(found, what).map((order) => venueOrder(session, order, symbol));
    }),
  );
  return lists.flat();
}

/** An order of the venue's own words, read by ccxt. */
export function venueOrderOf(session: Session, raw: Row, symbol: string): VenueOrder {
  const parsed = session.client.parseOrder(raw, session.client.markets?.[symbol]);
  return venueOrder(session, row(parsed, `order of ${symbol}`), symbol);
}

export function venueOrder(session: Session, order: Row, symbol: string): VenueOrder {
  const what = `order of ${symbol}`;
  const market = marketOf(session, symbol);
  const quantityBase = toBase(market, amount(order, 'amount', what));
  const filled = optionalAmount(order, 'filled', what);
  const filledBase = filled === null ? zero : toBase(market, filled);
  return {
    clientOrderId: clientIdOf(session, order),
    venueOrderId: text(order, 'id', what),
    instrument: instrumentId(session.id, symbol),
    state: stateOf(order, quantityBase, filledBase, what),
    quantityBase,
    filledBase,
    createdAtMs: timeMs(order, 'timestamp', what),
  };
}

/** As we made it; null: none, or not of our form. */
export function clientIdOf(session: Session, order: Row): ClientOrderId | null {
  const { orderField, decode } = session.profile.clientId;
  const from = orderField === null ? order : isRow(order['info']) ? order['info'] : {};
  const stated = optionalText(from, orderField ?? 'clientOrderId');
  return stated === null ? null : readClientOrderId(decode(stated));
}

function stateOf(
  order: Row,
  quantityBase: DecimalText,
  filledBase: DecimalText,
  what: string,
): VenueOrder['state'] {
  const status = text(order, 'status', what);
  switch (status) {
    case 'open':
      return 'working';
    case 'closed':
      return compare(filledBase, quantityBase) >= 0 ? 'filled' : 'cancelled';
    case 'canceled':
    case 'canceling':
      return status === 'canceling' ? 'working' : 'cancelled';
    case 'expired':
    case 'rejected':
      return status;
    // Hyperliquid's dead-man switch, which ccxt hands on as it is.
    case 'scheduledCancel':
      return 'cancelled';
    default:
      throw new MalformedAnswer(`${what}: unknown status, was ${status}`);
  }
}

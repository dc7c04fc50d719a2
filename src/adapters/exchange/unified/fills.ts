/** Fills through ccxt's unified trades, paged forward, each once. */
import { type DecimalText, zero } from '../../../domain/decimal.ts';
import type { Fill } from '../../../domain/fill.ts';
import { type ClientOrderId, readClientOrderId } from '../../../domain/ids.ts';
import type { Instrument } from '../../../domain/instrument.ts';
import type { OrderRecord } from '../../../domain/order.ts';
import {
  amount,
  isRow,
  MalformedAnswer,
  optionalAmount,
  optionalText,
  type Row,
  row,
  rows,
  text,
  timeMs,
} from '../answer.ts';
import type { Session } from '../session.ts';
import { marketOf, toBase } from './market.ts';

const WINDOW_MS = 86_400_000;
const PAGE = 100;
const PAGES_MAX = 500;
const REMEMBERED_MAX = 5_000;
const SLACK_MS = 60_000;

/** Client ids of orders, where trades do not carry them. */
export type ClientIds = Map<string, ClientOrderId | null>;

export async function readFills(
  session: Session,
  instrument: Instrument,
  sinceMs: number,
  clientIds: ClientIds,
): Promise<readonly Fill[]> {
  await session.connect();
  const trades = await readTrades(session, instrument.symbol, sinceMs);
  const fills: Fill[] = [];
  for (const trade of trades) {
    const clientOrderId = await clientIdOf(session, trade, instrument.symbol, clientIds);
    fills.push(fillOf(session, instrument, trade, clientOrderId));
  }
  return fills;
}

/** Fills of one order whose venue id is known; before that there is nothing to ask by. */
export async function readFillsOf(
  session: Session,
  record: OrderRecord,
  instrument: Instrument,
): Promise<readonly Fill[]> {
  if (record.venueOrderId === null) return [];
  await session.connect();
  const sinceMs = (record.sentAtMs ?? record.intendedAtMs) - SLACK_MS;
  const trades = await readTrades(session, instrument.symbol, sinceMs);
  return trades
    .filter((trade) => trade['order'] === record.venueOrderId)
    .map((trade) => fillOf(session, instrument, trade, record.clientOrderId));
}

/** Windows of a day, each filled page by page from its newest known trade on. */
async function readTrades(
  session: Session,
  symbol: string,
  sinceMs: number,
): Promise<readonly Row[]> {
  const what = `fills of ${symbol}`;
  const nowMs = Math.ceil(session.venueNowMs());
  const byId = new Map<string, Row>();
  let fromMs = Math.floor(sinceMs);
  for (let page = 0; page < PAGES_MAX && fromMs <= nowMs; page += 1) {
    const startMs = fromMs;
    const untilMs = Math.min(startMs + WINDOW_MS, nowMs);
    const answer = await session.read(what, () =>
      session.client.fetchMyTrades(symbol, startMs, PAGE, { until: untilMs }),
    );
    const trades = rows(answer, what).filter(
      (trade) => timeMs(trade, 'timestamp', what) >= sinceMs,
    );
    for (const trade of trades) byId.set(text(trade, 'id', what), trade);
    const lastMs = Math.max(...trades.map((trade) => timeMs(trade, 'timestamp', what)), 0);
    // A full page is continued at its last millisecond; one that did not move on is passed over.
    fromMs = trades.length >= PAGE && lastMs > startMs ? lastMs : untilMs + 1;
  }
  if (fromMs <= nowMs) throw new MalformedAnswer(`${what}: more than ${PAGES_MAX} pages`);
  return [...byId.values()].sort(
    (a, b) => timeMs(a, 'timestamp', what) - timeMs(b, 'timestamp', what),
  );
}

async function clientIdOf(
  session: Session,
  trade: Row,
  symbol: string,
  clientIds: ClientIds,
): Promise<ClientOrderId | null> {
  const { clientId } = session.profile;
  const read = (stated: string | null): ClientOrderId | null =>
    stated === null ? null : readClientOrderId(clientId.decode(stated));
  if (clientId.tradeField !== null) {
    const info = isRow(trade['info']) ? trade['info'] : {};
    return read(optionalText(info, clientId.tradeField));
  }
  const orderId = text(trade, 'order', `fills of ${symbol}`);
  const known = clientIds.get(orderId);
  if (known !== undefined) return known;
  const what = `order ${orderId}`;
  const order = row(
    await session.read(what, () => session.client.fetchOrder(orderId, symbol)),
    what,
  );
  const found = read(optionalText(order, 'clientOrderId'));
  if (clientIds.size >= REMEMBERED_MAX) clientIds.clear();
  clientIds.set(orderId, found);
  return found;
}

function fillOf(
  session: Session,
  instrument: Instrument,
  trade: Row,
  clientOrderId: ClientOrderId | null,
): Fill {
  const what = `fills of ${instrument.symbol}`;
  const side = text(trade, 'side', what);
  if (side !== 'buy' && side !== 'sell') {
    throw new MalformedAnswer(`${what}: side must be buy or sell, was ${side}`);
  }
  const { fee, feeCoin } = feeOf(trade, instrument, what);
  return {
    fillId: text(trade, 'id', what),
    venue: session.id,
    instrument: instrument.id,
    clientOrderId,
    venueOrderId: text(trade, 'order', what),
    side,
    quantityBase: toBase(marketOf(session, instrument.symbol), amount(trade, 'amount', what)),
    price: amount(trade, 'price', what),
    fee,
    feeCoin,
    isMaker: trade['takerOrMaker'] === 'maker',
    filledAtMs: timeMs(trade, 'timestamp', what),
  };
}

/** A trade without a fee has none; a fee without its coin cannot be booked. */
function feeOf(
  trade: Row,
  instrument: Instrument,
  what: string,
): { readonly fee: DecimalText; readonly feeCoin: string } {
  const fee = isRow(trade['fee']) ? trade['fee'] : {};
  const cost = optionalAmount(fee, 'cost', what);
  if (cost === null || Number(cost) === 0) return { fee: zero, feeCoin: instrument.quoteCoin };
  return { fee: cost, feeCoin: text(fee, 'currency', what) };
}

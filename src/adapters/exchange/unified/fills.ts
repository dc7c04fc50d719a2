/** Fills through ccxt's unified trades, window by window, each once. */
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
const REQUESTS_MAX = 2_000;
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

type Window = { readonly fromMs: number; readonly untilMs: number };

/** Windows of a day; one whose answer is full is halved, since venues differ in which end of it they leave out. */
async function readTrades(
  session: Session,
  symbol: string,
  sinceMs: number,
): Promise<readonly Row[]> {
  const what = `fills of ${symbol}`;
  const byId = new Map<string, Row>();
  const open = [...windowsOf(Math.floor(sinceMs), Math.ceil(session.venueNowMs()))];
  for (let request = 0; open.length > 0; request += 1) {
    if (request >= REQUESTS_MAX) throw new MalformedAnswer(`${what}: over ${REQUESTS_MAX} pages`);
    const window = open.shift() as Window;
    const { isFull, trades } = await readWindow(session, symbol, window, what);
    if (!isFull) for (const trade of trades) byId.set(text(trade, 'id', what), trade);
    else if (window.untilMs > window.fromMs) open.unshift(...halvesOf(window));
    else throw new MalformedAnswer(`${what}: more in one millisecond than the venue lists`);
  }
  return [...byId.values()]
    .filter((trade) => timeMs(trade, 'timestamp', what) >= sinceMs)
    .sort((a, b) => timeMs(a, 'timestamp', what) - timeMs(b, 'timestamp', what));
}

function windowsOf(sinceMs: number, nowMs: number): readonly Window[] {
  const count = Math.max(0, Math.floor((nowMs - sinceMs) / WINDOW_MS) + 1);
  return Array.from({ length: count }, (_, index) => {
    const fromMs = sinceMs + index * WINDOW_MS;
    return { fromMs, untilMs: Math.min(fromMs + WINDOW_MS - 1, nowMs) };
  });
}

function halvesOf({ fromMs, untilMs }: Window): readonly Window[] {
  const middleMs = Math.floor((fromMs + untilMs) / 2);
  return [
    { fromMs, untilMs: middleMs },
    { fromMs: middleMs + 1, untilMs },
  ];
}

async function readWindow(
  session: Session,
  symbol: string,
  { fromMs, untilMs }: Window,
  what: string,
): Promise<{ readonly isFull: boolean; readonly trades: readonly Row[] }> {
  const { tradesPage, tradesOf, tradesUntil } = session.profile;
  const asked = tradesOf === 'account' ? undefined : symbol;
  const answer = await session.read(what, () =>
    session.client.fetchMyTrades(asked, fromMs, tradesPage, { [tradesUntil]: untilMs }),
  );
  const found = rows(answer, what);
  return {
    isFull: found.length >= tradesPage,
    trades: found.filter((trade) => trade['symbol'] === undefined || trade['symbol'] === symbol),
  };
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
  const forcedBy = session.profile.forcedBy(
    isRow(trade['info']) ? trade['info'] : {},
    clientOrderId,
  );
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
    ...(forcedBy === null ? {} : { forcedBy }),
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

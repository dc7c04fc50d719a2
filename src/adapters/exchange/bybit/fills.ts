/** Executions: trades, liquidations and auto-deleveraging, each once, oldest first. Funding is a cash event instead. */
import type { DecimalText } from '../../../domain/decimal.ts';
import { sign } from '../../../domain/decimal.ts';
import type { Fill } from '../../../domain/fill.ts';
import { readClientOrderId } from '../../../domain/ids.ts';
import type { Instrument } from '../../../domain/instrument.ts';
import type { OrderRecord } from '../../../domain/order.ts';
import { amount, MalformedAnswer, optionalText, type Row, text, timeMs } from '../answer.ts';
import type { Session } from '../session.ts';
import { marketOf } from '../unified/market.ts';
import { categoryOf } from './orders.ts';
import { readSpan } from './rows.ts';

const FORCED: Readonly<Record<string, Fill['forcedBy']>> = {
  AdlTrade: 'deleveraging',
  BustTrade: 'liquidation',
};
const FILL_TYPES = new Set(['Trade', ...Object.keys(FORCED)]);
const PAGE = 100;
const METHOD = 'privateGetV5ExecutionList';

export async function readFills(
  session: Session,
  instrument: Instrument,
  sinceMs: number,
): Promise<readonly Fill[]> {
  await session.connect();
  const found = await readSpan(session, request(session, instrument, {}), sinceMs);
  return fillsIn(session, instrument, found);
}

/** One list a category: the venue gives all its markets when none is named. What is in none of these instruments is left out. */
export async function readFillsOfAll(
  session: Session,
  instruments: readonly Instrument[],
  sinceMs: number,
): Promise<readonly Fill[]> {
  await session.connect();
  const categories = [...new Set(instruments.map(categoryOf))];
  const lists = await Promise.all(
    categories.map(async (category) => {
      const params = { category, limit: PAGE };
      const what = `fills of ${category} markets`;
      const found = await readSpan(session, { what, method: METHOD, params }, sinceMs);
      return instruments
        .filter((instrument) => categoryOf(instrument) === category)
        .flatMap((instrument) => {
          const { id } = marketOf(session, instrument.symbol);
          const own = found.filter((row) => text(row, 'symbol', what) === id);
          return fillsIn(session, instrument, own);
        });
    }),
  );
  return lists.flat();
}

/** How far before the intent the venue's clock may have stamped a fill. */
const SLACK_MS = 60_000;

/** Fills of one order since it was intended; without a time the venue would list its last seven days only. */
export async function readFillsOf(
  session: Session,
  record: OrderRecord,
  instrument: Instrument,
): Promise<readonly Fill[]> {
  await session.connect();
  const name = { orderLinkId: record.clientOrderId };
  const sinceMs = record.intendedAtMs - SLACK_MS;
  const found = await readSpan(session, request(session, instrument, name), sinceMs);
  const own = found.filter((row) => row['orderLinkId'] === record.clientOrderId);
  return fillsIn(session, instrument, own);
}

function request(
  session: Session,
  instrument: Instrument,
  params: Readonly<Record<string, unknown>>,
) {
  return {
    what: `fills of ${instrument.symbol}`,
    method: METHOD,
    params: {
      category: categoryOf(instrument),
      symbol: marketOf(session, instrument.symbol).id,
      limit: PAGE,
      ...params,
    },
  };
}

function fillsIn(session: Session, instrument: Instrument, found: readonly Row[]): readonly Fill[] {
  const fills = found
    .filter((row) => FILL_TYPES.has(text(row, 'execType', `fills of ${instrument.symbol}`)))
    .map((row) => fillOf(session, instrument, row));
  const byId = new Map(fills.map((fill) => [fill.fillId, fill]));
  return [...byId.values()].sort((a, b) => a.filledAtMs - b.filledAtMs);
}

function fillOf(session: Session, instrument: Instrument, row: Row): Fill {
  const what = `fills of ${instrument.symbol}`;
  const side = sideOf(row, what);
  const fee = amount(row, 'execFee', what);
  const clientId = optionalText(row, 'orderLinkId');
  // A liquidation or deleveraging is the venue's own order, whatever id it carries.
  const isOurs = row['execType'] === 'Trade' && clientId !== null;
  const forcedBy = FORCED[String(row['execType'])];
  return {
    fillId: text(row, 'execId', what),
    venue: session.id,
    instrument: instrument.id,
    clientOrderId: isOurs ? readClientOrderId(clientId) : null,
    venueOrderId: text(row, 'orderId', what),
    side,
    quantityBase: amount(row, 'execQty', what),
    price: amount(row, 'execPrice', what),
    fee,
    feeCoin:
      optionalText(row, 'feeCoin') ??
      optionalText(row, 'feeCurrency') ??
      feeCoinOf(instrument, side, fee),
    ...(forcedBy === undefined ? {} : { forcedBy }),
    isMaker: row['isMaker'] === true || row['isMaker'] === 'true',
    filledAtMs: timeMs(row, 'execTime', what),
  };
}

/** Spot fees are taken from what is received, rebates paid in what is given. */
function feeCoinOf(instrument: Instrument, side: Fill['side'], fee: DecimalText): string {
  if (instrument.kind === 'perpetual') return instrument.quoteCoin;
  const isBase = (side === 'buy') === sign(fee) >= 0;
  return isBase ? instrument.baseCoin : instrument.quoteCoin;
}

function sideOf(row: Row, what: string): Fill['side'] {
  const side = text(row, 'side', what);
  if (side === 'Buy') return 'buy';
  if (side === 'Sell') return 'sell';
  throw new MalformedAnswer(`${what}: side must be Buy or Sell, was ${side}`);
}

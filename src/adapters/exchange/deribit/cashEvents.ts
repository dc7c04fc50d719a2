/** Changes of cash from Deribit's transaction log, per currency, paged by its continuation; trades are in the fills. */
import { type DecimalText, sign } from '../../../domain/decimal.ts';
import type { CashEvent, CashEventKind } from '../../../domain/fill.ts';
import { instrumentId } from '../../../domain/ids.ts';
import {
  amount,
  MalformedAnswer,
  optionalAmount,
  optionalText,
  type Row,
  row,
  rows,
  text,
  timeMs,
} from '../answer.ts';
import { callImplicit } from '../ccxtClient.ts';
import type { Session } from '../session.ts';
import { symbolOf } from '../unified/market.ts';

const WHAT = 'transaction log';
const PAGES_MAX = 400;
/** Currencies in which linear perpetuals and spot settle. */
const CURRENCIES = ['USDC', 'USDT'];
const KINDS: Readonly<Record<string, CashEventKind>> = {
  settlement: 'funding',
  deposit: 'deposit',
  withdrawal: 'withdrawal',
  liquidation: 'liquidation',
};

/** Ascending in time, each once. */
export async function readLog(session: Session, sinceMs: number): Promise<readonly CashEvent[]> {
  await session.connect();
  const lists = await Promise.all(CURRENCIES.map((coin) => readCurrency(session, coin, sinceMs)));
  const events = lists.flat().flatMap((entry) => eventOf(session, entry));
  const byId = new Map(events.map((event) => [event.eventId, event]));
  return [...byId.values()]
    .filter((event) => sign(event.amount) !== 0 && event.atMs >= sinceMs)
    .sort((a, b) => a.atMs - b.atMs);
}

async function readCurrency(
  session: Session,
  currency: string,
  sinceMs: number,
): Promise<readonly Row[]> {
  const found: Row[] = [];
  let continuation: string | null = null;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const params: Readonly<Record<string, unknown>> = {
      currency,
      start_timestamp: Math.floor(sinceMs),
      end_timestamp: Math.ceil(session.venueNowMs()),
      count: 250,
      ...(continuation === null ? {} : { continuation }),
    };
    const result = await session.read(WHAT, async () => {
      const method = 'privateGetGetTransactionLog';
      return row(row(await callImplicit(session.client, method, params), WHAT)['result'], WHAT);
    });
    const logs = rows(result['logs'], WHAT);
    found.push(...logs);
    continuation = optionalText(result, 'continuation');
    if (continuation === null || logs.length === 0) return found;
  }
  throw new MalformedAnswer(`${WHAT}: more than ${PAGES_MAX} pages`);
}

/**
 * A trade's row changes cash by its fee, which its fill states, and by what the position realised, which is not a cash
 * event of ours: both are left out.
 */
function eventOf(session: Session, entry: Row): readonly CashEvent[] {
  const type = text(entry, 'type', WHAT);
  if (type === 'trade' || type === 'delivery') return [];
  const kind = type === 'transfer' ? moved(entry) : (KINDS[type] ?? 'other');
  const id = kind === 'funding' ? optionalText(entry, 'instrument_name') : null;
  const symbol = id === null ? null : symbolOf(session, id, 'perpetual');
  return [
    {
      eventId: text(entry, 'id', WHAT),
      venue: session.id,
      kind,
      instrument: symbol === null ? null : instrumentId(session.id, symbol),
      coin: text(entry, 'currency', WHAT),
      amount: changeOf(entry, kind),
      account: 'wallet',
      atMs: timeMs(entry, 'timestamp', WHAT),
    },
  ];
}

/** A settlement's cash flow holds the funding and the realised gain of the session; only the funding is an event. */
function changeOf(entry: Row, kind: CashEventKind): DecimalText {
  const change = amount(entry, 'change', WHAT);
  if (kind !== 'funding') return change;
  return optionalAmount(entry, 'interest_pl', WHAT) ?? change;
}

const moved = (entry: Row): CashEventKind =>
  sign(amount(entry, 'change', WHAT)) < 0 ? 'withdrawal' : 'deposit';

/**
 * Changes of cash from OKX's bills: ccxt's unified funding history asks for neither market nor time.
 *
 * Bills are listed newest first, a hundred at a time, paged by id. What fills state is left out.
 */
import { sign } from '../../../domain/decimal.ts';
import type { CashEvent, CashEventKind } from '../../../domain/fill.ts';
import { instrumentId } from '../../../domain/ids.ts';
import {
  amount,
  MalformedAnswer,
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

const PAGE = 100;
const PAGES_MAX = 400;
/** The short list holds seven days; the margin is for clocks. */
const RECENT_MS = 6.5 * 86_400_000;
/** Trades, deliveries, liquidations, deleveragings, block trades: stated by fills. */
const FILLED_TYPES = new Set(['2', '3', '5', '9', '14']);
const KINDS: Readonly<Record<string, CashEventKind>> = { '7': 'interest', '8': 'funding' };

/** Ascending in time, each once. */
export async function readBills(session: Session, sinceMs: number): Promise<readonly CashEvent[]> {
  await session.connect();
  const isRecent = session.venueNowMs() - sinceMs < RECENT_MS;
  const method = isRecent ? 'privateGetAccountBills' : 'privateGetAccountBillsArchive';
  const found = new Map<string, Row>();
  let after: string | null = null;
  for (let page = 0; ; page += 1) {
    if (page === PAGES_MAX) throw new MalformedAnswer(`bills: more than ${PAGES_MAX} pages`);
    const begin = String(Math.floor(sinceMs));
    const params: Readonly<Record<string, string>> =
      after === null ? { begin, limit: String(PAGE) } : { begin, limit: String(PAGE), after };
    const bills = await session.read('bills', async () => {
      const answer = await callImplicit(session.client, method, params);
      return rows(row(answer, 'bills')['data'], 'bills');
    });
    for (const bill of bills) found.set(text(bill, 'billId', 'bills'), bill);
    const last: Row | undefined = bills.at(-1);
    if (last === undefined || bills.length < PAGE) break;
    after = text(last, 'billId', 'bills');
  }
  return [...found.values()]
    .filter((bill) => !FILLED_TYPES.has(text(bill, 'type', 'bills')))
    .map((bill) => eventOf(session, bill))
    .filter((event) => sign(event.amount) !== 0 && event.atMs >= sinceMs)
    .sort((a, b) => a.atMs - b.atMs);
}

function eventOf(session: Session, bill: Row): CashEvent {
  const what = 'bills';
  const type = text(bill, 'type', what);
  const change = amount(bill, 'balChg', what);
  const moved = sign(change) < 0 ? 'withdrawal' : 'deposit';
  const kind = type === '1' ? moved : (KINDS[type] ?? 'other');
  const id = optionalText(bill, 'instId');
  const symbol = kind === 'funding' && id !== null ? symbolOf(session, id, 'perpetual') : null;
  return {
    eventId: text(bill, 'billId', what),
    venue: session.id,
    kind,
    instrument: symbol === null ? null : instrumentId(session.id, symbol),
    coin: text(bill, 'ccy', what),
    amount: change,
    account: 'wallet',
    atMs: timeMs(bill, 'ts', what),
  };
}

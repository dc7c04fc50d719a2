/**
 * Changes of cash at Hyperliquid: hourly funding, and the ledger of deposits, withdrawals and transfers.
 *
 * Both lists are oldest first, five hundred at a time, continued by time. A funding row's hash is the same for all, so that
 * time and coin name it; what the ledger does of which no sign is known is left to reconciling.
 */
import { add, type DecimalText, negate, sign, zero } from '../../../domain/decimal.ts';
import type { CashEvent } from '../../../domain/fill.ts';
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
import { addressOf, symbolOfCoin } from './names.ts';

const PAGE = 500;
const PAGES_MAX = 400;
const COIN = 'USDC';

/** Ascending in time, each once. */
export async function readCashEvents(
  session: Session,
  sinceMs: number,
): Promise<readonly CashEvent[]> {
  await session.connect();
  const [funding, ledger] = await Promise.all([
    readList(session, 'userFunding', sinceMs),
    readList(session, 'userNonFundingLedgerUpdates', sinceMs),
  ]);
  const events = [
    ...funding.map((each) => fundingEvent(session, each)),
    ...ledger.flatMap((each) => ledgerEvent(session, each)),
  ];
  const byId = new Map(events.map((event) => [event.eventId, event]));
  return [...byId.values()]
    .filter((event) => sign(event.amount) !== 0 && event.atMs >= sinceMs)
    .sort((a, b) => a.atMs - b.atMs);
}

async function readList(session: Session, type: string, sinceMs: number): Promise<readonly Row[]> {
  const found: Row[] = [];
  let startTime = Math.floor(sinceMs);
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const params = { type, user: addressOf(session), startTime };
    const ask = () => callImplicit(session.client, 'publicPostInfo', params);
    const list = rows(await session.read(type, ask, 5), type);
    found.push(...list);
    const last = list.at(-1);
    if (last === undefined || list.length < PAGE) return found;
    const lastMs = timeMs(last, 'time', type);
    if (lastMs <= startTime) throw new MalformedAnswer(`${type}: more at once than it lists`);
    startTime = lastMs;
  }
  throw new MalformedAnswer(`${type}: more than ${PAGES_MAX} pages`);
}

function fundingEvent(session: Session, entry: Row): CashEvent {
  const what = 'userFunding';
  const delta = row(entry['delta'], what);
  const coin = text(delta, 'coin', what);
  const symbol = symbolOfCoin(session, coin);
  const atMs = timeMs(entry, 'time', what);
  return {
    eventId: `funding-${atMs}-${coin}`,
    venue: session.id,
    kind: 'funding',
    instrument: symbol === null ? null : instrumentId(session.id, symbol),
    coin: COIN,
    amount: amount(delta, 'usdc', what),
    account: 'wallet',
    atMs,
  };
}

function ledgerEvent(session: Session, entry: Row): readonly CashEvent[] {
  const what = 'ledger';
  const delta = row(entry['delta'], what);
  const change = changeOf(session, delta);
  if (change === null) return [];
  const atMs = timeMs(entry, 'time', what);
  return [
    {
      eventId: `${text(delta, 'type', what)}-${atMs}-${text(entry, 'hash', what)}`,
      venue: session.id,
      kind: sign(change) < 0 ? 'withdrawal' : 'deposit',
      instrument: null,
      coin: COIN,
      amount: change,
      account: 'wallet',
      atMs,
    },
  ];
}

/** Of the futures wallet; null: not of it, or of unknown sign. */
function changeOf(session: Session, delta: Row): DecimalText | null {
  const what = 'ledger';
  const left = (): DecimalText =>
    negate(add(amount(delta, 'usdc', what), optionalAmount(delta, 'fee', what) ?? zero));
  switch (optionalText(delta, 'type')) {
    case 'deposit':
      return amount(delta, 'usdc', what);
    case 'withdraw':
      return left();
    case 'accountClassTransfer':
      return delta['toPerp'] === true
        ? amount(delta, 'usdc', what)
        : negate(amount(delta, 'usdc', what));
    case 'internalTransfer':
    case 'subAccountTransfer':
      return text(delta, 'destination', what).toLowerCase() === addressOf(session).toLowerCase()
        ? amount(delta, 'usdc', what)
        : left();
    default:
      return null;
  }
}

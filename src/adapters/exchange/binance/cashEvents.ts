/**
 * Changes of cash from the futures wallet's income and, live, from deposits and withdrawals of the spot wallet.
 *
 * Income is listed oldest first, a thousand at a time. Realised gains and commissions are in the fills. A transfer leaves
 * the account of `binanceusdm`, which knows the futures wallet only; within `binance` it changes nothing.
 */
import { add, negate, sign } from '../../../domain/decimal.ts';
import type { CashEvent, CashEventKind } from '../../../domain/fill.ts';
import { instrumentId } from '../../../domain/ids.ts';
import {
  amount,
  MalformedAnswer,
  optionalAmount,
  optionalText,
  type Row,
  rows,
  text,
  timeMs,
} from '../answer.ts';
import { callImplicit } from '../ccxtClient.ts';
import type { Session } from '../session.ts';
import { symbolOf } from '../unified/market.ts';

const PAGE = 1_000;
const PAGES_MAX = 400;
const WINDOW_MS = 7 * 86_400_000;
const IN_FILLS = new Set(['REALIZED_PNL', 'COMMISSION']);
const KINDS: Readonly<Record<string, CashEventKind>> = {
  FUNDING_FEE: 'funding',
  INSURANCE_CLEAR: 'liquidation',
};
const CREDITED_STATUS = '1';
const PAID_OUT_STATUS = '6';

/** Ascending in time, each once. */
export async function readCashEvents(
  session: Session,
  sinceMs: number,
): Promise<readonly CashEvent[]> {
  await session.connect();
  const isBothWallets = session.exchange === 'binance';
  const income = (await readIncome(session, sinceMs))
    .filter((each) => !IN_FILLS.has(text(each, 'incomeType', 'income')))
    .filter((each) => !isBothWallets || each['incomeType'] !== 'TRANSFER')
    .map((each) => incomeEvent(session, each));
  const moved =
    isBothWallets && session.environment === 'live' ? await readMoved(session, sinceMs) : [];
  const byId = new Map([...income, ...moved].map((event) => [event.eventId, event]));
  return [...byId.values()]
    .filter((event) => sign(event.amount) !== 0 && event.atMs >= sinceMs)
    .sort((a, b) => a.atMs - b.atMs);
}

async function readIncome(session: Session, sinceMs: number): Promise<readonly Row[]> {
  const what = 'income';
  const nowMs = Math.ceil(session.venueNowMs());
  const found: Row[] = [];
  let startTime = Math.floor(sinceMs);
  for (let page = 0; startTime <= nowMs; page += 1) {
    if (page === PAGES_MAX) throw new MalformedAnswer(`${what}: more than ${PAGES_MAX} pages`);
    const endTime = Math.min(startTime + WINDOW_MS - 1, nowMs);
    const params = { startTime, endTime, limit: PAGE };
    const ask = () => callImplicit(session.client, 'fapiPrivateGetIncome', params);
    const list = rows(await session.read(what, ask, 3), what);
    found.push(...list);
    const last = list.at(-1);
    const lastMs = last === undefined ? 0 : timeMs(last, 'time', what);
    if (list.length < PAGE) startTime = endTime + 1;
    else if (lastMs > startTime) startTime = lastMs;
    else throw new MalformedAnswer(`${what}: more in one millisecond than the venue lists`);
  }
  return found;
}

/** A `tranId` is unique within a type and coin only. */
function incomeEvent(session: Session, income: Row): CashEvent {
  const what = 'income';
  const type = text(income, 'incomeType', what);
  const change = amount(income, 'income', what);
  const moved = sign(change) < 0 ? 'withdrawal' : 'deposit';
  const kind = type === 'TRANSFER' ? moved : (KINDS[type] ?? 'other');
  const id = kind === 'funding' ? optionalText(income, 'symbol') : null;
  const symbol = id === null ? null : symbolOf(session, id, 'perpetual');
  const coin = text(income, 'asset', what);
  return {
    eventId: `${type}-${coin}-${text(income, 'tranId', what)}`,
    venue: session.id,
    kind,
    instrument: symbol === null ? null : instrumentId(session.id, symbol),
    coin,
    amount: change,
    account: 'wallet',
    atMs: timeMs(income, 'time', what),
  };
}

async function readMoved(session: Session, sinceMs: number): Promise<readonly CashEvent[]> {
  const params = { startTime: Math.floor(sinceMs) };
  const list = async (what: string, method: string, status: string): Promise<readonly Row[]> => {
    const asked = { ...params, status };
    const ask = () => callImplicit(session.client, method, asked);
    return rows(await session.read(what, ask), what);
  };
  const [deposits, withdrawals] = await Promise.all([
    list('deposits', 'sapiGetCapitalDepositHisrec', CREDITED_STATUS),
    list('withdrawals', 'sapiGetCapitalWithdrawHistory', PAID_OUT_STATUS),
  ]);
  return [
    ...deposits.map((each) => movedEvent(session, each, 'deposit')),
    ...withdrawals.map((each) => movedEvent(session, each, 'withdrawal')),
  ];
}

function movedEvent(session: Session, each: Row, kind: 'deposit' | 'withdrawal'): CashEvent {
  const what = `${kind}s`;
  const net = amount(each, 'amount', what);
  const fee = optionalAmount(each, 'transactionFee', what);
  return {
    eventId: `${kind}-${text(each, 'id', what)}`,
    venue: session.id,
    kind,
    instrument: null,
    coin: text(each, 'coin', what),
    amount: kind === 'deposit' ? net : negate(fee === null ? net : add(net, fee)),
    account: 'wallet',
    atMs:
      kind === 'deposit' ? timeMs(each, 'insertTime', what) : utcMs(text(each, 'applyTime', what)),
  };
}

/** "2019-10-12 11:12:02", UTC. */
function utcMs(written: string): number {
  const ms = Date.parse(`${written.replace(' ', 'T')}Z`);
  if (Number.isFinite(ms)) return ms;
  throw new MalformedAnswer(`withdrawals: applyTime must be a time, was ${written}`);
}

/**
 * Changes of cash that are not fills: funding, transfers, interest from the transaction log; yield from the earn records.
 *
 * Rows of the log that an execution or an earn order already states are left out, so nothing is counted twice.
 */
import { sign } from '../../../domain/decimal.ts';
import type { CashEvent, CashEventKind } from '../../../domain/fill.ts';
import { type InstrumentId, instrumentId } from '../../../domain/ids.ts';
import { earnSymbol } from '../../../domain/leg.ts';
import { amount, optionalText, type Row, text, timeMs } from '../answer.ts';
import type { Session } from '../session.ts';
import { symbolOf } from '../unified/market.ts';
import { readSpan } from './rows.ts';

const LOG_PAGE = 50;
const YIELD_PAGE = 100;

const KINDS: Readonly<Record<string, CashEventKind>> = {
  SETTLEMENT: 'funding',
  TRANSFER_IN: 'deposit',
  TRANSFER_OUT: 'withdrawal',
  BONUS_TRANSFER_IN: 'deposit',
  BONUS_TRANSFER_OUT: 'withdrawal',
  INTEREST: 'interest',
  // Holding a yield-bearing coin is paid as an airdrop of it.
  AIRDROP: 'yield',
  LIQUIDATION: 'liquidation',
};
/** Stated by executions. */
const FILLED_TYPES = new Set(['TRADE', 'LIQUIDATION', 'ADL']);
/** Stated by earn orders and earn yields. */
const EARN_PREFIX = 'FLEXIBLE_STAKING_';

/** Ascending in time. */
export async function readCashEvents(
  session: Session,
  sinceMs: number,
): Promise<readonly CashEvent[]> {
  await session.connect();
  const log = await readSpan(
    session,
    {
      what: 'transaction log',
      method: 'privateGetV5AccountTransactionLog',
      params: { accountType: 'UNIFIED', limit: LOG_PAGE },
    },
    sinceMs,
  );
  return once(log.filter(isCash).map((row) => logEvent(session, row)));
}

/** Yields that were paid; pending ones follow when they are. */
export async function readYieldEvents(
  session: Session,
  sinceMs: number,
): Promise<readonly CashEvent[]> {
  await session.connect();
  const found = await readSpan(
    session,
    {
      what: 'earn yields',
      method: 'privateGetV5EarnYield',
      params: { category: 'FlexibleSaving', limit: YIELD_PAGE },
      // The venue documents `list` and answers `yield`.
      lists: ['yield', 'list'],
    },
    sinceMs,
  );
  const paid = found.filter((row) => row['status'] === 'Success');
  return once(paid.map((row) => yieldEvent(session, row)));
}

function once(events: readonly CashEvent[]): readonly CashEvent[] {
  const byId = new Map(events.map((event) => [event.eventId, event]));
  return [...byId.values()]
    .filter((event) => sign(event.amount) !== 0)
    .sort((a, b) => a.atMs - b.atMs);
}

function isCash(row: Row): boolean {
  const type = text(row, 'type', 'transaction log');
  if (type.startsWith(EARN_PREFIX)) return false;
  return !FILLED_TYPES.has(type) || (type !== 'TRADE' && optionalText(row, 'tradeId') === null);
}

function logEvent(session: Session, row: Row): CashEvent {
  const what = 'transaction log';
  const kind = KINDS[text(row, 'type', what)] ?? 'other';
  return {
    eventId: text(row, 'id', what),
    venue: session.id,
    kind,
    instrument: kind === 'funding' ? perpetualOf(session, row) : null,
    coin: text(row, 'currency', what),
    amount: amount(row, 'change', what),
    account: 'wallet',
    atMs: timeMs(row, 'transactionTime', what),
  };
}

function perpetualOf(session: Session, row: Row): InstrumentId | null {
  const id = optionalText(row, 'symbol');
  if (id === null) return null;
  return instrumentId(session.id, symbolOf(session, id, 'perpetual') ?? id);
}

/** Yield is credited to the wallet, except where it is staked again by itself. Its ids are unique within the list only. */
function yieldEvent(session: Session, row: Row): CashEvent {
  const what = 'earn yields';
  const coin = text(row, 'coin', what);
  return {
    eventId: `yield-${text(row, 'id', what)}`,
    venue: session.id,
    kind: 'yield',
    instrument: instrumentId(session.id, earnSymbol(coin)),
    coin,
    amount: amount(row, 'amount', what),
    account: row['distributionMode'] === 'Reinvest' ? 'earn' : 'wallet',
    atMs: timeMs(row, 'createdAt', what),
  };
}

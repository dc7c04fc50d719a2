/** Funding and transfers through ccxt's unified methods. Yields have no unified form and are left to a venue's dialect. */
import { sign } from '../../../domain/decimal.ts';
import type { CashEvent, CashEventKind } from '../../../domain/fill.ts';
import type { Instrument } from '../../../domain/instrument.ts';
import { amount, optionalText, type Row, rows, text, timeMs } from '../answer.ts';
import type { Session } from '../session.ts';

const KINDS: Readonly<Record<string, CashEventKind>> = {
  deposit: 'deposit',
  withdrawal: 'withdrawal',
  interest: 'interest',
  rebate: 'other',
  cashback: 'other',
};

/** Ascending in time, each once. */
export async function readCashEvents(
  session: Session,
  instruments: readonly Instrument[],
  sinceMs: number,
): Promise<readonly CashEvent[]> {
  const perpetuals = instruments.filter(({ kind }) => kind === 'perpetual');
  const funding = await Promise.all(perpetuals.map((each) => readFunding(session, each, sinceMs)));
  const events = [...funding.flat(), ...(await readLedger(session, sinceMs))];
  const byId = new Map(events.map((event) => [event.eventId, event]));
  return [...byId.values()]
    .filter((event) => sign(event.amount) !== 0 && event.atMs >= sinceMs)
    .sort((a, b) => a.atMs - b.atMs);
}

async function readFunding(
  session: Session,
  instrument: Instrument,
  sinceMs: number,
): Promise<readonly CashEvent[]> {
  const { client } = session;
  if (client.has['fetchFundingHistory'] !== true) return [];
  const what = `funding payments of ${instrument.symbol}`;
  const answer = await session.read(what, () =>
    client.fetchFundingHistory(instrument.symbol, sinceMs),
  );
  return rows(answer, what).map((row) => ({
    eventId: text(row, 'id', what),
    venue: session.id,
    kind: 'funding',
    instrument: instrument.id,
    coin: optionalText(row, 'code') ?? instrument.quoteCoin,
    amount: amount(row, 'amount', what),
    account: 'wallet',
    atMs: timeMs(row, 'timestamp', what),
  }));
}

/** Only what is a flow by its type: trades and fees are in the fills. */
async function readLedger(session: Session, sinceMs: number): Promise<readonly CashEvent[]> {
  const { client } = session;
  if (client.has['fetchLedger'] !== true) return [];
  const what = 'ledger';
  const answer = await session.read(what, () => client.fetchLedger(undefined, sinceMs));
  return rows(answer, what).flatMap((row) => {
    const kind = kindOf(row);
    if (kind === null) return [];
    const value = amount(row, 'amount', what);
    return [
      {
        eventId: text(row, 'id', what),
        venue: session.id,
        kind,
        instrument: null,
        coin: text(row, 'currency', what),
        amount:
          row['direction'] === 'out' && sign(value) > 0 ? (`-${value}` as typeof value) : value,
        account: 'wallet' as const,
        atMs: timeMs(row, 'timestamp', what),
      },
    ];
  });
}

function kindOf(row: Row): CashEventKind | null {
  const type = optionalText(row, 'type') ?? '';
  if (type === 'transaction' || type === 'transfer') {
    return row['direction'] === 'out' ? 'withdrawal' : 'deposit';
  }
  return KINDS[type] ?? null;
}

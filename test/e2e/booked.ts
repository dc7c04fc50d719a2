/** What the line's own database says, in the shape of the venue's journal, so that the two can be laid on each other. */
import { add, decimal, toNumber, zero } from '../../src/domain/decimal.ts';
import { venueId } from '../../src/domain/ids.ts';
import { applyTransactions, emptyBook, positionOf, venueWallet } from '../../src/ledger/book.ts';
import type { Account, Transaction, TransactionKind } from '../../src/ledger/transaction.ts';
import type { Rig } from './rig.ts';
import type { TrueCash, TrueFill, TrueOrder } from './truth.ts';

/** BTC/USDT:USDT → linear BTCUSDT; ETH/USDT → spot ETHUSDT; earn:USDC → earn USDC. */
export function marketOf(instrument: string): string {
  const symbol = instrument.slice(instrument.indexOf('|') + 1);
  if (symbol.startsWith('earn:')) return `earn ${symbol.slice(5)}`;
  const [pair = '', settle] = symbol.split(':');
  return `${settle === undefined ? 'spot' : 'linear'} ${pair.replace('/', '')}`;
}

export type BookedOrder = { readonly order: TrueOrder; readonly state: string };

/** Every order that left, and the state in which it ended; moves between wallets are none. @param venue absent: the only one. */
export async function bookedOrders(
  { database }: Pick<Rig, 'database'>,
  venue = 'alpha',
): Promise<readonly BookedOrder[]> {
  const select = database.queries.selectFrom('orders').selectAll();
  const orders = select.where('action', '<>', 'transfer');
  const rows = await orders.where('venue', '=', venue).execute();
  return rows.map((row) => ({
    order: {
      venueOrderId: row.venue_order_id ?? 'none',
      clientOrderId: row.client_order_id,
      market: marketOf(row.instrument),
      side: row.action as TrueOrder['side'],
      quantityBase: decimal(row.quantity_base),
      filledBase: decimal(row.filled_base),
    },
    state: row.state,
  }));
}

export async function bookedFills(
  { database }: Pick<Rig, 'database'>,
  venue = 'alpha',
): Promise<readonly TrueFill[]> {
  const select = database.queries.selectFrom('fills').selectAll();
  const rows = await select.where('venue', '=', venue).execute();
  return rows.map((row) => ({
    fillId: row.fill_id,
    atMs: row.filled_at_ms,
    venueOrderId: row.venue_order_id,
    clientOrderId: row.client_order_id,
    market: marketOf(row.instrument),
    side: row.side as TrueFill['side'],
    quantityBase: decimal(row.quantity_base),
    price: decimal(row.price),
    fee: decimal(row.fee),
    feeCoin: row.fee_coin,
  }));
}

type LedgerRig = {
  readonly ports: Pick<Rig['ports'], 'ledger'>;
  readonly policy: Pick<Rig['policy'], 'portfolio'>;
};

export const bookedTransactions = ({ ports, policy }: LedgerRig): Promise<readonly Transaction[]> =>
  ports.ledger.transactions(policy.portfolio, {});

/** What transactions of one kind put into the accounts that hold something; the legs' parts summed. */
export function cashOf(
  transactions: readonly Transaction[],
  kind: TransactionKind,
): readonly TrueCash[] {
  const holding: readonly Account[] = ['wallet', 'position'];
  return transactions
    .filter((one) => one.kind === kind)
    .map(({ atMs, instrument, postings }) => ({
      atMs,
      what: marketOf(instrument ?? '').split(' ')[1] ?? '',
      amount: postings
        .filter((posting) => holding.includes(posting.account))
        .reduce((sum, posting) => add(sum, posting.amount), zero),
    }));
}

/** Wallets, lent coins and perpetuals by the entries, under the names of `truth.ts`. */
export function holdings(
  transactions: readonly Transaction[],
  named: { readonly coins: Iterable<string>; readonly perpetuals: Iterable<string> },
  at = 'alpha',
) {
  const book = applyTransactions(emptyBook, transactions);
  const venue = venueId(at);
  const symbolOf = (market: string): string => `${market.replace(/USDT$/, '')}/USDT:USDT`;
  return {
    wallets: new Map(
      [...named.coins].map((coin) => [coin, toNumber(venueWallet(book, venue, coin))]),
    ),
    stake: (coin: string): string => positionOf(book, venue, `earn:${coin}`),
    positions: new Map(
      [...named.perpetuals].map((market) => [market, positionOf(book, venue, symbolOf(market))]),
    ),
  };
}

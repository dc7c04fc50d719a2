/** Deribit as far as one linear perpetual needs it: everything by GET, orders by label, amounts in coins. */
import { decimal } from '../../../../src/domain/decimal.ts';
import { createStubBook, type StubBook, type StubOrder, stubMs, stubPrice } from './stubBook.ts';
import { type Asked, type Reply, type Stub, startStub } from './stubServer.ts';

const name = 'BTC_USDC-PERPETUAL';
const ok = (result: unknown): Reply => ({ body: { jsonrpc: '2.0', result } });
export const deribitError = (code: number, message: string): Reply => ({
  status: 400,
  body: { jsonrpc: '2.0', error: { code, message } },
});

export type DeribitState = { summaries: Readonly<Record<string, unknown>>[]; log: unknown[] };

export async function startDeribitStub(): Promise<
  Stub & { readonly book: StubBook; readonly state: DeribitState }
> {
  const book = createStubBook();
  const state: DeribitState = {
    summaries: [
      summary('USDC', { equity: 8_002.5, balance: 8_000, available_funds: 7_900 }),
      summary('BTC', { equity: 0.5, balance: 0.5, available_funds: 0.5 }),
    ],
    log: [],
  };
  const stub = await startStub((asked) => answer(asked, book, state));
  return { ...stub, book, state };
}

function answer({ path, query }: Asked, book: StubBook, state: DeribitState): Reply {
  switch (path.replace('/api/v2/', '')) {
    case 'public/get_time':
      return ok(stubMs);
    case 'public/get_instruments':
      return ok([instrument]);
    case 'public/get_order_book':
      return ok({
        instrument_name: name,
        timestamp: stubMs,
        bids: [[59_999, 5]],
        asks: [[60_001, 5]],
        state: 'open',
      });
    case 'public/ticker':
      return ok({
        instrument_name: name,
        timestamp: stubMs,
        last_price: 60_000,
        mark_price: 60_000.5,
        index_price: 59_990,
        best_bid_price: 59_999,
        best_ask_price: 60_001,
        stats: {},
      });
    case 'public/get_funding_rate_value':
      return ok(0.0001);
    case 'private/buy':
    case 'private/sell': {
      const order = book.place({
        clientId: query['label'] ?? '',
        side: path.endsWith('buy') ? 'buy' : 'sell',
        quantity: decimal(query['amount'] ?? '0'),
        price: decimal(query['price'] ?? '0'),
        isIoc: query['time_in_force'] === 'immediate_or_cancel',
      });
      return ok({ order: orderRow(order), trades: [] });
    }
    case 'private/get_order_state_by_label':
      return ok(book.orders.filter(({ clientId }) => clientId === query['label']).map(orderRow));
    case 'private/cancel_by_label':
      return ok(book.cancel(query['label'] ?? '') === null ? 0 : 1);
    case 'private/cancel': {
      const order = book.cancel(query['order_id'] ?? '');
      return order === null ? deribitError(11044, 'not_open_order') : ok(orderRow(order));
    }
    case 'private/get_open_orders_by_instrument':
      return ok(book.orders.filter((order) => order.state === 'open').map(orderRow));
    case 'private/get_user_trades_by_instrument_and_time': {
      const [from, to] = [Number(query['start_timestamp']), Number(query['end_timestamp'])];
      const found = book.trades.filter(({ atMs }) => atMs >= from && atMs <= to);
      const trades = found.slice(0, Number(query['count'] ?? 10)).map((trade) => ({
        instrument_name: name,
        trade_id: trade.id,
        order_id: trade.order.id,
        label: trade.order.clientId,
        direction: trade.order.side,
        amount: Number(trade.quantity),
        price: Number(trade.price),
        fee: Number(trade.fee),
        fee_currency: 'USDC',
        liquidity: 'T',
        timestamp: trade.atMs,
        state: 'filled',
      }));
      return ok({ trades, has_more: found.length > trades.length });
    }
    case 'private/get_positions': {
      const size = Number(book.position());
      return ok([
        {
          instrument_name: name,
          kind: 'future',
          size: Math.abs(size),
          direction: size === 0 ? 'zero' : size > 0 ? 'buy' : 'sell',
          average_price: 60_000,
          mark_price: 60_000,
          floating_profit_loss: 2.5,
          initial_margin: 60,
          maintenance_margin: 12,
          size_currency: size,
          estimated_liquidation_price: 42_000.5,
          leverage: 20,
        },
      ]);
    }
    case 'private/get_account_summaries':
      return ok({ id: 1, summaries: state.summaries });
    case 'private/get_transaction_log': {
      if (query['currency'] !== 'USDC') return ok({ logs: [], continuation: null });
      const from = Number(query['continuation'] ?? 0);
      const logs = state.log.slice(from, from + 3);
      const continuation = from + 3 < state.log.length ? from + 3 : null;
      return ok({ logs, continuation });
    }
    default:
      return { status: 404, body: { error: { code: -32601, message: `no ${path}` } } };
  }
}

export const summary = (
  currency: string,
  figures: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> => ({
  currency,
  initial_margin: 60,
  maintenance_margin: 12,
  ...figures,
});

const orderRow = (order: StubOrder): unknown => ({
  order_id: order.id,
  label: order.clientId,
  instrument_name: name,
  direction: order.side,
  amount: Number(order.quantity),
  filled_amount: Number(order.filled),
  average_price: Number(stubPrice),
  price: Number(order.price),
  order_state: order.state,
  order_type: 'limit',
  time_in_force: 'good_til_cancelled',
  creation_timestamp: stubMs,
  last_update_timestamp: stubMs,
});

const instrument = {
  instrument_name: name,
  kind: 'future',
  settlement_period: 'perpetual',
  base_currency: 'BTC',
  counter_currency: 'USDC',
  quote_currency: 'USDC',
  settlement_currency: 'USDC',
  instrument_type: 'linear',
  // A contract is a ten-thousandth of a coin, and yet amounts are coins.
  contract_size: 0.0001,
  min_trade_amount: 0.001,
  tick_size: 0.5,
  taker_commission: 0.0005,
  maker_commission: 0,
  is_active: true,
  creation_timestamp: 1_534_167_754_000,
  expiration_timestamp: 32_503_708_800_000,
  max_leverage: 50,
};

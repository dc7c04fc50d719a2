/** What a fault may aim at, in the words of each venue's HTTP side: orders, cancels, what became of them, the account. */
import type { FaultRequest } from '../../src/simulator/http/faultSchema.ts';

export type Dialect = 'bybit' | 'binance';

type Aim = Pick<FaultRequest & { readonly kind: 'stall' }, 'paths' | 'method'>;

type Aims = {
  readonly create: Aim;
  readonly cancel: Aim;
  readonly orderReads: Aim;
  readonly fills: Aim;
  readonly accountReads: Aim;
  readonly allReads: Aim;
  /** Certainly refused; a system's error that may have done it. */
  readonly codes: { readonly refused: number; readonly open: number };
};

const bybitOrders = ['/v5/order/realtime', '/v5/order/history', '/v5/execution/list'];
const bybitAccount = ['/v5/position/list', '/v5/account/wallet-balance'];
const binanceOrders = ['/fapi/v1/order', '/fapi/v1/userTrades', '/fapi/v1/openOrder'];
const binanceAccount = ['/positionRisk', '/fapi/v2/account', '/fapi/v3/account', '/balance'];

export const aimsOf: Readonly<Record<Dialect, Aims>> = {
  bybit: {
    create: { paths: ['/v5/order/create'] },
    cancel: { paths: ['/v5/order/cancel'] },
    orderReads: { paths: bybitOrders },
    fills: { paths: ['/v5/execution/list'] },
    accountReads: { paths: bybitAccount },
    allReads: { paths: [...bybitOrders, ...bybitAccount, '/v5/market/'], method: 'GET' },
    codes: { refused: 110007, open: 10000 },
  },
  binance: {
    create: { paths: ['/fapi/v1/order'], method: 'POST' },
    cancel: { paths: ['/fapi/v1/order'], method: 'DELETE' },
    orderReads: { paths: binanceOrders, method: 'GET' },
    fills: { paths: ['/fapi/v1/userTrades'] },
    accountReads: { paths: binanceAccount, method: 'GET' },
    allReads: { paths: ['/fapi/'], method: 'GET' },
    codes: { refused: -2019, open: -1007 },
  },
};

/** What a fault may aim at, in the words of each venue's HTTP side: orders, cancels, what became of them, the account. */
import type { FaultRequest } from '../../src/simulator/http/faultSchema.ts';

export type Dialect = 'bybit' | 'binance';

type Aim = Pick<FaultRequest & { readonly kind: 'stall' }, 'paths' | 'method'>;

/** Whose words a venue of a world is struck in; the last two with what is slow there. */
export type AimName = Dialect | 'bybitSavings' | 'binanceWallets';

export const dialectOf = (aim: AimName): Dialect => (aim.startsWith('bybit') ? 'bybit' : 'binance');

export type Aims = {
  readonly create: Aim;
  readonly cancel: Aim;
  readonly orderReads: Aim;
  readonly fills: Aim;
  readonly accountReads: Aim;
  readonly allReads: Aim;
  /** Certainly refused; a system's error that may have done it. */
  readonly codes: { readonly refused: number; readonly open: number };
  /** Subscriptions and redemptions, or moves between wallets; null: none are made. */
  readonly slow: {
    readonly create: Aim;
    readonly reads: Aim;
    readonly codes: { readonly refused: number; readonly open: number };
  } | null;
};

const bybitOrders = ['/v5/order/realtime', '/v5/order/history', '/v5/execution/list'];
const bybitAccount = ['/v5/position/list', '/v5/account/wallet-balance'];
const binanceOrders = ['/fapi/v1/order', '/fapi/v1/userTrades', '/fapi/v1/openOrder'];
const binanceAccount = ['/positionRisk', '/fapi/v2/account', '/fapi/v3/account', '/balance'];

const spotOrders = ['/api/v3/order', '/api/v3/myTrades', '/api/v3/openOrders'];

const bybit: Aims = {
  create: { paths: ['/v5/order/create'] },
  cancel: { paths: ['/v5/order/cancel'] },
  orderReads: { paths: bybitOrders },
  fills: { paths: ['/v5/execution/list'] },
  accountReads: { paths: bybitAccount },
  allReads: { paths: [...bybitOrders, ...bybitAccount, '/v5/market/'], method: 'GET' },
  codes: { refused: 110007, open: 10000 },
  slow: null,
};

const binance: Aims = {
  create: { paths: ['/fapi/v1/order'], method: 'POST' },
  cancel: { paths: ['/fapi/v1/order'], method: 'DELETE' },
  orderReads: { paths: binanceOrders, method: 'GET' },
  fills: { paths: ['/fapi/v1/userTrades'] },
  accountReads: { paths: binanceAccount, method: 'GET' },
  allReads: { paths: ['/fapi/'], method: 'GET' },
  codes: { refused: -2019, open: -1007 },
  slow: null,
};

export const aimsOf: Readonly<Record<AimName, Aims>> = {
  bybit,
  binance,
  bybitSavings: {
    ...bybit,
    slow: {
      create: { paths: ['/v5/earn/place-order'] },
      reads: { paths: ['/v5/earn/order', '/v5/earn/position'] },
      codes: { refused: 180016, open: 10000 },
    },
  },
  binanceWallets: {
    create: { paths: ['/fapi/v1/order', '/api/v3/order'], method: 'POST' },
    cancel: { paths: ['/fapi/v1/order', '/api/v3/order'], method: 'DELETE' },
    orderReads: { paths: [...binanceOrders, ...spotOrders], method: 'GET' },
    fills: { paths: ['/fapi/v1/userTrades', '/api/v3/myTrades'] },
    accountReads: { paths: [...binanceAccount, '/api/v3/account'], method: 'GET' },
    allReads: { paths: ['/fapi/', '/api/v3/', '/sapi/'], method: 'GET' },
    codes: binance.codes,
    slow: {
      create: { paths: ['/sapi/v1/asset/transfer'], method: 'POST' },
      reads: { paths: ['/sapi/v1/asset/transfer'], method: 'GET' },
      codes: { refused: -5013, open: -1007 },
    },
  },
};

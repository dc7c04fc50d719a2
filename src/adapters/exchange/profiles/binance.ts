/**
 * Binance: a duplicate id is found among open orders only, −1007 and −1008 leave an order open, weights are per address.
 *
 * `binance` serves spot and USD-M legs in one venue: two wallets, one client. `binanceusdm` serves USD-M only.
 */
import type { UsageRule } from '../transport/usage.ts';
import { carefulProfile, type Profile } from './profile.ts';

const MINUTE_MS = 60_000;

const weight = (host: RegExp, limit: number): UsageRule => ({
  header: 'X-Mbx-Used-Weight-1m',
  counts: 'used',
  limit,
  windowMs: MINUTE_MS,
  classes: ['cancels', 'account', 'market'],
  host,
});

const orders = (header: string, limit: number, windowMs: number): UsageRule => ({
  header,
  counts: 'used',
  limit,
  windowMs,
  classes: ['orders'],
  host: null,
});

export const binanceusdmProfile: Profile = {
  ...carefulProfile,
  options: {
    options: {
      fetchMarkets: { types: ['linear'] },
      fetchMargins: false,
      defaultType: 'swap',
      warnOnFetchOpenOrdersWithoutSymbol: false,
    },
  },
  // ccxt refuses private calls to the futures testnet: play money is at the demo's hosts.
  isTestnetGone: true,
  traffic: {
    limits: {
      orders: { burst: 50, perSecond: 20, reserveShare: 0.2 },
      cancels: { burst: 50, perSecond: 20, reserveShare: 0.2 },
      account: { burst: 100, perSecond: 6, reserveShare: 0.2 },
      market: { burst: 100, perSecond: 10, reserveShare: 0 },
    },
    endpoints: [
      [/^DELETE /, 'cancels'],
      [
        /\/(ticker|depth|klines|markPriceKlines|premiumIndex|fundingRate|exchangeInfo|time)/,
        'market',
      ],
      [/^(POST|PUT) .*\/(order|batchOrders)$/, 'orders'],
    ],
    usage: [
      weight(/^(demo-)?fapi/, 2400),
      weight(/^(api\d?|demo-api|testnet)\./, 6000),
      orders('X-Mbx-Order-Count-10s', 50, 10_000),
      orders('X-Mbx-Order-Count-1m', 1200, MINUTE_MS),
    ],
    // A 429 that is not heeded becomes a ban of the address, 418, for minutes to days.
    banMsByStatus: { 418: 120_000, 429: 60_000, 403: 300_000 },
  },
  clientId: { ...carefulProfile.clientId, repeated: 'refused while open' },
  // Of every signed request.
  lifetime: { kind: 'recvWindow' },
  transferLateMsMax: 0,
  lookUp: 'clientOrderId',
  forgetsAfterMs: 3 * 86_400_000,
  fillsListedMs: 180 * 86_400_000,
  tradesPage: 500,
  forcedBy: (_, clientId) => {
    if (clientId?.startsWith('adl_autoclose') === true) return 'deleveraging';
    return clientId?.startsWith('autoclose-') === true ? 'liquidation' : null;
  },
  reducesBelowMinimum: true,
  barsMax: 500,
  fundingHistory: { page: 500, until: null },
  codes: {
    duplicate: ['-4116', '-4111'],
    // Spot has one code, −2010, for an id that is taken and for a lack of money.
    duplicateSaid: /duplicate order sent/i,
    refused: ['-1111', '-1013', '-4003', '-4014', '-4015', '-4016', '-2010', '-2021', '-2027'],
    open: ['-1000', '-1001', '-1006', '-1007', '-1008'],
    gone: ['-2011', '-2013'],
    unchanged: ['-4046', '-4059'],
  },
};

export const binanceProfile: Profile = {
  ...binanceusdmProfile,
  options: {
    options: {
      ...(binanceusdmProfile.options['options'] as Readonly<Record<string, unknown>>),
      fetchMarkets: { types: ['spot', 'linear'] },
    },
  },
};

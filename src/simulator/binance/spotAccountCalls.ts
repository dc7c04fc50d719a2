/**
 * The pairs' wallet, and the fees of pairs.
 */
import { findInstrument, instrumentsNow } from '../core/quotes.ts';
import { spotFree } from '../core/spotWallet.ts';
import { walletOf } from '../core/wallet.ts';
import type { Row } from '../http/json.ts';
import { flag, text } from '../http/request.ts';
import type { Call, CallContext } from './call.ts';
import { ok, type Reply, unknownSymbol } from './reply.ts';

const money = (value: number): string => Math.max(0, value).toFixed(8);

function account({ venue, parameters }: CallContext): Reply {
  const wallet = walletOf(venue, 'spot');
  const coins = new Set([...venue.market.coins, ...Object.keys(wallet)]);
  const balances = [...coins]
    .map((asset): Row & { free: string; locked: string } => {
      const free = spotFree(venue, asset);
      return { asset, free: money(free), locked: money(Number(wallet[asset] ?? 0) - free) };
    })
    .filter(
      (row) =>
        !flag(parameters, 'omitZeroBalances') || Number(row.free) > 0 || Number(row.locked) > 0,
    );
  return ok({
    makerCommission: 10,
    takerCommission: 10,
    buyerCommission: 0,
    sellerCommission: 0,
    commissionRates: { maker: '0.00100000', taker: '0.00100000', buyer: '0', seller: '0' },
    canTrade: true,
    canWithdraw: true,
    canDeposit: true,
    brokered: false,
    requireSelfTradePrevention: false,
    preventSor: false,
    updateTime: venue.live.nowMs,
    accountType: 'SPOT',
    balances,
    permissions: ['SPOT'],
    uid: 1,
  });
}

function commission({ venue, parameters }: CallContext): Reply {
  const instrument = findInstrument(venue, 'spot', text(parameters, 'symbol'));
  if (instrument === undefined) return unknownSymbol;
  const { symbol, makerFeeRate: maker, takerFeeRate: taker } = instrument;
  const none = { maker: '0', taker: '0', buyer: '0', seller: '0' };
  return ok({
    symbol,
    standardCommission: { maker, taker, buyer: '0', seller: '0' },
    taxCommission: none,
    discount: {
      enabledForAccount: false,
      enabledForSymbol: false,
      discountAsset: 'BNB',
      discount: '0',
    },
  });
}

function tradeFee({ venue, parameters }: CallContext): Reply {
  const symbol = text(parameters, 'symbol');
  const rows = instrumentsNow(venue)
    .filter((i) => i.category === 'spot' && (symbol === '' || i.symbol === symbol))
    .map(
      (i): Row => ({
        symbol: i.symbol,
        makerCommission: i.makerFeeRate,
        takerCommission: i.takerFeeRate,
      }),
    );
  return ok(rows);
}

const read = { method: 'GET', permission: 'read' } as const;

export const spotAccountCalls: readonly Call[] = [
  { ...read, path: '/api/v3/account', weight: 20, answer: account },
  { ...read, path: '/api/v3/account/commission', weight: 20, answer: commission },
  { ...read, path: '/sapi/v1/asset/tradeFee', weight: 1, answer: tradeFee },
];

/**
 * The contracts' wallet: balances and margin per asset, in single-asset mode.
 */
import { type AccountSummary, type CoinSummary, summarize } from '../core/account.ts';
import { instrumentsNow } from '../core/quotes.ts';
import type { Venue } from '../core/venue.ts';
import type { Row } from '../http/json.ts';
import { type Call, type CallContext, named } from './call.ts';
import { positionRows } from './positionRows.ts';
import { ok, type Reply, unknownSymbol } from './reply.ts';

const money = (value: number): string => value.toFixed(8);

/** Of an asset in the contracts' wallet: what may be moved out or stand behind another order. */
export function freeOf(account: AccountSummary, coin: CoinSummary): number {
  const { usdIndex } = coin;
  // Another asset than the contracts' stands behind nothing, and all of it may leave.
  if (coin.collateralRatio === 0) return Math.max(0, coin.wallet);
  return Math.max(0, usdIndex > 0 ? account.availableUsd / usdIndex : 0);
}

function assetsOf(venue: Venue, account: AccountSummary): readonly CoinSummary[] {
  const settling = new Set(
    instrumentsNow(venue).flatMap((i) => (i.category === 'linear' ? [i.quoteCoin] : [])),
  );
  const shown = account.coins.filter((c) => settling.has(c.coin) || c.wallet !== 0);
  const absent = [...settling].filter((coin) => !shown.some((c) => c.coin === coin));
  const empty = { wallet: 0, unrealised: 0, usdIndex: 1, collateralRatio: 0, locked: 0 };
  const flat = { positionInitial: 0, orderInitial: 0, maintenance: 0 };
  return [...shown, ...absent.map((coin) => ({ coin, ...empty, ...flat }))];
}

function assetRow(venue: Venue, account: AccountSummary, coin: CoinSummary): Row {
  const free = money(freeOf(account, coin));
  const wallet = venue.live.wallets[coin.coin] ?? '0';
  return {
    asset: coin.coin,
    walletBalance: wallet,
    unrealizedProfit: money(coin.unrealised),
    marginBalance: money(coin.wallet + coin.unrealised),
    maintMargin: money(coin.maintenance),
    initialMargin: money(coin.positionInitial + coin.orderInitial),
    positionInitialMargin: money(coin.positionInitial),
    openOrderInitialMargin: money(coin.orderInitial),
    crossWalletBalance: wallet,
    crossUnPnl: money(coin.unrealised),
    availableBalance: free,
    maxWithdrawAmount: money(Math.min(Number(free), Math.max(0, coin.wallet))),
    marginAvailable: true,
    updateTime: venue.live.nowMs,
  };
}

function account(version: 2 | 3): (context: CallContext) => Reply {
  return ({ venue }) => {
    const summary = summarize(venue);
    // The totals are those of the one asset that the contracts settle in.
    const usdt = assetsOf(venue, summary).find((coin) => coin.coin === 'USDT');
    const of = (value: (coin: CoinSummary) => number) => money(usdt ? value(usdt) : 0);
    const wallet = of((coin) => coin.wallet);
    const unrealised = of((coin) => coin.unrealised);
    return ok({
      ...(version === 2 ? { feeTier: 0, canTrade: true, canDeposit: true, canWithdraw: true } : {}),
      multiAssetsMargin: false,
      updateTime: 0,
      totalInitialMargin: of((coin) => coin.positionInitial + coin.orderInitial),
      totalMaintMargin: of((coin) => coin.maintenance),
      totalWalletBalance: wallet,
      totalUnrealizedProfit: unrealised,
      totalMarginBalance: of((coin) => coin.wallet + coin.unrealised),
      totalPositionInitialMargin: of((coin) => coin.positionInitial),
      totalOpenOrderInitialMargin: of((coin) => coin.orderInitial),
      totalCrossWalletBalance: wallet,
      totalCrossUnPnl: unrealised,
      availableBalance: of((coin) => freeOf(summary, coin)),
      maxWithdrawAmount: of((coin) => Math.min(freeOf(summary, coin), Math.max(0, coin.wallet))),
      assets: assetsOf(venue, summary).map((coin) => assetRow(venue, summary, coin)),
      positions: positionRows(venue, summary, version === 2).map(accountPosition),
    });
  };
}

/** The account spells the profit of a position differently from the position. */
function accountPosition(row: Row): Row {
  const { unRealizedProfit, ...rest } = row;
  return { ...rest, unrealizedProfit: unRealizedProfit ?? '0', isolated: false };
}

function balance({ venue }: CallContext): Reply {
  const summary = summarize(venue);
  return ok(
    assetsOf(venue, summary).map((coin): Row => {
      const row = assetRow(venue, summary, coin);
      return { accountAlias: 'simulated', ...row, balance: row['walletBalance'] ?? '0' };
    }),
  );
}

function accountConfig({ venue }: CallContext): Reply {
  return ok({
    feeTier: 0,
    canTrade: true,
    canDeposit: true,
    canWithdraw: true,
    dualSidePosition: venue.live.positionMode === 'hedge',
    multiAssetsMargin: false,
    tradeGroupId: -1,
    updateTime: 0,
  });
}

function commissionRate(context: CallContext): Reply {
  const instrument = named(context, 'linear');
  if (instrument === undefined) return unknownSymbol;
  return ok({
    symbol: instrument.symbol,
    makerCommissionRate: instrument.makerFeeRate,
    takerCommissionRate: instrument.takerFeeRate,
  });
}

const read = { method: 'GET', permission: 'read', weight: 5 } as const;

export const accountCalls: readonly Call[] = [
  { ...read, path: '/fapi/v3/account', answer: account(3) },
  { ...read, path: '/fapi/v2/account', answer: account(2) },
  { ...read, path: '/fapi/v3/balance', answer: balance },
  { ...read, path: '/fapi/v2/balance', answer: balance },
  { ...read, path: '/fapi/v1/accountConfig', answer: accountConfig },
  { ...read, path: '/fapi/v1/commissionRate', weight: 20, answer: commissionRate },
  { ...read, path: '/fapi/v1/feeBurn', weight: 30, answer: () => ok({ feeBurn: false }) },
];

/**
 * The unified wallet: balances, fee rates, collateral ratios and the transaction log.
 */
import { summarize } from '../core/account.ts';
import type { BalanceChange } from '../core/entries.ts';
import { instrumentsNow } from '../core/quotes.ts';
import type { Venue } from '../core/venue.ts';
import type { Row } from '../http/json.ts';
import { text } from '../http/request.ts';
import { within } from '../http/window.ts';
import { type Call, type CallContext, categoryOf } from './call.ts';
import { page, windowOf } from './paging.ts';
import { failed, ok, type Reply } from './reply.ts';

const dayMs = 86_400_000;

function walletBalance({ venue, parameters }: CallContext): Reply {
  if (text(parameters, 'accountType') !== 'UNIFIED')
    return failed(10001, 'accountType only support UNIFIED.');
  const account = summarize(venue);
  const wanted = text(parameters, 'coin');
  const asked = wanted === '' ? null : new Set(wanted.split(','));
  const usd = (value: number) => value.toFixed(8);
  const rate = (margin: number) =>
    account.marginBalanceUsd > 0 ? (margin / account.marginBalanceUsd).toFixed(6) : '';
  const coins = account.coins
    .filter((c) => (asked === null ? c.wallet !== 0 || c.unrealised !== 0 : asked.has(c.coin)))
    .map((c) => ({
      coin: c.coin,
      walletBalance: venue.live.wallets[c.coin] ?? '0',
      equity: usd(c.wallet + c.unrealised),
      usdValue: usd((c.wallet + c.unrealised) * c.usdIndex),
      unrealisedPnl: usd(c.unrealised),
      cumRealisedPnl: venue.live.realisedCum[c.coin] ?? '0',
      borrowAmount: c.wallet < 0 ? usd(-c.wallet) : '0',
      spotBorrow: '0',
      accruedInterest: '0',
      availableToBorrow: '',
      availableToWithdraw: '',
      locked: usd(c.locked),
      totalOrderIM: usd(c.orderInitial),
      totalPositionIM: usd(c.positionInitial),
      totalPositionMM: usd(c.maintenance),
      bonus: '0',
      collateralSwitch: true,
      marginCollateral: c.collateralRatio > 0,
      spotHedgingQty: '0',
    }));
  return ok({
    list: [
      {
        accountType: 'UNIFIED',
        totalEquity: usd(account.equityUsd),
        totalWalletBalance: usd(account.walletUsd),
        totalMarginBalance: usd(account.marginBalanceUsd),
        totalAvailableBalance: usd(account.availableUsd),
        totalPerpUPL: usd(account.unrealisedUsd),
        totalInitialMargin: usd(account.initialMarginUsd),
        totalMaintenanceMargin: usd(account.maintenanceMarginUsd),
        accountIMRate: rate(account.initialMarginUsd),
        accountMMRate: rate(account.maintenanceMarginUsd),
        accountLTV: '0',
        coin: coins,
      },
    ],
  });
}

function feeRate({ venue, parameters }: CallContext): Reply {
  const category = categoryOf(parameters) ?? 'linear';
  const symbol = text(parameters, 'symbol');
  const list = instrumentsNow(venue)
    .filter((i) => i.category === category && (symbol === '' || i.symbol === symbol))
    .map((i) => ({
      symbol: i.symbol,
      takerFeeRate: i.takerFeeRate,
      makerFeeRate: i.makerFeeRate,
    }));
  return ok({ category, list });
}

function collateralRow(venue: Venue, coin: string): Row {
  const ratio = venue.settings.collateralRatios[coin] ?? 0;
  return {
    currency: coin,
    hourlyBorrowRate: '0',
    maxBorrowingAmount: '0',
    freeBorrowingLimit: '',
    freeBorrowAmount: '',
    borrowAmount: '0',
    otherBorrowAmount: '0',
    availableToBorrow: '0',
    borrowable: false,
    borrowUsageRate: '0',
    marginCollateral: ratio > 0,
    collateralSwitch: ratio > 0,
    collateralRatio: String(ratio),
  };
}

function collateralInfo({ venue, parameters }: CallContext): Reply {
  const wanted = text(parameters, 'currency');
  const coins = venue.market.coins.filter((coin) => wanted === '' || coin === wanted);
  return ok({ list: coins.map((coin) => collateralRow(venue, coin)) });
}

function collateralTiers({ venue, parameters }: CallContext): Reply {
  const wanted = text(parameters, 'currency');
  const coins = venue.market.coins.filter((coin) => wanted === '' || coin === wanted);
  const list = coins.map((coin) => ({
    currency: coin,
    collateralRatioList: [
      {
        minQty: '0',
        maxQty: '',
        collateralRatio: String(venue.settings.collateralRatios[coin] ?? 0),
      },
    ],
  }));
  return ok({ list });
}

/** Bybit's types; it documents none for the yield of a flexible saving, so that one is ours. */
const logTypes: Readonly<Record<BalanceChange['cause'], string>> = {
  deposit: 'TRANSFER_IN',
  withdrawal: 'TRANSFER_OUT',
  trade: 'TRADE',
  funding: 'SETTLEMENT',
  stake: 'FLEXIBLE_STAKING_SUBSCRIPTION',
  redeem: 'FLEXIBLE_STAKING_REDEMPTION',
  yield: 'FLEXIBLE_STAKING_YIELD',
  liquidation: 'LIQUIDATION',
  adl: 'ADL',
  delivery: 'DELIVERY',
  transfer: 'TRANSFER_IN',
};

function logRow(venue: Venue, change: BalanceChange & { readonly atMs: number }): Row {
  const execution = venue.history.executionsById.get(change.execId ?? '');
  const isFunding = change.cause === 'funding';
  return {
    id: change.id,
    symbol: execution?.symbol ?? '',
    category: execution?.category ?? '',
    side: execution?.side ?? 'None',
    transactionTime: String(change.atMs),
    type: logTypes[change.cause],
    qty: execution?.quantity ?? change.cashFlow,
    size: change.positionAfter ?? '0',
    currency: change.coin,
    tradePrice: execution?.price ?? '',
    funding: isFunding ? change.funding : '',
    fee: change.fee,
    cashFlow: change.cashFlow,
    change: change.change,
    cashBalance: change.balanceAfter,
    feeRate: execution?.feeRate ?? '',
    bonusChange: '',
    tradeId: execution?.execId ?? '',
    orderId: execution?.orderId ?? change.reference ?? '',
    orderLinkId: execution?.orderLinkId ?? '',
    extraFees: '',
  };
}

function transactionLog({ venue, parameters, lagMs }: CallContext): Reply {
  const window = windowOf(parameters, venue.live.nowMs, dayMs);
  if ('retCode' in window) return window;
  const coin = text(parameters, 'currency');
  const category = text(parameters, 'category');
  const type = text(parameters, 'type');
  const visibleMs = venue.live.nowMs - lagMs;
  const visible = { fromMs: window.fromMs, toMs: Math.min(window.toMs, visibleMs) };
  const rows = within(venue.history.balances, visible, (change) => change.atMs)
    .filter((change) => coin === '' || change.coin === coin)
    .map((change) => logRow(venue, change))
    .filter(
      (row) =>
        (category === '' || row['category'] === category) && (type === '' || row['type'] === type),
    );
  const found = page(rows, parameters, { standard: 20, most: 50 });
  if ('retCode' in found) return found;
  return ok({ list: found.rows, nextPageCursor: found.nextPageCursor });
}

export const accountCalls: readonly Call[] = [
  { method: 'GET', path: '/v5/account/wallet-balance', permission: 'read', answer: walletBalance },
  { method: 'GET', path: '/v5/account/fee-rate', permission: 'read', answer: feeRate },
  {
    method: 'GET',
    path: '/v5/account/collateral-info',
    permission: 'read',
    answer: collateralInfo,
  },
  {
    method: 'GET',
    path: '/v5/spot-margin-trade/collateral',
    permission: 'public',
    answer: collateralTiers,
  },
  {
    method: 'GET',
    path: '/v5/account/transaction-log',
    permission: 'read',
    answer: transactionLog,
  },
];

/**
 * Flexible saving: products, subscriptions and redemptions, positions, and the yield by day and by hour.
 */
import Big from 'big.js';
import { placeEarnOrder } from '../core/earn.ts';
import type { EarnOrder, YieldEvent } from '../core/entries.ts';
import { isRefusal } from '../core/refusal.ts';
import type { Row } from '../http/json.ts';
import { text } from '../http/request.ts';
import { within } from '../http/window.ts';
import type { Call, CallContext } from './call.ts';
import { page, windowOf } from './paging.ts';
import { failed, ok, type Reply, refused } from './reply.ts';

const weekMs = 7 * 86_400_000;

function onlyFlexible(parameters: CallContext['parameters']): Reply | null {
  const category = text(parameters, 'category');
  return category === 'FlexibleSaving' ? null : failed(180001, `Invalid parameter: ${category}`);
}

function products({ venue, parameters }: CallContext): Reply {
  if (onlyFlexible(parameters) !== null) return ok({ list: [] });
  const coin = text(parameters, 'coin');
  const list = venue.market.earnProducts
    .filter((product) => coin === '' || product.coin === coin)
    .map((product): Row => {
      const apr = venue.market.earnAprAt(product.productId, venue.live.nowMs);
      return {
        category: 'FlexibleSaving',
        estimateApr: apr === undefined ? '' : `${new Big(apr).times(100).round(6).toFixed()}%`,
        coin: product.coin,
        minStakeAmount: product.stakeMin,
        maxStakeAmount: product.stakeMax,
        precision: String(product.precision),
        productId: product.productId,
        status: apr === undefined ? 'NotAvailable' : 'Available',
        bonusEvents: [],
        minRedeemAmount: '',
        maxRedeemAmount: '',
        duration: 'Flexible',
        term: 0,
        swapCoin: '',
        swapCoinPrecision: '',
        stakeExchangeRate: '',
        redeemExchangeRate: '',
        rewardDistributionType: '',
        rewardIntervalMinute: 60,
        redeemProcessingMinute: String(product.redemptionMs / 60_000),
        stakeTime: '',
        interestCalculationTime: '',
      };
    });
  return ok({ list });
}

function place({ venue, parameters }: CallContext): Reply {
  const fault = onlyFlexible(parameters);
  if (fault !== null) return fault;
  const orderType = text(parameters, 'orderType');
  if (orderType !== 'Stake' && orderType !== 'Redeem')
    return failed(180001, `Invalid parameter: orderType ${orderType}`);
  if (text(parameters, 'accountType') !== 'UNIFIED')
    return failed(180016, 'the simulated account has only a UNIFIED wallet');
  const placed = placeEarnOrder(venue, {
    productId: text(parameters, 'productId'),
    coin: text(parameters, 'coin'),
    orderType,
    amount: text(parameters, 'amount'),
    orderLinkId: text(parameters, 'orderLinkId'),
  });
  if (isRefusal(placed)) return refused(placed);
  return ok({ orderId: placed.orderId, orderLinkId: placed.orderLinkId });
}

function earnOrderRow(order: EarnOrder): Row {
  return {
    coin: order.coin,
    orderValue: order.amount,
    orderType: order.orderType,
    orderId: order.orderId,
    orderLinkId: order.orderLinkId,
    status: order.status,
    createdAt: String(order.createdMs),
    productId: order.productId,
    updatedAt: String(order.updatedMs),
    swapOrderValue: '',
    estimateRedeemTime: order.orderType === 'Redeem' ? String(order.dueMs) : '',
    estimateStakeTime: '',
  };
}

function orders({ venue, parameters, lagMs }: CallContext): Reply {
  const fault = onlyFlexible(parameters);
  if (fault !== null) return fault;
  const window = windowOf(parameters, venue.live.nowMs, weekMs);
  if ('retCode' in window) return window;
  const is = (name: string, value: string) =>
    text(parameters, name) === '' || text(parameters, name) === value;
  const rows = [...venue.history.earnOrders.values()].filter(
    (order) =>
      order.createdMs >= window.fromMs &&
      order.createdMs <= Math.min(window.toMs, venue.live.nowMs - lagMs) &&
      is('orderId', order.orderId) &&
      is('orderLinkId', order.orderLinkId) &&
      is('productId', order.productId),
  );
  const found = page(rows, parameters, { standard: 50, most: 100 });
  if ('retCode' in found) return found;
  return ok({ list: found.rows.map(earnOrderRow), nextPageCursor: found.nextPageCursor });
}

function positions({ venue, parameters }: CallContext): Reply {
  const fault = onlyFlexible(parameters);
  if (fault !== null) return fault;
  const coin = text(parameters, 'coin');
  const productId = text(parameters, 'productId');
  const list = venue.market.earnProducts
    .filter(
      (p) => (coin === '' || p.coin === coin) && (productId === '' || p.productId === productId),
    )
    .flatMap((product): Row[] => {
      const stake = venue.live.stakes[product.productId];
      if (stake === undefined) return [];
      return [
        {
          coin: product.coin,
          productId: product.productId,
          amount: stake.amount,
          totalPnl: stake.yieldCum,
          claimableYield: stake.claimable,
          id: '',
          status: '',
          orderId: '',
          estimateRedeemTime: '',
          estimateStakeTime: '',
          estimateInterestCalculationTime: '',
          settlementTime: '',
        },
      ];
    });
  return ok({ list });
}

function yields(event: YieldEvent['event'], listName: string): (context: CallContext) => Reply {
  return ({ venue, parameters }) => {
    const fault = onlyFlexible(parameters);
    if (fault !== null) return fault;
    const window = windowOf(parameters, venue.live.nowMs, weekMs);
    if ('retCode' in window) return window;
    const productId = text(parameters, 'productId');
    const rows = within(venue.history.yields, window, (entry) => entry.atMs).filter(
      (entry) => entry.event === event && (productId === '' || entry.productId === productId),
    );
    const found = page(rows, parameters, { standard: 50, most: 100 });
    if ('retCode' in found) return found;
    const list = found.rows.map(
      (entry): Row => ({
        productId: entry.productId,
        coin: entry.coin,
        id: entry.id,
        amount: entry.amount,
        yieldType: 'Normal',
        distributionMode: entry.orderId === '' ? 'Auto' : 'Manual',
        effectiveStakingAmount: entry.stakedAmount,
        orderId: entry.orderId,
        hourlyDate: String(entry.hourMs),
        status: 'Success',
        createdAt: String(entry.atMs),
      }),
    );
    return ok({ [listName]: list, nextPageCursor: found.nextPageCursor });
  };
}

export const earnCalls: readonly Call[] = [
  { method: 'GET', path: '/v5/earn/product', permission: 'public', answer: products },
  { method: 'POST', path: '/v5/earn/place-order', permission: 'earn', answer: place },
  { method: 'GET', path: '/v5/earn/order', permission: 'earn', answer: orders },
  { method: 'GET', path: '/v5/earn/position', permission: 'earn', answer: positions },
  {
    method: 'GET',
    path: '/v5/earn/yield',
    permission: 'earn',
    answer: yields('distributed', 'yield'),
  },
  {
    method: 'GET',
    path: '/v5/earn/hourly-yield',
    permission: 'earn',
    answer: yields('accrued', 'list'),
  },
];

/**
 * Flexible saving: products, positions, subscriptions and redemptions, rewards. None of them has a client id.
 */
import Big from 'big.js';
import { placeEarnOrder } from '../core/earn.ts';
import type { EarnOrder } from '../core/entries.ts';
import { isRefusal } from '../core/refusal.ts';
import type { Venue } from '../core/venue.ts';
import type { Row } from '../http/json.ts';
import { flag, integer, type Parameters, text } from '../http/request.ts';
import { within } from '../http/window.ts';
import type { EarnProduct } from '../market/market.ts';
import type { Call, CallContext } from './call.ts';
import { numberOf } from './ids.ts';
import { failed, missing, ok, type Reply, refused } from './reply.ts';

const dayMs = 86_400_000;

function wanted({ venue, parameters }: CallContext): readonly EarnProduct[] {
  const asset = text(parameters, 'asset');
  const productId = text(parameters, 'productId');
  return venue.market.earnProducts.filter(
    (p) => (asset === '' || p.coin === asset) && (productId === '' || p.productId === productId),
  );
}

function rateOf(venue: Venue, { productId }: EarnProduct): string {
  return new Big(venue.market.earnAprAt(productId, venue.live.nowMs) ?? 0).toFixed(8);
}

function page(rows: readonly Row[], parameters: Parameters): Reply {
  const size = Math.min(integer(parameters, 'size') ?? 10, 100);
  const current = Math.max(1, integer(parameters, 'current') ?? 1);
  return ok({ rows: rows.slice((current - 1) * size, current * size), total: rows.length });
}

function list(context: CallContext): Reply {
  const { venue } = context;
  const rows = wanted(context).map((product): Row => {
    const isOffered = venue.market.earnAprAt(product.productId, venue.live.nowMs) !== undefined;
    return {
      asset: product.coin,
      latestAnnualPercentageRate: rateOf(venue, product),
      tierAnnualPercentageRate: {},
      airDropPercentageRate: '0',
      canPurchase: isOffered,
      canRedeem: true,
      isSoldOut: !isOffered,
      hot: false,
      minPurchaseAmount: product.stakeMin,
      productId: product.productId,
      subscriptionStartTime: String(venue.market.startMs),
      status: isOffered ? 'PURCHASING' : 'END',
    };
  });
  return page(rows, context.parameters);
}

function positions(context: CallContext): Reply {
  const { venue } = context;
  const rows = wanted(context).flatMap((product): Row[] => {
    const stake = venue.live.stakes[product.productId];
    if (stake === undefined || Number(stake.amount) === 0) return [];
    return [
      {
        totalAmount: stake.amount,
        tierAnnualPercentageRate: {},
        latestAnnualPercentageRate: rateOf(venue, product),
        yesterdayAirdropPercentageRate: '0',
        asset: product.coin,
        airDropAsset: '',
        canRedeem: true,
        collateralAmount: '0',
        productId: product.productId,
        yesterdayRealTimeRewards: '0',
        cumulativeBonusRewards: '0',
        cumulativeRealTimeRewards: stake.yieldCum,
        cumulativeTotalRewards: stake.yieldCum,
        autoSubscribe: false,
      },
    ];
  });
  return page(rows, context.parameters);
}

function place(orderType: EarnOrder['orderType'], idName: string): (c: CallContext) => Reply {
  return (context) => {
    const { venue, parameters } = context;
    const productId = text(parameters, 'productId');
    if (productId === '') return missing('productId');
    const product = wanted(context).find((p) => p.productId === productId);
    const isAll = orderType === 'Redeem' && flag(parameters, 'redeemAll');
    const amount = isAll
      ? (venue.live.stakes[productId]?.amount ?? '0')
      : text(parameters, 'amount');
    if (amount === '') return missing('amount');
    const asked = text(parameters, orderType === 'Stake' ? 'sourceAccount' : 'destAccount');
    if (asked !== '' && asked !== 'SPOT') return failed(-6002, 'only the SPOT wallet is simulated');
    const placed = placeEarnOrder(venue, {
      productId,
      coin: product?.coin ?? '',
      orderType,
      amount,
      // The venue has no ids of the client's; the core counts its own.
      orderLinkId: `own-${venue.live.nextId}`,
    });
    if (isRefusal(placed)) return refused(placed);
    return ok({ [idName]: numberOf(placed.orderId), success: true });
  };
}

/** Newest first. */
function records(
  orderType: EarnOrder['orderType'],
  row: (order: EarnOrder) => Row,
): (context: CallContext) => Reply {
  return ({ venue, parameters, lagMs }) => {
    const toMs = Math.min(
      integer(parameters, 'endTime') ?? venue.live.nowMs,
      venue.live.nowMs - lagMs,
    );
    const fromMs = integer(parameters, 'startTime') ?? toMs - 30 * dayMs;
    const is = (name: string, value: string) =>
      text(parameters, name) === '' || text(parameters, name) === value;
    const found = [...venue.history.earnOrders.values()].filter(
      (order) =>
        order.orderType === orderType &&
        order.createdMs >= fromMs &&
        order.createdMs <= toMs &&
        is('asset', order.coin) &&
        is('productId', order.productId) &&
        is(orderType === 'Stake' ? 'purchaseId' : 'redeemId', String(numberOf(order.orderId))),
    );
    return page(found.toReversed().map(row), parameters);
  };
}

const statusOf = ({ status }: EarnOrder): string =>
  status === 'Success' ? 'SUCCESS' : status === 'Fail' ? 'FAILED' : 'PENDING';

const subscriptions = records('Stake', (order) => ({
  amount: order.amount,
  asset: order.coin,
  time: order.createdMs,
  purchaseId: numberOf(order.orderId),
  productId: order.productId,
  type: 'NORMAL',
  sourceAccount: 'SPOT',
  amtFromSpot: order.amount,
  amtFromFunding: '0',
  status: statusOf(order),
}));

const redemptions = records('Redeem', (order) => ({
  amount: order.amount,
  asset: order.coin,
  time: order.createdMs,
  productId: order.productId,
  redeemId: numberOf(order.orderId),
  destAccount: 'SPOT',
  status: statusOf(order),
}));

function rewards({ venue, parameters }: CallContext): Reply {
  const toMs = Math.min(integer(parameters, 'endTime') ?? venue.live.nowMs, venue.live.nowMs);
  const fromMs = integer(parameters, 'startTime') ?? toMs - 7 * dayMs;
  const asset = text(parameters, 'asset');
  const rows = within(venue.history.yields, { fromMs, toMs }, (entry) => entry.atMs)
    .filter((entry) => entry.event === 'distributed' && (asset === '' || entry.coin === asset))
    .map(
      (entry): Row => ({
        asset: entry.coin,
        rewards: entry.amount,
        projectId: entry.productId,
        type: 'REALTIME',
        time: entry.atMs,
      }),
    );
  return page(rows.toReversed(), parameters);
}

function leftQuota(context: CallContext): Reply {
  const product = wanted(context)[0];
  if (product === undefined || text(context.parameters, 'productId') === '')
    return failed(-6001, 'Daily product not exists.');
  const held = context.venue.live.stakes[product.productId]?.amount ?? '0';
  return ok({ leftPersonalQuota: new Big(product.stakeMax).minus(held).toFixed() });
}

const base = '/sapi/v1/simple-earn/flexible';
const read = { method: 'GET', permission: 'read', weight: 150 } as const;
const write = { method: 'POST', permission: 'earn', weight: 1 } as const;

export const earnCalls: readonly Call[] = [
  { ...read, path: `${base}/list`, answer: list },
  { ...read, path: `${base}/position`, answer: positions },
  { ...read, path: `${base}/personalLeftQuota`, answer: leftQuota },
  { ...write, path: `${base}/subscribe`, answer: place('Stake', 'purchaseId') },
  { ...write, path: `${base}/redeem`, answer: place('Redeem', 'redeemId') },
  { ...read, path: `${base}/history/subscriptionRecord`, answer: subscriptions },
  { ...read, path: `${base}/history/redemptionRecord`, answer: redemptions },
  { ...read, path: `${base}/history/rewardsRecord`, answer: rewards },
];

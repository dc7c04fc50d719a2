/**
 * Flexible saving: stake, hourly accrual, daily distribution, redemption after the product's latency.
 *
 * Each full hour a stake accrues amount * apr / 8760 on the least amount held during that hour; at 00:30 UTC what accrued
 * is paid into the wallet. Redeeming takes the principal off at once, pays it out when it is due and cannot be cancelled;
 * redeeming everything pays out what accrued along with it. A stake is no collateral.
 */
import Big from 'big.js';
import type { EarnProduct } from '../market/market.ts';
import { canLose } from './account.ts';
import { isDecimal } from './decimals.ts';
import type { EarnOrder } from './entries.ts';
import { record } from './history.ts';
import { usdIndexNow } from './quotes.ts';
import { type Refusal, refuse } from './refusal.ts';
import { spotCollateralRatio, spotFree } from './spotWallet.ts';
import { nextId, type Stake, type Venue } from './venue.ts';
import { move } from './wallet.ts';

export const hourMs = 3_600_000;
const hoursPerYear = 8760;
const distributionMs = 30 * 60_000;
const dayMs = 24 * hourMs;

export type EarnRequest = {
  readonly productId: string;
  readonly coin: string;
  readonly orderType: 'Stake' | 'Redeem';
  readonly amount: string;
  readonly orderLinkId: string;
};

/** Accepts a subscription or a redemption; a client id works once. */
export function placeEarnOrder(venue: Venue, request: EarnRequest): EarnOrder | Refusal {
  const product = venue.market.earnProducts.find((p) => p.productId === request.productId);
  if (product === undefined || product.coin !== request.coin)
    return refuse('earnProduct', `no product ${request.productId} of ${request.coin}`);
  if (!/^[A-Za-z0-9_-]{1,36}$/.test(request.orderLinkId))
    return refuse('badParameter', 'orderLinkId must be 1-36 of A-Z a-z 0-9 - _');
  if (venue.history.earnLinks.has(request.orderLinkId))
    return refuse('earnDuplicate', `orderLinkId was used: ${request.orderLinkId}`);
  const refusal = amountRefusal(venue, product, request);
  if (refusal !== null) return refusal;
  const order: EarnOrder = {
    orderId: nextId(venue),
    ...request,
    status: 'Pending',
    createdMs: venue.live.nowMs,
    updatedMs: venue.live.nowMs,
    dueMs: venue.live.nowMs + (request.orderType === 'Redeem' ? product.redemptionMs : 0),
  };
  if (order.orderType === 'Stake') stake(venue, order);
  else redeem(venue, order);
  return order;
}

function amountRefusal(
  venue: Venue,
  product: EarnProduct,
  { amount, orderType }: EarnRequest,
): Refusal | null {
  if (!isDecimal(amount) || !new Big(amount).gt(0))
    return refuse('earnAmount', `amount must be positive, was ${amount}`);
  const wanted = new Big(amount);
  const held = new Big(venue.live.stakes[product.productId]?.amount ?? 0);
  if (!wanted.round(product.precision, Big.roundDown).eq(wanted))
    return refuse('earnAmount', `amount has more than ${product.precision} decimals: ${amount}`);
  if (orderType === 'Redeem')
    return wanted.gt(held)
      ? refuse('earnBalance', `staked ${held.toFixed()}, wanted ${amount}`)
      : null;
  if (wanted.lt(product.stakeMin) || held.plus(wanted).gt(product.stakeMax))
    return refuse('earnAmount', `stake between ${product.stakeMin} and ${product.stakeMax}`);
  const free = spotFree(venue, product.coin);
  const lostUsd =
    wanted.toNumber() * usdIndexNow(venue, product.coin) * spotCollateralRatio(venue, product.coin);
  if (wanted.toNumber() > free || !canLose(venue, lostUsd))
    return refuse('earnBalance', `insufficient balance: ${free} ${product.coin}`);
  return null;
}

function stakeOf(venue: Venue, productId: string): Stake {
  const known = venue.live.stakes[productId];
  if (known !== undefined) return known;
  const fresh: Stake = { amount: '0', effective: '0', claimable: '0', yieldCum: '0' };
  venue.live.stakes[productId] = fresh;
  return fresh;
}

function stake(venue: Venue, order: EarnOrder): void {
  const held = stakeOf(venue, order.productId);
  held.amount = new Big(held.amount).plus(order.amount).toFixed();
  order.status = 'Success';
  record(venue, { kind: 'earnOrder', order: { ...order } });
  move(venue, {
    coin: order.coin,
    use: 'spot',
    cause: 'stake',
    cashFlow: new Big(order.amount).neg().toFixed(),
    reference: order.orderId,
  });
}

function redeem(venue: Venue, order: EarnOrder): void {
  const held = stakeOf(venue, order.productId);
  held.amount = new Big(held.amount).minus(order.amount).toFixed();
  if (new Big(held.amount).lt(held.effective)) held.effective = held.amount;
  venue.live.earnPending[order.orderId] = order;
  record(venue, { kind: 'earnOrder', order: { ...order } });
  if (order.dueMs <= venue.live.nowMs) payOut(venue, order);
}

/** First time after which a redemption is due; null where none is pending. */
export function nextRedemptionMs(venue: Venue): number | null {
  const due = Object.values(venue.live.earnPending).map((order) => order.dueMs);
  return due.length === 0 ? null : Math.min(...due);
}

/** Pays out every redemption that is due. */
export function settleRedemptions(venue: Venue): void {
  for (const order of Object.values(venue.live.earnPending))
    if (order.dueMs <= venue.live.nowMs) payOut(venue, order);
}

function payOut(venue: Venue, order: EarnOrder): void {
  delete venue.live.earnPending[order.orderId];
  order.status = 'Success';
  order.updatedMs = venue.live.nowMs;
  record(venue, { kind: 'earnOrder', order: { ...order } });
  move(venue, {
    coin: order.coin,
    use: 'spot',
    cause: 'redeem',
    cashFlow: order.amount,
    reference: order.orderId,
  });
  const held = stakeOf(venue, order.productId);
  if (new Big(held.amount).eq(0)) distribute(venue, order.productId, order.orderId);
}

/** Next full hour or distribution after a time, while anything is staked or accrued; else null. */
export function nextYieldMs(venue: Venue, afterMs: number): number | null {
  const active = Object.values(venue.live.stakes).some(
    (held) => new Big(held.amount).gt(0) || new Big(held.claimable).gt(0),
  );
  if (!active) return null;
  const hour = (Math.floor(afterMs / hourMs) + 1) * hourMs;
  const payday = (Math.floor((afterMs - distributionMs) / dayMs) + 1) * dayMs + distributionMs;
  return Math.min(hour, payday);
}

/** Accrues at full hours and distributes at 00:30 UTC. */
export function settleYields(venue: Venue): void {
  const { nowMs } = venue.live;
  for (const productId of Object.keys(venue.live.stakes)) {
    if (nowMs % hourMs === 0) accrue(venue, productId);
    if (nowMs % dayMs === distributionMs) distribute(venue, productId, '');
  }
}

function accrue(venue: Venue, productId: string): void {
  const held = stakeOf(venue, productId);
  const effective = held.effective;
  held.effective = held.amount;
  const apr = venue.market.earnAprAt(productId, venue.live.nowMs);
  if (apr === undefined || !new Big(effective).gt(0)) return;
  const amount = new Big(effective).times(apr).div(hoursPerYear).round(8, Big.roundDown);
  if (!amount.gt(0)) return;
  held.claimable = new Big(held.claimable).plus(amount).toFixed();
  recordYield(venue, productId, {
    event: 'accrued',
    amount: amount.toFixed(),
    staked: effective,
    apr,
  });
}

function distribute(venue: Venue, productId: string, orderId: string): void {
  const held = stakeOf(venue, productId);
  const amount = held.claimable;
  if (!new Big(amount).gt(0)) return;
  held.claimable = '0';
  held.yieldCum = new Big(held.yieldCum).plus(amount).toFixed();
  const apr = venue.market.earnAprAt(productId, venue.live.nowMs) ?? 0;
  const id = recordYield(venue, productId, {
    event: 'distributed',
    amount,
    staked: held.amount,
    apr,
    orderId,
  });
  const coin = coinOf(venue, productId);
  move(venue, { coin, use: 'spot', cause: 'yield', cashFlow: amount, reference: id });
}

function recordYield(
  venue: Venue,
  productId: string,
  y: {
    readonly event: 'accrued' | 'distributed';
    readonly amount: string;
    readonly staked: string;
    readonly apr: number;
    readonly orderId?: string;
  },
): string {
  const id = nextId(venue);
  record(venue, {
    kind: 'yield',
    id,
    event: y.event,
    productId,
    coin: coinOf(venue, productId),
    amount: y.amount,
    stakedAmount: y.staked,
    aprAnnual: y.apr,
    hourMs: Math.floor(venue.live.nowMs / hourMs) * hourMs,
    orderId: y.orderId ?? '',
  });
  return id;
}

function coinOf(venue: Venue, productId: string): string {
  return venue.market.earnProducts.find((p) => p.productId === productId)?.coin ?? '';
}

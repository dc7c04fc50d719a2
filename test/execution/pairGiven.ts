/** Given for tests of half-done pairs: a carry of two ether, its instruments and attempts of its halves. */
import { decimal } from '../../src/domain/decimal.ts';
import { readClientOrderId, rebalanceId } from '../../src/domain/ids.ts';
import type { OrderRecord, PlannedOrder } from '../../src/domain/order.ts';
import { alpha } from '../rebalance/legsGiven.ts';
import { instrumentOf, nowMs } from '../rebalance/snapshotWorld.ts';

export const spotInstrument = instrumentOf(alpha, 'ETH/USDT');
export const perpetualInstrument = instrumentOf(alpha, 'ETH/USDT:USDT');

export const half = (
  instrument: typeof spotInstrument,
  action: 'buy' | 'sell',
  reduceOnly: boolean,
): PlannedOrder => ({
  instrument: instrument.id,
  venue: alpha,
  symbol: instrument.symbol,
  action,
  style: 'ioc',
  quantityBase: decimal('2'),
  limitPrice: decimal(action === 'buy' ? '2506.25' : '2493.75'),
  decisionPrice: 2_500,
  notionalUsd: 5_000,
  reduceOnly,
  risk: 'increases',
  stage: 0,
  pair: 'eth-carry:0',
  slice: 3,
});
export const spot = half(spotInstrument, 'buy', false);
export const perpetual = half(perpetualInstrument, 'sell', false);

/** An attempt of it that ended with so much filled. */
export const attempted = (
  order: PlannedOrder,
  filled: string,
  action = order.action,
): OrderRecord => ({
  clientOrderId: readClientOrderId(`${order.symbol}${action}`),
  portfolio: 'test',
  rebalanceId: rebalanceId('one'),
  instrument: order.instrument,
  venue: alpha,
  symbol: order.symbol,
  action,
  timeInForce: 'ioc',
  quantityBase: order.quantityBase,
  limitPrice: order.limitPrice,
  decisionPrice: order.decisionPrice,
  reduceOnly: order.reduceOnly,
  slice: order.slice,
  attempt: 0,
  purpose: 'plan',
  state: 'cancelled',
  venueOrderId: null,
  filledBase: decimal(filled),
  reason: null,
  intendedAtMs: nowMs,
  sentAtMs: nowMs,
  ackedAtMs: nowMs,
  endedAtMs: nowMs,
});

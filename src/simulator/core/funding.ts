/**
 * Funding at its settlement stamps: cash = -signed quantity * mark at the stamp * rate, from longs to shorts.
 */
import Big from 'big.js';
import type { SimulatedInstrument } from '../market/market.ts';
import { money } from './decimals.ts';
import type { Execution } from './entries.ts';
import { record } from './history.ts';
import { findInstrument, markNow } from './quotes.ts';
import { nextId, type Venue } from './venue.ts';
import { move } from './wallet.ts';

/** First settlement after a time, over the contracts that are held; null where none is. */
export function nextFundingMs(venue: Venue, afterMs: number): number | null {
  let next: number | null = null;
  for (const [symbol, position] of Object.entries(venue.live.positions)) {
    if (new Big(position.quantity).eq(0)) continue;
    const interval = findInstrument(venue, 'linear', symbol)?.fundingIntervalMs ?? 0;
    if (interval <= 0) continue;
    const stamp = (Math.floor(afterMs / interval) + 1) * interval;
    if (next === null || stamp < next) next = stamp;
  }
  return next;
}

/** Rate of a settlement, an injected one first; undefined where none is known. */
export function fundingRateAt(
  venue: Venue,
  instrument: SimulatedInstrument,
  stampMs: number,
): number | undefined {
  const injected = venue.live.fundingOverrides.findLast(
    (o) => o.symbol === instrument.symbol && stampMs > o.fromMs && stampMs <= o.untilMs,
  );
  return injected?.rate ?? venue.market.fundingRate(instrument.symbol, stampMs);
}

/** Settles every held contract whose interval ends exactly now. */
export function settleFunding(venue: Venue): void {
  const stampMs = venue.live.nowMs;
  for (const [symbol, position] of Object.entries(venue.live.positions)) {
    const instrument = findInstrument(venue, 'linear', symbol);
    const quantity = new Big(position.quantity);
    if (instrument === undefined || quantity.eq(0)) continue;
    if (instrument.fundingIntervalMs <= 0 || stampMs % instrument.fundingIntervalMs !== 0) continue;
    const rate = fundingRateAt(venue, instrument, stampMs);
    if (rate === undefined) continue;
    settle(venue, instrument, quantity, rate);
  }
}

function settle(venue: Venue, instrument: SimulatedInstrument, quantity: Big, rate: number): void {
  const mark = new Big(markNow(venue, instrument));
  const value = quantity.abs().times(mark);
  const paid = money(quantity.times(mark).times(rate));
  const execution: Execution = {
    execId: nextId(venue),
    execType: 'Funding',
    orderId: `funding-${venue.live.nowMs}`,
    orderLinkId: '',
    orderType: 'Market',
    category: 'linear',
    symbol: instrument.symbol,
    side: quantity.gt(0) ? 'Buy' : 'Sell',
    price: mark.toFixed(),
    quantity: quantity.abs().toFixed(),
    value: value.toFixed(),
    fee: paid,
    feeCoin: instrument.quoteCoin,
    feeRate: new Big(rate).toFixed(),
    isMaker: false,
    execTimeMs: venue.live.nowMs,
    execPnl: '0',
    closedQuantity: '0',
    leavesQuantity: '0',
    orderPrice: '0',
    orderQuantity: '0',
    markPrice: mark.toFixed(),
  };
  record(venue, {
    kind: 'funding',
    settlementMs: venue.live.nowMs,
    positionQuantity: quantity.toFixed(),
    ...execution,
  });
  move(venue, {
    coin: instrument.quoteCoin,
    cause: 'funding',
    funding: new Big(paid).neg().toFixed(),
    execId: execution.execId,
    positionAfter: quantity.toFixed(),
  });
}

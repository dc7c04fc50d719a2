/**
 * One fill of an order: execution, fee, wallets, position, order.
 *
 * Contracts: realised profit less fee goes into the wallet of the settlement coin. Spot: both coins move; a buyer pays the
 * fee in the base coin and a seller in the quote coin, as Bybit does.
 */
import Big from 'big.js';
import type { SimulatedInstrument } from '../market/market.ts';
import { money, toGrid } from './decimals.ts';
import type { Execution, Order } from './entries.ts';
import { record, recordOrder } from './history.ts';
import { trade } from './position.ts';
import { markNow } from './quotes.ts';
import { nextId, type Venue } from './venue.ts';
import { move } from './wallet.ts';

type Fill = {
  readonly price: string;
  readonly quantity: string;
  readonly isMaker: boolean;
  readonly execType?: 'BustTrade' | 'AdlTrade' | 'Delivery';
};

/** Books a fill; the caller has made sure that the order has that much left. */
export function fill(
  venue: Venue,
  order: Order,
  instrument: SimulatedInstrument,
  { price, quantity, isMaker, execType }: Fill,
): void {
  const value = new Big(price).times(quantity);
  const rate = isMaker ? instrument.makerFeeRate : instrument.takerFeeRate;
  const buysSpot = instrument.category === 'spot' && order.side === 'Buy';
  const fee = money(new Big(buysSpot ? quantity : value).times(rate));
  const feeCoin = buysSpot ? instrument.baseCoin : instrument.quoteCoin;
  const filled = new Big(order.filledQuantity).plus(quantity);
  order.filledQuantity = filled.toFixed();
  order.filledValue = new Big(order.filledValue).plus(value).toFixed();
  order.fees[feeCoin] = new Big(order.fees[feeCoin] ?? 0).plus(fee).toFixed();
  order.status = filled.gte(order.quantity) ? 'Filled' : 'PartiallyFilled';
  order.updatedMs = venue.live.nowMs;
  const execution: Execution = {
    execId: nextId(venue),
    execType: execType ?? 'Trade',
    orderId: order.orderId,
    orderLinkId: order.orderLinkId,
    orderType: order.orderType,
    category: order.category,
    symbol: order.symbol,
    side: order.side,
    price,
    quantity,
    value: value.toFixed(),
    fee,
    feeCoin,
    feeRate: rate,
    isMaker,
    execTimeMs: venue.live.nowMs,
    execPnl: '0',
    closedQuantity: '0',
    leavesQuantity: new Big(order.quantity).minus(filled).toFixed(),
    orderPrice: order.price,
    orderQuantity: order.quantity,
    markPrice: toGrid(markNow(venue, instrument), instrument.tickSize, 'nearest'),
  };
  if (instrument.category === 'linear') fillContract(venue, instrument, execution);
  else fillSpot(venue, instrument, execution);
  recordOrder(venue, 'filled', order);
}

function fillContract(venue: Venue, instrument: SimulatedInstrument, execution: Execution): void {
  const { symbol, quoteCoin } = instrument;
  const held = venue.live.positions[symbol] ?? {
    quantity: '0',
    entryValue: '0',
    realisedCum: '0',
    createdMs: venue.live.nowMs,
    updatedMs: venue.live.nowMs,
  };
  const after = trade(held, execution.side, execution.price, execution.quantity);
  const net = new Big(after.realised).minus(execution.fee);
  venue.live.positions[symbol] = {
    quantity: after.quantity,
    entryValue: after.entryValue,
    realisedCum: new Big(held.realisedCum).plus(net).toFixed(),
    createdMs: held.createdMs,
    updatedMs: venue.live.nowMs,
  };
  venue.live.realisedCum[quoteCoin] = new Big(venue.live.realisedCum[quoteCoin] ?? 0)
    .plus(after.realised)
    .toFixed();
  record(venue, {
    kind: 'fill',
    ...execution,
    execPnl: after.realised,
    closedQuantity: after.closed,
  });
  move(venue, {
    coin: quoteCoin,
    cause: causeOf(execution),
    cashFlow: after.realised,
    fee: execution.fee,
    execId: execution.execId,
    positionAfter: after.quantity,
  });
}

function causeOf(execution: Execution): 'trade' | 'liquidation' | 'adl' | 'delivery' {
  if (execution.execType === 'BustTrade') return 'liquidation';
  if (execution.execType === 'Delivery') return 'delivery';
  return execution.execType === 'AdlTrade' ? 'adl' : 'trade';
}

function fillSpot(venue: Venue, instrument: SimulatedInstrument, execution: Execution): void {
  const { baseCoin, quoteCoin } = instrument;
  const buys = execution.side === 'Buy';
  const { execId, quantity, value, fee } = execution;
  record(venue, { kind: 'fill', ...execution });
  move(venue, {
    coin: baseCoin,
    use: 'spot',
    cause: 'trade',
    cashFlow: buys ? quantity : negative(quantity),
    fee: buys ? fee : '0',
    execId,
  });
  move(venue, {
    coin: quoteCoin,
    use: 'spot',
    cause: 'trade',
    cashFlow: buys ? negative(value) : value,
    fee: buys ? '0' : fee,
    execId,
  });
}

function negative(amount: string): string {
  return new Big(amount).neg().toFixed();
}

/**
 * The other side of every trade: a book generated from the quote, the same for the same quote.
 *
 * Fifty levels a side from the touch outwards, a basis point apart at first and wider further out, quantity growing by
 * level, scaled so that the notional within 10 bps of the middle is the quote's depth. What was taken from a side stays
 * taken until the book refreshes, so a second order right after the first pays more.
 */
import Big from 'big.js';
import type { Quote, SimulatedInstrument } from '../market/market.ts';
import { decimalsOf, toGrid } from './decimals.ts';
import type { Side } from './entries.ts';
import type { Venue } from './venue.ts';

export type Level = { readonly price: string; readonly quantity: string };

const levelCount = 50;
const depthBps = 10;

/** Best bid and ask of the generated book, at least a tick apart. */
export function touch(
  quote: Quote,
  instrument: SimulatedInstrument,
): { readonly bid: string; readonly ask: string } {
  const half = quote.spreadBps / 2e4;
  const tick = instrument.tickSize;
  const bid = toGrid(quote.last * (1 - half), tick, 'floor');
  const ask = toGrid(quote.last * (1 + half), tick, 'ceil');
  if (Number(ask) > Number(bid)) return { bid, ask };
  return { bid, ask: toGrid(Number(bid) + Number(tick), tick, 'nearest') };
}

/** Levels of one side, best first: 'Sell' are the asks that a buyer takes. */
export function levels(
  quote: Quote,
  instrument: SimulatedInstrument,
  side: Side,
  count: number = levelCount,
): readonly Level[] {
  const { bid, ask } = touch(quote, instrument);
  const sign = side === 'Sell' ? 1 : -1;
  const best = Number(side === 'Sell' ? ask : bid);
  const unit = unitQuantity(quote, best, sign);
  const decimals = decimalsOf(instrument.quantityStep);
  const found: { price: string; quantity: number }[] = [];
  for (let i = 0; i < count; i += 1) {
    const price = toGrid(
      best * (1 + (sign * offsetBps(i)) / 1e4),
      instrument.tickSize,
      sign > 0 ? 'ceil' : 'floor',
    );
    if (Number(price) <= 0) break;
    const quantity = Number(toGrid(unit * weight(i), instrument.quantityStep, 'floor'));
    const previous = found.at(-1);
    if (previous?.price === price) previous.quantity += quantity;
    else found.push({ price, quantity });
  }
  return found.map(({ price, quantity }) => ({
    price,
    quantity: Math.max(quantity, Number(instrument.quantityStep)).toFixed(decimals),
  }));
}

/** Base quantity of weight one, such that the levels within 10 bps of the middle hold the depth. */
function unitQuantity(quote: Quote, best: number, sign: number): number {
  const limit = quote.last * (1 + (sign * depthBps) / 1e4);
  let notional = best;
  for (let i = 1; i < levelCount; i += 1) {
    const price = best * (1 + (sign * offsetBps(i)) / 1e4);
    if (sign * (price - limit) > 0) break;
    notional += weight(i) * price;
  }
  return quote.depthUsd / notional;
}

function offsetBps(level: number): number {
  return level + 0.5 * Math.max(0, level - 20) ** 2;
}

function weight(level: number): number {
  return 1 + level / 4;
}

/** Levels of a side now, without what was taken since the last refresh. */
export function availableLevels(
  venue: Venue,
  quote: Quote,
  instrument: SimulatedInstrument,
  side: Side,
): readonly Level[] {
  const taken = venue.live.taken[takenKey(instrument, side)];
  const all = levels(quote, instrument, side);
  if (taken === undefined || venue.live.nowMs - taken.atMs >= venue.settings.bookRefreshMs)
    return all;
  let gone = new Big(taken.quantity);
  const left: Level[] = [];
  for (const level of all) {
    if (gone.gte(level.quantity)) gone = gone.minus(level.quantity);
    else {
      left.push({ price: level.price, quantity: new Big(level.quantity).minus(gone).toFixed() });
      gone = new Big(0);
    }
  }
  return left;
}

/** Remembers what a taker took from a side. */
export function take(
  venue: Venue,
  instrument: SimulatedInstrument,
  side: Side,
  quantity: string,
): void {
  const key = takenKey(instrument, side);
  const before = venue.live.taken[key];
  const fresh =
    before === undefined || venue.live.nowMs - before.atMs >= venue.settings.bookRefreshMs;
  venue.live.taken[key] = fresh
    ? { quantity, atMs: venue.live.nowMs }
    : { quantity: new Big(before.quantity).plus(quantity).toFixed(), atMs: before.atMs };
}

function takenKey(instrument: SimulatedInstrument, side: Side): string {
  return `${instrument.category}:${instrument.symbol}:${side}`;
}

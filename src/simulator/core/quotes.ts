/**
 * The market as the venue sees it now: its quotes and indices with the injected shocks on top, and its terms as changed.
 *
 * Prices are rounded to the tick, as clients see them. The last mark and index are kept, because margin must go on while
 * quotes are missing.
 */
import type { Category, Quote, SimulatedInstrument } from '../market/market.ts';
import { toGrid } from './decimals.ts';
import { shockFactor } from './shocks.ts';
import type { Venue } from './venue.ts';

/** Every instrument that is listed now, under the terms of now. */
export function instrumentsNow(venue: Venue): readonly SimulatedInstrument[] {
  const { nowMs } = venue.live;
  return venue.market.instruments
    .filter((i) => i.deliveryMs === undefined || (i.launchMs <= nowMs && nowMs < i.deliveryMs))
    .map((i) => onTermsOf(venue, i));
}

/** An instrument that the market ever had, under the terms of now. */
export function findInstrument(
  venue: Venue,
  category: Category,
  symbol: string,
): SimulatedInstrument | undefined {
  const found = venue.market.instruments.find(
    (i) => i.category === category && i.symbol === symbol,
  );
  return found && onTermsOf(venue, found);
}

function onTermsOf(venue: Venue, instrument: SimulatedInstrument): SimulatedInstrument {
  if (instrument.category !== 'linear') return instrument;
  const tiers = venue.live.tiers[instrument.symbol];
  if (tiers === undefined) return instrument;
  return { ...instrument, tiers, leverageMax: tiers[0]?.leverageMax ?? instrument.leverageMax };
}

/** Quote now, shocks applied; undefined where the instrument does not trade. */
export function quoteNow(venue: Venue, instrument: SimulatedInstrument): Quote | undefined {
  const quote = quoteAt(venue, instrument, venue.live.nowMs);
  if (quote === undefined) return undefined;
  const onTick = (price: number) => Number(toGrid(price, instrument.tickSize, 'nearest'));
  const shown = {
    ...quote,
    last: onTick(quote.last),
    mark: onTick(quote.mark),
    index: onTick(quote.index),
  };
  if (instrument.category === 'linear') venue.live.lastMarks[instrument.symbol] = shown.mark;
  return shown;
}

/** Quote at a time, shocks applied, not rounded. */
export function quoteAt(
  venue: Venue,
  instrument: SimulatedInstrument,
  atMs: number,
): Quote | undefined {
  if (atMs < instrument.launchMs) return undefined;
  if (instrument.deliveryMs !== undefined && atMs > instrument.deliveryMs) return undefined;
  const quote = venue.market.quote(instrument.category, instrument.symbol, atMs);
  if (quote === undefined || venue.live.shocks.length === 0) return quote;
  const { world, own } = factorsAt(venue, instrument, atMs);
  return {
    ...quote,
    last: quote.last * world * own,
    mark: quote.mark * world * own,
    index: quote.index * world,
  };
}

/** What shocks do to an instrument's prices: the world's to all of them, the venue's own to its trades and marks. */
export function factorsAt(
  venue: Venue,
  { baseCoin, quoteCoin }: SimulatedInstrument,
  atMs: number,
): { readonly world: number; readonly own: number } {
  const { shocks } = venue.live;
  return {
    world:
      shockFactor(shocks, 'world', baseCoin, atMs) / shockFactor(shocks, 'world', quoteCoin, atMs),
    own: shockFactor(shocks, 'venue', baseCoin, atMs),
  };
}

/** Mark of a contract now, or the last one known; 0 before there was any. */
export function markNow(venue: Venue, instrument: SimulatedInstrument): number {
  return quoteNow(venue, instrument)?.mark ?? venue.live.lastMarks[instrument.symbol] ?? 0;
}

/** USD per coin now, or the last one known; 0 for a coin that the market never knew. */
export function usdIndexNow(venue: Venue, coin: string): number {
  const known = venue.market.usdIndex(coin, venue.live.nowMs);
  if (known === undefined) return venue.live.lastIndices[coin] ?? 0;
  const index = known * shockFactor(venue.live.shocks, 'world', coin, venue.live.nowMs);
  venue.live.lastIndices[coin] = index;
  return index;
}

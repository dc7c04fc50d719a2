/**
 * The market as the venue sees it now: its quotes and indices with the injected shocks on top.
 *
 * A shock multiplies every price of a coin: of the instruments whose base it is, and its USD index. Prices are rounded to
 * the tick, as clients see them. The last mark and index are kept, because margin must go on while quotes are missing.
 */
import type { Category, Quote, SimulatedInstrument } from '../market/market.ts';
import { toGrid } from './decimals.ts';
import type { Venue } from './venue.ts';

export function findInstrument(
  venue: Venue,
  category: Category,
  symbol: string,
): SimulatedInstrument | undefined {
  return venue.market.instruments.find((i) => i.category === category && i.symbol === symbol);
}

/** Quote now, shocks applied; undefined where the instrument does not trade. */
export function quoteNow(venue: Venue, instrument: SimulatedInstrument): Quote | undefined {
  const atMs = venue.live.nowMs;
  if (atMs < instrument.launchMs) return undefined;
  const quote = venue.market.quote(instrument.category, instrument.symbol, atMs);
  if (quote === undefined) return undefined;
  const factor = shockFactor(venue, instrument.baseCoin);
  const onTick = (price: number) => Number(toGrid(price * factor, instrument.tickSize, 'nearest'));
  const shocked = {
    ...quote,
    last: onTick(quote.last),
    mark: onTick(quote.mark),
    index: onTick(quote.index),
  };
  if (instrument.category === 'linear') venue.live.lastMarks[instrument.symbol] = shocked.mark;
  return shocked;
}

/** Mark of a contract now, or the last one known; 0 before there was any. */
export function markNow(venue: Venue, instrument: SimulatedInstrument): number {
  return quoteNow(venue, instrument)?.mark ?? venue.live.lastMarks[instrument.symbol] ?? 0;
}

/** USD per coin now, or the last one known; 0 for a coin that the market never knew. */
export function usdIndexNow(venue: Venue, coin: string): number {
  const known = venue.market.usdIndex(coin, venue.live.nowMs);
  if (known === undefined) return venue.live.lastIndices[coin] ?? 0;
  const index = known * shockFactor(venue, coin);
  venue.live.lastIndices[coin] = index;
  return index;
}

/** Product of the shocks that act on a coin now. */
function shockFactor(venue: Venue, coin: string): number {
  let factor = 1;
  for (const shock of venue.live.shocks)
    if (shock.coin === coin && (shock.untilMs === null || venue.live.nowMs < shock.untilMs))
      factor *= shock.factor;
  return factor;
}

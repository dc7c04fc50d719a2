/**
 * Hourly candles as the venue's clients saw them: those of the market with the shocks of their hour in them.
 *
 * Where a shock moves within the hour, its extremes are those of the quotes at each minute.
 */
import type { Candle, CandleKind, SimulatedInstrument } from '../market/market.ts';
import { factorsAt, quoteAt } from './quotes.ts';
import { isSteady } from './shocks.ts';
import type { Venue } from './venue.ts';

const hourMs = 3_600_000;
const minuteMs = 60_000;

/** Complete hours with fromMs <= open, oldest first, as `Market.candles` gives them. */
export function candlesNow(
  venue: Venue,
  instrument: SimulatedInstrument,
  kind: CandleKind,
  fromMs: number,
  toMs: number,
): readonly Candle[] {
  const { category, symbol } = instrument;
  const candles = venue.market.candles(category, symbol, kind, fromMs, toMs);
  if (venue.live.shocks.length === 0) return candles;
  return candles.map((candle) => shocked(venue, instrument, kind, candle));
}

function shocked(
  venue: Venue,
  instrument: SimulatedInstrument,
  kind: CandleKind,
  candle: Candle,
): Candle {
  const { openMs } = candle;
  const lastMs = openMs + hourMs - 1000;
  const factor = (atMs: number): number => {
    const { world, own } = factorsAt(venue, instrument, atMs);
    return kind === 'index' ? world : world * own;
  };
  const open = candle.open * factor(openMs);
  const close = candle.close * factor(lastMs);
  const coins = [instrument.baseCoin, instrument.quoteCoin];
  if (isSteady(venue.live.shocks, coins, openMs, lastMs)) {
    const steady = factor(openMs);
    return { ...candle, open, high: candle.high * steady, low: candle.low * steady, close };
  }
  const prices = [open, close];
  for (let atMs = openMs; atMs <= lastMs; atMs += minuteMs) {
    const quote = quoteAt(venue, instrument, atMs);
    if (quote !== undefined) prices.push(quote[kind]);
  }
  return { ...candle, open, high: Math.max(...prices), low: Math.min(...prices), close };
}

/**
 * Candles of several hours, aligned to 1970, the newest one still running.
 *
 * With a start and no end the first `limit` bars from there, otherwise the last `limit` before the end.
 */
import type { Candle, CandleKind, SimulatedInstrument } from '../market/market.ts';
import { candlesNow } from './candles.ts';
import { quoteNow } from './quotes.ts';
import type { Venue } from './venue.ts';

const hourMs = 3_600_000;

export type BarQuery = {
  /** Hours of a bar. */
  readonly hours: number;
  readonly limit: number;
  readonly startMs: number | undefined;
  readonly endMs: number | undefined;
};

/** Oldest first. */
export function barsOf(
  venue: Venue,
  instrument: SimulatedInstrument,
  kind: CandleKind,
  { hours: count, limit, startMs, endMs }: BarQuery,
): readonly Candle[] {
  const { nowMs } = venue.live;
  const barMs = count * hourMs;
  const end = Math.min(endMs ?? nowMs, nowMs);
  const fromStart = startMs !== undefined && endMs === undefined;
  const lastOpen = Math.floor(end / barMs) * barMs;
  const firstOpen = Math.max(startMs ?? 0, fromStart ? 0 : lastOpen - (limit - 1) * barMs);
  const fromMs = Math.ceil(firstOpen / barMs) * barMs;
  const toMs = fromStart ? Math.min(fromMs + limit * barMs, lastOpen + barMs) : lastOpen + barMs;
  const hours = [...candlesNow(venue, instrument, kind, fromMs, Math.min(toMs, nowMs))];
  const open = running(venue, instrument, kind);
  if (open !== null && open.openMs >= fromMs && open.openMs < toMs) hours.push(open);
  const bars = gather(hours, count).filter((bar) => bar.openMs <= end);
  return fromStart ? bars.slice(0, limit) : bars.slice(-limit);
}

/** The hour that is not over: from the last close to the quote now. */
function running(venue: Venue, instrument: SimulatedInstrument, kind: CandleKind): Candle | null {
  const quote = quoteNow(venue, instrument);
  if (quote === undefined) return null;
  const openMs = Math.floor(venue.live.nowMs / hourMs) * hourMs;
  const before = candlesNow(venue, instrument, kind, openMs - hourMs, openMs)[0];
  const close = quote[kind];
  const open = before?.close ?? close;
  return {
    openMs,
    open,
    high: Math.max(open, close),
    low: Math.min(open, close),
    close,
    volumeBase: 0,
  };
}

/** A bar whose hours are missing is made of the rest. */
function gather(hours: readonly Candle[], count: number): Candle[] {
  const bars: Candle[] = [];
  for (const hour of hours) {
    const openMs = Math.floor(hour.openMs / (count * hourMs)) * count * hourMs;
    const last = bars.at(-1);
    if (last?.openMs !== openMs) bars.push({ ...hour, openMs });
    else
      bars[bars.length - 1] = {
        openMs,
        open: last.open,
        high: Math.max(last.high, hour.high),
        low: Math.min(last.low, hour.low),
        close: hour.close,
        volumeBase: last.volumeBase + hour.volumeBase,
      };
  }
  return bars;
}

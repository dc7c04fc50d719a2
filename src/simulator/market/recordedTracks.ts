/** The instruments of a recorded market, each with its three kinds of hourly candles, and the notes on what was put in. */

import { linearInstrument, spotInstrument } from './instruments.ts';
import type { CandleKind, SimulatedInstrument } from './market.ts';
import {
  type HourSlots,
  indexSlots,
  pricesAtHours,
  slotsOf,
  stablePairSlots,
} from './recordedHours.ts';
import type { RecordedSeries, RecordedStable, RecordedSymbol } from './recordedSeries.ts';

/** The pair's volume was not recorded where its candles are built from the peg: an hour's turnover of a quiet market. */
const ASSUMED_PAIR_VOLUME_BASE = 10e6;

export type RecordedTrack = {
  readonly instrument: SimulatedInstrument;
  readonly slots: Readonly<Record<CandleKind, HourSlots>>;
  /** Whose candle decides which extreme of the hour comes first: the perpetual's for perpetual and spot alike. */
  readonly leader: HourSlots;
  /** Recorded spot hours only, for premiums; index slots carry over outages. */
  readonly trueIndex: HourSlots;
};

export type RecordedTracks = {
  /** By `category symbol`. */
  readonly tracks: ReadonlyMap<string, RecordedTrack>;
  /** USD per USDT at every full hour. */
  readonly usdtUsd: readonly (number | undefined)[];
  readonly notes: readonly string[];
};

/** @throws RangeError for a coin without an entry in the table of instruments, or when USDT's prices are missing. */
export function createRecordedTracks(series: RecordedSeries, hours: number): RecordedTracks {
  const usdt = series.stables.find((stable) => stable.coin === 'USDT');
  if (usdt === undefined) throw new RangeError('stables must hold USDT, was without it');
  const usdtUsd = pricesAtHours(usdt.usd, series.fromMs, hours);
  const notes: string[] = [];
  const tracks: RecordedTrack[] = [];
  for (const symbol of series.symbols) {
    const pair = symbolTracks(symbol, series.fromMs, hours);
    tracks.push(...pair.tracks);
    notes.push(...pair.notes);
  }
  for (const stable of series.stables) {
    if (stable === usdt) continue;
    const { track, builtHours } = stableTrack(stable, series.fromMs, hours, usdtUsd);
    tracks.push(track);
    if (builtHours > 0) {
      notes.push(
        `${stable.coin}USDT: ${builtHours} of ${hours} hours have no recorded candle and are built from the recorded ` +
          `USD prices as ${stable.coin} / USDT, with an assumed volume of ${ASSUMED_PAIR_VOLUME_BASE} an hour`,
      );
    }
  }
  const named = tracks.map(
    (track) => [`${track.instrument.category} ${track.instrument.symbol}`, track] as const,
  );
  return { tracks: new Map(named), usdtUsd, notes };
}

function symbolTracks(symbol: RecordedSymbol, startMs: number, hours: number) {
  const last = slotsOf(symbol.last, startMs, hours);
  const spot = slotsOf(symbol.spot, startMs, hours);
  const index = indexSlots(spot, last);
  const recordedMark = slotsOf(symbol.mark, startMs, hours);
  const mark = last.map(
    (candle, slot) => recordedMark[slot] ?? (candle && { ...candle, volumeBase: 0 }),
  );
  const notes: string[] = [];
  const unmarked = last.filter((candle, slot) => candle && !recordedMark[slot]).length;
  if (unmarked > 0) {
    notes.push(
      `${symbol.symbol}: mark = last price in ${unmarked} of ${hours} hours, not recorded`,
    );
  }
  const linear = required(linearInstrument(symbol.baseCoin, symbol.linearLaunchMs), symbol.symbol);
  const tracks: RecordedTrack[] = [
    { instrument: linear, slots: { last, mark, index }, leader: last, trueIndex: spot },
  ];
  if (symbol.spot.length === 0) {
    notes.push(`${symbol.symbol}: no spot recorded, index = last price of the perpetual`);
    return { tracks, notes };
  }
  const missing = last.filter((candle, slot) => candle && !spot[slot]).length;
  if (missing > 0) {
    notes.push(`${symbol.symbol}: spot did not trade in ${missing} hours, the index stands still`);
  }
  const instrument = required(spotInstrument(symbol.baseCoin, symbol.spotLaunchMs), symbol.symbol);
  const quiet = spot.map((candle) => candle && { ...candle, volumeBase: 0 });
  // Before the perpetual was listed the spot leads itself.
  const leader = last.map((candle, slot) => candle ?? spot[slot]);
  tracks.push({
    instrument,
    slots: { last: spot, mark: quiet, index: quiet },
    leader,
    trueIndex: spot,
  });
  return { tracks, notes };
}

function stableTrack(
  stable: RecordedStable,
  startMs: number,
  hours: number,
  usdtUsd: readonly (number | undefined)[],
) {
  const recorded = slotsOf(stable.pair, startMs, hours);
  const coinUsd = pricesAtHours(stable.usd, startMs, hours);
  const last = stablePairSlots(recorded, coinUsd, usdtUsd, startMs, ASSUMED_PAIR_VOLUME_BASE);
  const quiet = last.map((candle) => candle && { ...candle, volumeBase: 0 });
  const instrument = required(spotInstrument(stable.coin, startMs), `${stable.coin}USDT`);
  const builtHours = last.filter((candle, slot) => candle && !recorded[slot]).length;
  const slots = { last, mark: quiet, index: quiet };
  const track: RecordedTrack = { instrument, slots, leader: last, trueIndex: last };
  return { track, builtHours };
}

function required(
  instrument: SimulatedInstrument | undefined,
  symbol: string,
): SimulatedInstrument {
  if (instrument !== undefined) return instrument;
  throw new RangeError(`symbol must be in the table of simulated instruments, was ${symbol}`);
}

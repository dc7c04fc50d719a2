/** Hourly simple returns of the recorded perpetuals on one grid, with the first day after each listing dropped. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readBars } from '../../src/adapters/recorded/readers.ts';
import type { OhlcBars } from '../../src/risk/ohlc/ohlcBars.ts';
import type { ReturnColumns } from '../../src/risk/returnColumns.ts';

const HOUR_MS = 3_600_000;
const FROM_MS = Date.UTC(2019, 8, 1);
const UNTIL_MS = Date.UTC(2025, 5, 30);
const FIRST_ORIGIN_MS = Date.UTC(2021, 0, 1);
export const dayBars = 24;
export const windowBars = 2160;

export type HourlyMarket = {
  readonly symbols: readonly string[];
  /** Per symbol the whole grid, NaN where there is no bar. */
  readonly returns: readonly Float64Array[];
  readonly ohlc: readonly OhlcBars[];
  readonly bars: number;
};

export async function loadHourlyPerpetuals(folder: string): Promise<HourlyMarket> {
  const bars = (UNTIL_MS - FROM_MS) / HOUR_MS;
  const blank = () => new Float64Array(bars).fill(Number.NaN);
  const symbols: string[] = [];
  const returns: Float64Array[] = [];
  const ohlc: OhlcBars[] = [];
  for (const file of (await readdir(join(folder, 'perp_1h'))).sort()) {
    const recorded = await readBars(join(folder, 'perp_1h', file));
    const columns = { open: blank(), high: blank(), low: blank(), close: blank() };
    for (const bar of recorded.bars.slice(dayBars)) {
      const at = Math.round((bar.openMs - FROM_MS) / HOUR_MS);
      if (at < 0 || at >= bars) continue;
      columns.open[at] = bar.open;
      columns.high[at] = bar.high;
      columns.low[at] = bar.low;
      columns.close[at] = bar.close;
    }
    const moves = columns.close.map((close, at) =>
      at === 0 ? Number.NaN : close / (columns.close[at - 1] as number) - 1,
    );
    symbols.push(file.replace('USDT.csv.gz', ''));
    returns.push(moves);
    ohlc.push(columns);
  }
  return { symbols, returns, ohlc, bars };
}

/** Bars at which a forecast is made for the day that begins there. */
export function origins(market: HourlyMarket, strideDays: number): readonly number[] {
  const first = (FIRST_ORIGIN_MS - FROM_MS) / HOUR_MS;
  const all: number[] = [];
  for (let at = first; at + dayBars <= market.bars; at += strideDays * dayBars) all.push(at);
  return all;
}

/** Midnight before a time, as a bar of the grid. */
export const barOf = (timestampMs: number): number => Math.round((timestampMs - FROM_MS) / HOUR_MS);

/** Whole windows only: the symbols without a missing bar in window and day. */
export function completeAt(market: HourlyMarket, origin: number): readonly number[] {
  return market.symbols.flatMap((_, index) => {
    const column = market.returns[index] as Float64Array;
    const span = column.subarray(origin - windowBars, origin + dayBars);
    return span.some(Number.isNaN) ? [] : [index];
  });
}

export function windowAt(
  market: HourlyMarket,
  origin: number,
  indices: readonly number[],
): ReturnColumns {
  const columns = indices.map((index) =>
    (market.returns[index] as Float64Array).subarray(origin - windowBars, origin),
  );
  return {
    legs: indices.length,
    bars: windowBars,
    columns,
    present: columns.map((column) => column.length),
  };
}

export function dayAt(market: HourlyMarket, origin: number, index: number): Float64Array {
  return (market.returns[index] as Float64Array).subarray(origin, origin + dayBars);
}

export function sumOfSquares(column: Float64Array): number {
  return column.reduce((sum, value) => sum + value * value, 0);
}

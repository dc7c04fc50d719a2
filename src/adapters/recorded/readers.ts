/** The four kinds of recorded file as own types: bars, funding, prices of pegs, yields. Layout: the data set's README. */

import type { Candle } from '../../simulator/market/market.ts';
import type { FundingSettlement, PriceObservation } from '../../simulator/market/recordedSeries.ts';
import { malformed, numberIn, readTable, type Span } from './table.ts';

const ALL: Span = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };
const PRICES = ['timestamp_ms', 'open', 'high', 'low', 'close'] as const;

export type BarsFile = {
  readonly bars: readonly Candle[];
  /** Open times of the file's first and last bar, whatever the span. */
  readonly firstMs: number;
  readonly lastMs: number;
};

export type YieldObservation = {
  readonly timestampMs: number;
  /** Compounded, fraction per year: the file's percent divided by 100. */
  readonly apyRate: number;
};

/** Bars with a volume in base coin: perpetual, spot, stablecoin pairs, any bar length. @throws RecordedDataError */
export function readBars(file: string, span: Span = ALL): Promise<BarsFile> {
  return readPrices(file, [...PRICES, 'volume'], span);
}

/** Bars without a volume, which becomes 0: marks. @throws RecordedDataError */
export function readMarkBars(file: string, span: Span = ALL): Promise<BarsFile> {
  return readPrices(file, PRICES, span);
}

/** Funding settlements, rates as fractions, positive when longs pay. @throws RecordedDataError */
export async function readFunding(
  file: string,
  span: Span = ALL,
): Promise<readonly FundingSettlement[]> {
  const table = await readTable(file, ['timestamp_ms', 'rate'], span);
  return table.rows.map((row) => ({
    timestampMs: numberIn(table, row, 0),
    rate: numberIn(table, row, 1),
  }));
}

/** Prices of a stablecoin in USD at uneven stamps about an hour apart. @throws RecordedDataError */
export async function readPegPrices(
  file: string,
  span: Span = ALL,
): Promise<readonly PriceObservation[]> {
  const table = await readTable(file, ['timestamp_ms', 'price'], span);
  return table.rows.map((row) => ({
    timestampMs: numberIn(table, row, 0),
    priceUsd: numberIn(table, row, 1),
  }));
}

/** Daily prices in USD of one coin out of the table of all. @throws RecordedDataError */
export async function readDailyPegPrices(
  file: string,
  coin: string,
  span: Span = ALL,
): Promise<readonly PriceObservation[]> {
  const header = ['timestamp_ms', 'symbol', 'price', 'price_low', 'low_source'];
  const table = await readTable(file, header, span, 'repeats');
  return table.rows
    .filter((row) => row[1] === coin)
    .map((row) => ({ timestampMs: numberIn(table, row, 0), priceUsd: numberIn(table, row, 2) }));
}

/** Daily supply yields, with a column of total value that is not kept. @throws RecordedDataError */
export async function readYields(
  file: string,
  span: Span = ALL,
): Promise<readonly YieldObservation[]> {
  const table = await readTable(file, ['timestamp_ms', 'apy', 'tvlUsd'], span);
  return table.rows.map((row) => ({
    timestampMs: numberIn(table, row, 0),
    apyRate: numberIn(table, row, 1) / 100,
  }));
}

async function readPrices(file: string, header: readonly string[], span: Span): Promise<BarsFile> {
  const table = await readTable(file, header, span);
  const hasVolume = header.length > PRICES.length;
  const bars = table.rows.map((row) => {
    const bar: Candle = {
      openMs: numberIn(table, row, 0),
      open: numberIn(table, row, 1),
      high: numberIn(table, row, 2),
      low: numberIn(table, row, 3),
      close: numberIn(table, row, 4),
      volumeBase: hasVolume ? numberIn(table, row, 5) : 0,
    };
    const inOrder = bar.low <= Math.min(bar.open, bar.close);
    if (
      !inOrder ||
      bar.high < Math.max(bar.open, bar.close) ||
      bar.low <= 0 ||
      bar.volumeBase < 0
    ) {
      throw malformed(file, `a bar must hold 0 < low <= open, close <= high, was ${row.join(',')}`);
    }
    return bar;
  });
  return { bars, firstMs: table.firstMs, lastMs: table.lastMs };
}

/**
 * The recorded folder as series for the recorded market: perpetuals, marks, spot, funding and pegs of a span.
 *
 * Funding is Bybit's where recorded, else Binance's; stablecoin pairs likewise. A coin's USD prices are hourly, and daily
 * where the hourly ones have stopped. The first day after a listing is left out: its prices are odd.
 */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  FundingSettlement,
  PriceObservation,
  RecordedSeries,
  RecordedStable,
  RecordedSymbol,
} from '../../simulator/market/recordedSeries.ts';
import { RecordedDataError } from './error.ts';
import {
  type BarsFile,
  readBars,
  readDailyPegPrices,
  readFunding,
  readMarkBars,
  readPegPrices,
} from './readers.ts';
import type { Span } from './table.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** The peg's last price before the span must not be older than this. */
const PEG_LOOKBACK_MS = 7 * DAY_MS;

export type RecordedSeriesOptions = Span & {
  /** Perpetuals against USDT: BTCUSDT. Spot of the same name comes along where it is recorded. */
  readonly symbols: readonly string[];
  /** Stablecoins besides USDT; USDC by default. */
  readonly stables?: readonly string[];
};

/**
 * @param folder the data set's root, with `perp_1h/` in it.
 * @param options `fromMs` is rounded down and `toMs` up to the hour.
 * @throws RecordedDataError naming the file and the remedy: missing, malformed, unknown symbol, span not covered.
 */
export async function loadRecordedSeries(
  folder: string,
  options: RecordedSeriesOptions,
): Promise<RecordedSeries> {
  const fromMs = Math.floor(options.fromMs / HOUR_MS) * HOUR_MS;
  const toMs = Math.ceil(options.toMs / HOUR_MS) * HOUR_MS;
  const span = { fromMs, toMs };
  const files = await listFiles(folder);
  const symbols: RecordedSymbol[] = [];
  // One after the other: unpacking is the cost, and it is the processor's.
  for (const symbol of options.symbols) symbols.push(await loadSymbol(files, symbol, span));
  const stables: RecordedStable[] = [];
  for (const coin of ['USDT', ...(options.stables ?? ['USDC'])]) {
    stables.push(await loadStable(files, coin, span));
  }
  return { fromMs, toMs, symbols, stables };
}

type Files = { readonly folder: string; readonly names: ReadonlySet<string> };

async function listFiles(folder: string): Promise<Files> {
  const names = new Set<string>();
  for (const kind of ['perp_1h', 'mark_1h', 'spot_1h', 'funding', 'stable_1h', 'peg']) {
    const inside = await readdir(join(folder, kind)).catch((cause: unknown) => {
      const remedy =
        'point the data folder (EQUIPOISE_DATA or the config) at the recorded data set';
      throw new RecordedDataError(join(folder, kind), 'folder cannot be read', remedy, { cause });
    });
    for (const name of inside) names.add(`${kind}/${name}`);
  }
  return { folder, names };
}

/** Reads an optional file: undefined when the data set does not have it. */
async function optional<T>(
  files: Files,
  name: string,
  read: (file: string) => Promise<T>,
): Promise<T | undefined> {
  return files.names.has(name) ? read(join(files.folder, name)) : undefined;
}

async function loadSymbol(files: Files, symbol: string, span: Span): Promise<RecordedSymbol> {
  const name = `${symbol}.csv.gz`;
  const perpetual = await optional(files, `perp_1h/${name}`, (file) => readBars(file, span));
  const file = join(files.folder, 'perp_1h', name);
  if (perpetual === undefined) {
    const known = [...files.names].filter((entry) => entry.startsWith('perp_1h/'));
    const list = known.map((entry) => entry.slice('perp_1h/'.length, -'.csv.gz'.length)).sort();
    throw new RecordedDataError(file, `no recording of ${symbol}`, `choose of ${list.join(', ')}`);
  }
  requireCover(file, perpetual, span);
  const mark = await optional(files, `mark_1h/${name}`, (path) => readMarkBars(path, span));
  const spot = await optional(files, `spot_1h/${name}`, (path) => readBars(path, span));
  const linearLaunchMs = perpetual.firstMs + DAY_MS;
  const spotLaunchMs = (spot?.firstMs ?? 0) + DAY_MS;
  return {
    symbol,
    baseCoin: symbol.replace(/USDT$/, ''),
    linearLaunchMs,
    last: perpetual.bars.filter((bar) => bar.openMs >= linearLaunchMs),
    mark: mark?.bars ?? [],
    spot: spot?.bars.filter((bar) => bar.openMs >= spotLaunchMs) ?? [],
    spotLaunchMs,
    ...(await loadFunding(files, symbol, span)),
  };
}

function requireCover(file: string, found: BarsFile, span: Span): void {
  const endMs = found.lastMs + HOUR_MS;
  const startMs = found.firstMs + DAY_MS;
  if (span.toMs <= endMs && span.toMs > startMs && span.toMs > span.fromMs) return;
  const problem = `${iso(span.fromMs)} to ${iso(span.toMs)} is not recorded`;
  throw new RecordedDataError(file, problem, `ask within ${iso(startMs)} to ${iso(endMs)}`);
}

async function loadFunding(files: Files, symbol: string, span: Span) {
  // A settlement at the span's very end belongs to it.
  const inclusive = { fromMs: span.fromMs, toMs: span.toMs + 1 };
  const read = (file: string) => readFunding(file, inclusive);
  const bybit = (await optional(files, `funding/bybit_${symbol}.csv.gz`, read)) ?? [];
  const binance = (await optional(files, `funding/binance_${symbol}.csv.gz`, read)) ?? [];
  const stamps = new Set(bybit.map(({ timestampMs }) => timestampMs));
  const rest = binance.filter(({ timestampMs }) => !stamps.has(timestampMs));
  const funding: FundingSettlement[] = [...bybit, ...rest];
  funding.sort((a, b) => a.timestampMs - b.timestampMs);
  return { funding, fundingSource: `Bybit ${bybit.length}, Binance ${rest.length}` };
}

async function loadStable(files: Files, coin: string, span: Span): Promise<RecordedStable> {
  const read = (file: string) => readBars(file, span);
  const bybit = (await optional(files, `stable_1h/bybit_${coin}USDT.csv.gz`, read))?.bars ?? [];
  const binance = (await optional(files, `stable_1h/binance_${coin}USDT.csv.gz`, read))?.bars ?? [];
  const opens = new Set(bybit.map((bar) => bar.openMs));
  const pair = [...bybit, ...binance.filter((bar) => !opens.has(bar.openMs))];
  pair.sort((a, b) => a.openMs - b.openMs);
  const usd = await loadUsdPrices(files, coin, span);
  const first = usd[0]?.timestampMs ?? Number.POSITIVE_INFINITY;
  if (first > span.fromMs && pair.length === 0) {
    const file = join(files.folder, 'peg', `coingecko_hourly_${coin}USD.csv.gz`);
    const problem = `no price of ${coin} in the week before ${iso(span.fromMs)}`;
    throw new RecordedDataError(
      file,
      problem,
      'start within the prices recorded in peg/ (from 2021)',
    );
  }
  return { coin, pair, usd };
}

async function loadUsdPrices(
  files: Files,
  coin: string,
  span: Span,
): Promise<readonly PriceObservation[]> {
  const wide = { fromMs: span.fromMs - PEG_LOOKBACK_MS, toMs: span.toMs + 1 };
  const hourlyName = `peg/coingecko_hourly_${coin}USD.csv.gz`;
  const hourly = (await optional(files, hourlyName, (file) => readPegPrices(file, wide))) ?? [];
  const dailyFile = join(files.folder, 'peg', 'asri_daily_peg_history.csv.gz');
  const daily = await readDailyPegPrices(dailyFile, coin, wide);
  const lastHourlyMs = hourly.at(-1)?.timestampMs ?? Number.NEGATIVE_INFINITY;
  return [...hourly, ...daily.filter(({ timestampMs }) => timestampMs > lastHourlyMs)];
}

function iso(atMs: number): string {
  return Number.isFinite(atMs) ? new Date(atMs).toISOString().slice(0, 13) : String(atMs);
}

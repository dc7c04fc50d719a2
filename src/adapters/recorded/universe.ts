/** Bars and funding of one instrument out of a recorded folder: what `data import` puts into the history tables. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Instrument } from '../../domain/instrument.ts';
import type { Bar, FundingStamp } from '../../rebalance/ports/venue.ts';
import { RecordedDataError } from './error.ts';
import { readBars, readFunding, readMarkBars } from './readers.ts';

export type RecordedInstrument = {
  readonly kind: 'last' | 'mark';
  readonly bars: readonly Bar[];
  readonly funding: readonly FundingStamp[];
};

const hourMs = 3_600_000;

/**
 * A perpetual's mark where it is recorded, else its last price; a spot market's last price; null for an earn product.
 *
 * @throws RecordedDataError where the folder has no file of the instrument, or bars of another length are asked for.
 */
export async function readUniverse(
  folder: string,
  instrument: Instrument,
  barMs: number,
): Promise<RecordedInstrument | null> {
  if (instrument.kind === 'earn') return null;
  if (barMs !== hourMs) {
    throw new RecordedDataError(folder, 'bars there are hourly', 'set risk.bar to 1h');
  }
  const pair = `${instrument.baseCoin}${instrument.quoteCoin}`;
  if (instrument.kind === 'spot') {
    const names = [`spot_1h/${pair}`, `stable_1h/bybit_${pair}`, `stable_1h/binance_${pair}`];
    const file = await firstThere(folder, names);
    return { kind: 'last', bars: closesOf(await readBars(file)), funding: [] };
  }
  const file = await firstThere(folder, [`mark_1h/${pair}`, `perp_1h/${pair}`]);
  const read = file.includes('mark_1h') ? readMarkBars(file) : readBars(file);
  const fundingFile = await firstThere(folder, [
    `funding/bybit_${pair}`,
    `funding/binance_${pair}`,
  ]);
  const funding = await readFunding(fundingFile);
  return {
    kind: 'mark',
    bars: closesOf(await read),
    funding: funding.map(({ timestampMs, rate }) => ({ atMs: timestampMs, rate })),
  };
}

const closesOf = ({ bars }: Awaited<ReturnType<typeof readBars>>): readonly Bar[] =>
  bars.map(({ openMs, close }) => ({ openMs, close }));

async function firstThere(folder: string, names: readonly string[]): Promise<string> {
  for (const name of names) {
    const [kind = '', file = ''] = `${name}.csv.gz`.split('/');
    const inside = await readdir(join(folder, kind)).catch((): string[] => []);
    if (inside.includes(file)) return join(folder, kind, file);
  }
  const wanted = names.map((name) => `${name}.csv.gz`).join(' or ');
  throw new RecordedDataError(folder, `has no ${wanted}`, 'name a folder that has it with --from');
}

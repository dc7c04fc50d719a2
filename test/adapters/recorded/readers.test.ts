/**
 * Goal: recorded files are read exactly, and a missing or malformed one is named with its remedy.
 * Method: small gzip files written to a temporary folder, good ones and each kind of bad one.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { RecordedDataError } from '../../../src/adapters/recorded/error.ts';
import {
  readBars,
  readDailyPegPrices,
  readFunding,
  readMarkBars,
  readPegPrices,
  readYields,
} from '../../../src/adapters/recorded/readers.ts';

const folder = mkdtempSync(join(tmpdir(), 'recorded-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, ...lines: string[]): string {
  const file = join(folder, name);
  writeFileSync(file, gzipSync(`${lines.join('\n')}\n`));
  return file;
}

const BARS = 'timestamp_ms,open,high,low,close,volume';
const GOOD = ['3600000,10,12,9,11,5', '7200000,11,11,11,11,0', '10800000,11,13,10,12,2.5'];

async function faultOf(reading: Promise<unknown>): Promise<RecordedDataError> {
  const fault = await reading.catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(RecordedDataError);
  return fault as RecordedDataError;
}

describe('readers of recorded files', () => {
  it('read bars of a span and the stamps of the whole file', async () => {
    const file = write('bars.gz', BARS, ...GOOD);
    expect(await readBars(file, { fromMs: 7_200_000, toMs: 10_800_000 })).toEqual({
      bars: [{ openMs: 7_200_000, open: 11, high: 11, low: 11, close: 11, volumeBase: 0 }],
      firstMs: 3_600_000,
      lastMs: 10_800_000,
    });
    expect((await readBars(file)).bars).toHaveLength(3);
  });

  it('read marks, funding, pegs and yields, the last from percent to a fraction', async () => {
    const marks = write('mark.gz', 'timestamp_ms,open,high,low,close', '0,1,2,1,2');
    expect((await readMarkBars(marks)).bars[0]).toMatchObject({ close: 2, volumeBase: 0 });
    const funding = write('funding.gz', 'timestamp_ms,rate', '0,0.0001', '28800000,-0.0002');
    expect(await readFunding(funding)).toEqual([
      { timestampMs: 0, rate: 0.0001 },
      { timestampMs: 28_800_000, rate: -0.0002 },
    ]);
    const peg = write('peg.gz', 'timestamp_ms,price', '17,0.999');
    expect(await readPegPrices(peg)).toEqual([{ timestampMs: 17, priceUsd: 0.999 }]);
    const yields = write('yields.gz', 'timestamp_ms,apy,tvlUsd', '0,6.5,100');
    expect(await readYields(yields)).toEqual([{ timestampMs: 0, apyRate: 0.065 }]);
  });

  it('read one coin of the daily pegs, where stamps repeat', async () => {
    const header = 'timestamp_ms,symbol,price,price_low,low_source';
    const file = write(
      'daily.gz',
      header,
      '0,USDC,1,0.9,x',
      '0,USDT,0.998,0.9,x',
      '5,USDT,1.001,1,x',
    );
    expect(await readDailyPegPrices(file, 'USDT')).toEqual([
      { timestampMs: 0, priceUsd: 0.998 },
      { timestampMs: 5, priceUsd: 1.001 },
    ]);
  });

  it('name a missing file and say what to point where', async () => {
    const file = join(folder, 'absent.csv.gz');
    const fault = await faultOf(readBars(file));
    expect(fault.file).toBe(file);
    expect(fault.message).toContain('ENOENT');
    expect(fault.remedy).toContain('EQUIPOISE_DATA');
  });

  it.each([
    ['a wrong header', ['time,open', '0,1'], /header must be/],
    ['nothing but a header', [BARS], /at least one row/],
    ['a stamp out of order', [BARS, GOOD[1] ?? '', GOOD[0] ?? ''], /line 3 must have an ascending/],
    ['a repeated stamp', [BARS, GOOD[0] ?? '', GOOD[0] ?? ''], /line 3 must have an ascending/],
    ['a missing field', [BARS, '0,1,1,1,1'], /line 2 must have 6 fields/],
    ['a word for a number', [BARS, '0,1,1,1,one,1'], /must hold numbers, was 0,1,1,1,one,1/],
    ['an empty field', [BARS, '0,1,1,1,,1'], /must hold numbers/],
    ['a low above the open', [BARS, '0,1,2,1.5,2,1'], /0 < low <= open/],
    ['a negative volume', [BARS, '0,1,2,1,2,-1'], /0 < low <= open/],
  ])('refuse %s', async (name, lines, message) => {
    const fault = await faultOf(readBars(write(`bad ${name}.gz`, ...lines)));
    expect(fault.message).toMatch(message);
    expect(fault.remedy).toContain('restore');
  });

  it('refuse what is not gzip', async () => {
    const file = join(folder, 'plain.csv.gz');
    writeFileSync(file, BARS);
    expect((await faultOf(readBars(file))).message).toContain('is not gzip');
  });
});

/** One gzip CSV of the recorded folder: header checked, stamps ascending, every field there. */

import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { RecordedDataError } from './error.ts';

const RESTORE = 'restore the file from the recorded data set';

export type Span = { readonly fromMs: number; readonly toMs: number };

export type Table = {
  readonly file: string;
  /** Rows with fromMs <= timestamp < toMs, as text. */
  readonly rows: readonly (readonly string[])[];
  /** First and last stamp of the whole file. */
  readonly firstMs: number;
  readonly lastMs: number;
};

/**
 * The first column is the stamp. Stamps must ascend; equal ones may repeat only with `repeats`.
 *
 * @throws RecordedDataError when the file is missing, is not gzip, or a line is malformed.
 */
export async function readTable(
  file: string,
  header: readonly string[],
  span: Span,
  repeats: 'unique' | 'repeats' = 'unique',
): Promise<Table> {
  const lines = (await readText(file)).split('\n');
  const found = lines[0]?.trim();
  if (found !== header.join(',')) {
    throw malformed(file, `header must be ${header.join(',')}, was ${found}`);
  }
  const rows: string[][] = [];
  let firstMs = Number.NaN;
  let previousMs = Number.NEGATIVE_INFINITY;
  for (let i = 1; i < lines.length; i += 1) {
    const line = lines[i]?.trim() ?? '';
    if (line === '') continue;
    const stampMs = Number(line.slice(0, line.indexOf(',')));
    const ascends = stampMs > previousMs || (repeats === 'repeats' && stampMs === previousMs);
    if (!Number.isInteger(stampMs) || !ascends) {
      throw malformed(file, `line ${i + 1} must have an ascending whole timestamp_ms, was ${line}`);
    }
    if (Number.isNaN(firstMs)) firstMs = stampMs;
    previousMs = stampMs;
    if (stampMs < span.fromMs || stampMs >= span.toMs) continue;
    const fields = line.split(',');
    if (fields.length !== header.length) {
      throw malformed(file, `line ${i + 1} must have ${header.length} fields, was ${line}`);
    }
    rows.push(fields);
  }
  if (Number.isNaN(firstMs)) throw malformed(file, 'must hold at least one row, was empty');
  return { file, rows, firstMs, lastMs: previousMs };
}

/** The number in a field. @throws RecordedDataError when it is empty or not finite. */
export function numberIn(table: Table, row: readonly string[], column: number): number {
  const text = row[column] ?? '';
  const value = text === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) {
    throw malformed(table.file, `the row of ${row[0]} must hold numbers, was ${row.join(',')}`);
  }
  return value;
}

/** The error for content that breaks the format. */
export function malformed(file: string, problem: string): RecordedDataError {
  return new RecordedDataError(file, problem, RESTORE);
}

async function readText(file: string): Promise<string> {
  let packed: Buffer;
  try {
    packed = await readFile(file);
  } catch (cause) {
    const remedy = 'point the data folder (EQUIPOISE_DATA or the config) at the recorded data set';
    throw new RecordedDataError(file, `cannot be read (${codeOf(cause)})`, remedy, { cause });
  }
  try {
    return gunzipSync(packed).toString('utf8');
  } catch (cause) {
    throw new RecordedDataError(file, 'is not gzip', RESTORE, { cause });
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown cause';
}

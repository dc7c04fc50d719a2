/**
 * Collects faults and reads typed fields out of unknown JSON; a field that is wrong reads as null.
 */
import type { Fault, FaultCode } from './weightsProblem.ts';

const faultsMax = 100;
const magnitudeMax = 1e150;

export type FaultList = { readonly faults: Fault[] };

/** Adds a fault; after a hundred, one last that says so. The message gets ", was X". */
export function addFault(
  list: FaultList,
  code: FaultCode,
  path: string,
  message: string,
  found: unknown,
): void {
  if (list.faults.length < faultsMax) {
    list.faults.push({ path, code, message: `${message}, was ${describe(found)}` });
  } else if (list.faults.length === faultsMax) {
    const text = 'further faults are not listed, was more than 100';
    list.faults.push({ path: '', code: 'TOO_MANY_FAULTS', message: text });
  }
}

/** A short text for any value that JSON or a caller may hold. */
function describe(found: unknown): string {
  if (Array.isArray(found)) return `an array of ${found.length}`;
  if (typeof found === 'object' && found !== null) return 'an object';
  if (typeof found === 'string') return JSON.stringify(found.slice(0, 40));
  return String(found);
}

/** A finite number of sane magnitude, or null and a fault. */
export function readNumber(list: FaultList, path: string, value: unknown): number | null {
  if (typeof value !== 'number') {
    addFault(list, 'WRONG_TYPE', path, 'must be a number', value);
  } else if (!Number.isFinite(value)) {
    addFault(list, 'NOT_FINITE', path, 'must be finite', value);
  } else if (Math.abs(value) > magnitudeMax) {
    addFault(list, 'OUT_OF_RANGE', path, `must be within ±${magnitudeMax}`, value);
  } else {
    return value;
  }
  return null;
}

/** A vector of finite numbers, of the given length unless that is null. */
export function readVector(
  list: FaultList,
  path: string,
  value: unknown,
  length: number | null,
): number[] | null {
  if (!Array.isArray(value)) {
    addFault(list, 'WRONG_TYPE', path, 'must be an array of numbers', value);
    return null;
  }
  const count = list.faults.length;
  if (length !== null && value.length !== length) {
    addFault(list, 'WRONG_LENGTH', path, `must have ${length} entries`, value);
  }
  const items: unknown[] = value;
  const numbers: number[] = [];
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    // The common case first: a covariance may have millions of entries.
    if (typeof item === 'number' && Math.abs(item) <= magnitudeMax) numbers.push(item);
    else readNumber(list, `${path}[${i}]`, item);
  }
  return list.faults.length === count ? numbers : null;
}

/** Rows of finite numbers, each of the width of the first unless a width is given. */
export function readRows(
  list: FaultList,
  path: string,
  value: unknown,
  width: number | null,
): number[][] | null {
  if (!Array.isArray(value) || value.length === 0) {
    addFault(list, 'WRONG_TYPE', path, 'must be a non-empty array of rows', value);
    return null;
  }
  const items: unknown[] = value;
  const first = items[0];
  const columns = width ?? (Array.isArray(first) ? first.length : null);
  const rows = items.map((row, i) => readVector(list, `${path}[${i}]`, row, columns));
  if (columns === 0) addFault(list, 'WRONG_LENGTH', `${path}[0]`, 'must not be empty', first);
  return columns === 0 || rows.includes(null) ? null : (rows as number[][]);
}

/** One of the given words. */
export function readWord<T extends string>(
  list: FaultList,
  path: string,
  value: unknown,
  words: readonly T[],
): T | null {
  const word = words.find((candidate) => candidate === value);
  if (word !== undefined) return word;
  addFault(list, 'OUT_OF_RANGE', path, `must be one of ${words.join(', ')}`, value);
  return null;
}

/** A plain object, as a record of unknown values. */
export function readObject(
  list: FaultList,
  path: string,
  value: unknown,
): Record<string, unknown> | null {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  addFault(list, 'WRONG_TYPE', path, 'must be an object', value);
  return null;
}

/**
 * The rows of a time window out of rows in order of time, found by halving: a long history costs no more than its answer.
 */
export type Window = { readonly fromMs: number; readonly toMs: number };

/** @param window both ends inclusive. */
export function within<T>(
  rows: readonly T[],
  window: Window,
  timeMs: (row: T) => number,
): readonly T[] {
  const start = firstAtOrAfter(rows, window.fromMs, timeMs);
  return rows.slice(start, firstAtOrAfter(rows, window.toMs + 1, timeMs));
}

function firstAtOrAfter<T>(rows: readonly T[], ms: number, timeMs: (row: T) => number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const row = rows[middle];
    if (row !== undefined && timeMs(row) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

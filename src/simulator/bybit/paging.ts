/**
 * Pages, newest first, and the time windows that Bybit allows.
 *
 * The cursor is the number of rows already seen below the newest one at the first page, so rows that arrive between two
 * pages neither repeat nor hide others.
 */

import { integer, type Parameters, text } from '../http/request.ts';
import type { Window } from '../http/window.ts';
import { failed, type Reply } from './reply.ts';

const dayMs = 86_400_000;

/** Start and end of a query: at most seven days apart; one alone, or none, spans `defaultMs`. */
export function windowOf(parameters: Parameters, nowMs: number, defaultMs: number): Window | Reply {
  const start = integer(parameters, 'startTime');
  const end = integer(parameters, 'endTime');
  if (start !== undefined && end !== undefined) {
    if (end < start) return failed(10001, 'endTime is before startTime');
    if (end - start > 7 * dayMs) return failed(10001, 'The time range cannot exceed 7 days');
    return { fromMs: start, toMs: end };
  }
  if (start !== undefined) return { fromMs: start, toMs: start + defaultMs };
  const toMs = end ?? nowMs;
  return { fromMs: toMs - defaultMs, toMs };
}

export type Page<T> = { readonly rows: readonly T[]; readonly nextPageCursor: string };

/** @param rows all that match, oldest first. */
export function page<T>(
  rows: readonly T[],
  parameters: Parameters,
  limits: { readonly standard: number; readonly most: number },
): Page<T> | Reply {
  const limit = integer(parameters, 'limit') ?? limits.standard;
  if (limit < 1 || limit > limits.most)
    return failed(10001, `limit must be in 1..${limits.most}, was ${limit}`);
  const cursor = text(parameters, 'cursor');
  if (cursor !== '' && !/^p\d+$/.test(cursor)) return failed(10001, `bad cursor: ${cursor}`);
  const end = cursor === '' ? rows.length : Math.min(rows.length, Number(cursor.slice(1)));
  const start = Math.max(0, end - limit);
  return {
    rows: rows.slice(start, end).reverse(),
    nextPageCursor: start > 0 ? `p${start}` : '',
  };
}

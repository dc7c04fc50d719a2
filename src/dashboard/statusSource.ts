/** The status for any number of readers: read at most once a second, never twice at a time, given up after a limit. */
import { OperatingError } from '../domain/operatingError.ts';
import type { Status } from './status.ts';

const freshMs = 1_000;

/** @returns what gives the newest status; it rejects as the reading does. */
export function createStatusSource(
  read: () => Promise<Status>,
  { nowMs, limitMs = 5_000 }: { readonly nowMs: () => number; readonly limitMs?: number },
): () => Promise<Status> {
  let newest: { readonly atMs: number; readonly status: Promise<Status> } | null = null;
  return () => {
    if (newest === null || nowMs() - newest.atMs >= freshMs) {
      newest = { atMs: nowMs(), status: within(limitMs, read()) };
    }
    return newest.status;
  };
}

async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const remedy = 'see that the database is up and not overloaded';
      const message = `the status was not read in time, was more than ${limitMs} ms`;
      reject(new OperatingError(message, { retryable: true, remedy }));
    }, limitMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

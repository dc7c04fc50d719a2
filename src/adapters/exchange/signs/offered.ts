/** A figure that a venue may not have: read, unknown, or not offered there. */
import { observed, unknown } from '../../../domain/observed.ts';
import { OperatingError } from '../../../domain/operatingError.ts';
import type { Signal } from '../../../signals/solvency/observations.ts';
import type { Session } from '../session.ts';

/** Refused for good by a test environment: it is not there; live, the same refusal is a reason to know nothing. */
export const isMissing = (session: Pick<Session, 'environment'>, error: unknown): boolean =>
  error instanceof OperatingError && !error.retryable && session.environment !== 'live';

export async function offered<T>(
  session: Pick<Session, 'clock' | 'environment'>,
  read: () => Promise<T>,
): Promise<Signal<T>> {
  try {
    return observed(await read(), session.clock.nowMs());
  } catch (error) {
    if (isMissing(session, error)) return { kind: 'notOffered' };
    if (error instanceof OperatingError) return unknown(error.message);
    throw error;
  }
}

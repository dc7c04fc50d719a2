/** Every wait for the queue has a limit: its clients wait for ever for a server that is gone. */
import { OperatingError } from '../domain/operatingError.ts';

/** @throws OperatingError, retryable, when the queue fails or takes longer than the limit. */
export async function bounded<T>(what: string, limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([work, limit]);
  } catch (cause) {
    throw new OperatingError(`the queue could not ${what}, was: ${reasonOf(cause)}`, {
      retryable: true,
      remedy: 'see that the server that `queue` in the config names is up and can be reached',
      cause,
    });
  } finally {
    clearTimeout(timer);
  }
}

/** A refused connection to several addresses of one name has no message, only a code. */
function reasonOf(cause: unknown): string {
  const { message = '', code = 'unknown' } = cause as { message?: string; code?: string };
  return message === '' ? code : message;
}

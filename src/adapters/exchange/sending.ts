/**
 * Tells a write that the class refused by itself from one that may have left.
 *
 * ccxt checks some arguments before it makes a request, and raises what it also raises for a venue's answer: a client id
 * that is too long for the venue, a missing key. Where no request was made, the order is refused for certain.
 */
import { kindsOf } from './faults.ts';
import { createCallScope } from './transport/callScope.ts';
import { NotSent } from './transport/notSent.ts';

export type Sending = {
  /** Throws NotSent in place of what `run` threw without making a request. */
  readonly run: <T>(run: () => Promise<T>) => Promise<T>;
  /** A request is being made. */
  readonly noteRequest: () => void;
};

export function createSending(venue: string): Sending {
  const calls = createCallScope<{ hasLeft: boolean }>();
  return {
    noteRequest: () => {
      const call = calls.get();
      if (call !== undefined) call.hasLeft = true;
    },
    run: async (run) => {
      const call = { hasLeft: false };
      try {
        return await calls.run(call, run);
      } catch (error) {
        if (call.hasLeft || error instanceof NotSent) throw error;
        const said = error instanceof Error ? error.message : String(error);
        throw new NotSent(
          'NOT_LEFT',
          `${venue}: not sent: ${kindsOf(error)[0] ?? 'error'} ${said}`,
          {
            retryable: false,
            remedy:
              'use a venue whose client ids may be 32 characters long, or correct what is named',
          },
        );
      }
    },
  };
}

/** A gateway's outcome of a request as an answer of the order table, with what it says beside that. */
import type { VenueAnswer } from '../execution/orderTable/row.ts';
import type { AnswerFacts } from './noteAnswer.ts';
import type { SendOutcome } from './ports/venue.ts';

/** What the adapter says of a request that never left: it waits for its turn, the connection, the end of a ban, the clock, or fresh leave. */
const unsentCodes: ReadonlySet<string> = new Set([
  'RATE_LIMITED',
  'NOT_CONNECTED',
  'BANNED',
  'CLOCK_WRONG',
  'LATE',
]);

export function answerOf(outcome: SendOutcome): VenueAnswer {
  switch (outcome.kind) {
    case 'accepted':
      return outcome.venueOrderId === '' ? 'acceptedWithoutId' : 'accepted';
    case 'exists':
      return 'duplicate';
    case 'rejected':
      return unsentCodes.has(outcome.code) ? 'notSent' : 'refused';
    case 'unknown':
      return 'noAnswer';
  }
}

export function factsOf(outcome: SendOutcome, nowMs: number): AnswerFacts {
  switch (outcome.kind) {
    case 'accepted':
      return outcome.venueOrderId === ''
        ? { reason: 'accepted without an id' }
        : { venueOrderId: outcome.venueOrderId, ackedAtMs: nowMs };
    case 'exists':
      return { reason: 'the client order id exists at the venue' };
    case 'rejected':
      return {
        reason: unsentCodes.has(outcome.code)
          ? outcome.code
          : `${outcome.code}: ${outcome.message}`,
      };
    case 'unknown':
      return { reason: outcome.reason };
  }
}

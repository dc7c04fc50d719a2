/** Gates on where and what: the venue's state, and the list of what may only be reduced. */
import type { Gate } from './gate.ts';

export const venueGates: readonly Gate[] = [
  {
    code: 'VENUE_RESTRICTED',
    holdsForReductions: false,
    holdsForRepairs: false,
    explanation: 'Getting out of a venue that weakens is the point; unknown counts as restricted.',
    judge: (order, { venueState }) =>
      venueState === 'healthy' || venueState === 'watch'
        ? null
        : {
            limit: null,
            found: null,
            message: `${order.venue} must be healthy or watched, was ${venueState}`,
          },
  },
  {
    code: 'RESTRICTED_INSTRUMENT',
    holdsForReductions: false,
    holdsForRepairs: false,
    explanation: 'Symbols and coins on the list may only be reduced.',
    judge: (order, { instrument, limits }) => {
      const listed = limits.restricted.find(
        (name) => name === instrument.symbol || name === instrument.baseCoin,
      );
      if (listed === undefined) return null;
      const message = `${order.symbol} must not be on the restricted list, was listed as ${listed}`;
      return { limit: null, found: null, message };
    },
  },
];

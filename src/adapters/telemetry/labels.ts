/** The closed sets of label values: whatever is not in them cannot become a time series. */
import type { OrderState } from '../../domain/order.ts';
import type { VenueState } from '../../domain/venue.ts';
import type { RebalanceOutcome } from '../../rebalance/ports/stores.ts';

export const rebalanceOutcomes: readonly RebalanceOutcome[] = [
  'stood',
  'complete',
  'partial',
  'expired',
  'halted',
];

/** States in which an order ends. */
export const endedStates: readonly OrderState[] = [
  'filled',
  'cancelled',
  'rejected',
  'expired',
  'absent',
];

export const venueStates: readonly VenueState[] = [
  'healthy',
  'watch',
  'restrict',
  'exit',
  'unknown',
];

/** Events that a person should look at. */
export const alertEvents = [
  'guardStep',
  'guardAction',
  'guardBlocked',
  'marginDiffers',
  'liquidated',
  'autoDeleveraged',
  'pairUnhedged',
  'discrepancy',
  'foreignFill',
  'venueState',
  'withdraw',
  'pegState',
  'halted',
] as const;

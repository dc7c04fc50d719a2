/** The report: events for the log, figures for the metrics. */
import type { RebalanceId, VenueId } from '../../domain/ids.ts';
import type { RebalanceOutcome } from './stores.ts';

/** One event object a step; never a secret in it. */
export type LineEvent = { readonly event: string; readonly rebalanceId?: RebalanceId } & Readonly<
  Record<string, unknown>
>;

export type Reporter = {
  event(event: LineEvent): void;
  warn(event: LineEvent): void;
  orderAcked(venue: VenueId, ms: number): void;
  orderEnded(venue: VenueId, state: string): void;
  orderDenied(code: string): void;
  slippage(bps: number): void;
  rebalanceEnded(outcome: RebalanceOutcome, seconds: number): void;
};

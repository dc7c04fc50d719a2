/**
 * Approval with fresh inputs: for every request that leaves, since a slice, a re-peg, a repair or an order read back after a
 * crash meets a world that the decision could not know.
 *
 * The account as a whole was judged with the plan; what can change within seconds is judged again.
 */
import type { DecimalText } from '../domain/decimal.ts';
import type { Denial } from '../domain/denial.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Observed } from '../domain/observed.ts';
import type { PlannedOrder } from '../domain/order.ts';
import type { LimitsPolicy } from '../domain/policy.ts';
import type { Quote } from '../domain/snapshot.ts';
import type { VenueState } from '../domain/venue.ts';
import type { ApprovedOrder } from './approvedOrder.ts';
import type { Purpose } from './gate.ts';
import { judgeOrder } from './gates.ts';
import { seal } from './seal.ts';

export type FreshInputs = {
  readonly nowMs: number;
  readonly deadlineMs: number;
  readonly halted: boolean;
  readonly haltReason: string | null;
  /** The margin guard's fence. */
  readonly noIncrease: boolean;
  readonly instrument: Instrument;
  readonly quote: Observed<Quote>;
  readonly venueState: VenueState;
  /** At the order's venue, this one not counted. */
  readonly ordersLastMinute: number;
  readonly positionBase: Observed<DecimalText>;
  /** What may be used now, by coin; null: not read. */
  readonly freeByCoin: Readonly<Record<string, DecimalText>> | null;
  readonly unknownOrderInInstrument: boolean;
  readonly clockOffsetMs: Observed<number>;
  readonly limits: LimitsPolicy;
  readonly purpose: Purpose;
};

export type Reapproval =
  | { readonly kind: 'approved'; readonly order: ApprovedOrder }
  | { readonly kind: 'denied'; readonly denial: Denial };

/** Judges one order by the gates that need no portfolio. */
export function reapprove(order: PlannedOrder, fresh: FreshInputs): Reapproval {
  const denial = judgeOrder(order, {
    ...fresh,
    isOrderUnknown: fresh.unknownOrderInInstrument,
    discrepancies: 0,
    positionMode: null,
    repeats: 0,
    portfolio: null,
  });
  return denial === null ? { kind: 'approved', order: seal(order) } : { kind: 'denied', denial };
}

/**
 * A gate: one row of the table, which says to whom it applies and judges.
 *
 * Three kinds of order stand before it: of a plan and increasing risk (every gate holds), of a plan and reducing it, and
 * repairs or flattening, which complete or unwind what is there already.
 */
import type { DecimalText } from '../domain/decimal.ts';
import type { DenialCode } from '../domain/denial.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Observed } from '../domain/observed.ts';
import type { OrderRecord, PlannedOrder } from '../domain/order.ts';
import type { LimitsPolicy } from '../domain/policy.ts';
import type { Quote } from '../domain/snapshot.ts';
import type { VenueState } from '../domain/venue.ts';
import type { PortfolioFacts } from './portfolioFacts.ts';

export type Purpose = OrderRecord['purpose'];

/** What is known when an order is judged; what nobody can know at that point is null, what could not be read is unknown. */
export type GateFacts = {
  readonly purpose: Purpose;
  readonly nowMs: number;
  /** null: it has none. */
  readonly deadlineMs: number | null;
  readonly halted: boolean;
  readonly haltReason: string | null;
  readonly noIncrease: boolean;
  /** Between ledger and venue. */
  readonly discrepancies: number;
  readonly instrument: Instrument;
  readonly quote: Observed<Quote>;
  readonly positionBase: Observed<DecimalText>;
  readonly venueState: VenueState;
  readonly clockOffsetMs: Observed<number>;
  /** null: read when the plan was judged, not again. */
  readonly positionMode: 'oneWay' | 'hedge' | null;
  readonly ordersLastMinute: number;
  readonly repeats: number;
  readonly isOrderUnknown: boolean;
  /** Somebody else has been at work in the instrument of late; not there: read when the plan was judged, not again. */
  readonly isForeignActive?: boolean;
  /** Coins that may be used, by coin; null: not read again, the venue itself refuses what is not there. */
  readonly freeByCoin: Readonly<Record<string, DecimalText>> | null;
  /** null: the account was judged with the plan. */
  readonly portfolio: PortfolioFacts | null;
  readonly limits: LimitsPolicy;
};

export type Finding = {
  readonly limit: number | null;
  readonly found: number | null;
  /** Ends in ", was X". */
  readonly message: string;
};

export type Gate = {
  readonly code: DenialCode;
  readonly holdsForReductions: boolean;
  readonly holdsForRepairs: boolean;
  readonly explanation: string;
  readonly judge: (order: PlannedOrder, facts: GateFacts) => Finding | null;
};

/** Limits on size, rate and price are this many times wider for orders that reduce risk. */
const REDUCTION_WIDENING = 3;

/** The factor by which a limit widens for this order. */
export function widening(order: PlannedOrder, facts: Pick<GateFacts, 'purpose'>): number {
  return facts.purpose !== 'plan' || order.risk === 'reduces' ? REDUCTION_WIDENING : 1;
}

/** Whether the gate concerns this order at all. */
export function appliesTo(
  gate: Gate,
  order: PlannedOrder,
  facts: Pick<GateFacts, 'purpose'>,
): boolean {
  if (facts.purpose !== 'plan') return gate.holdsForRepairs;
  return order.risk === 'increases' || gate.holdsForReductions;
}

/**
 * What the margin guard orders: pure, from a snapshot and the rung on which each venue stands.
 *
 * flatten: everything with a position to liquidate goes. deleverage: as much as makes the account safe. Else pairs that lost a half
 * are mended. Nothing here opens new risk but the half that mends a pair.
 */
import type { InstrumentTarget } from '../domain/decision.ts';
import type { VenueId } from '../domain/ids.ts';
import type { PlannedOrder } from '../domain/order.ts';
import type { Policy } from '../domain/policy.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { type GuardRung, isAtLeast } from '../margin/guard.ts';
import type { Book } from '../parity/sizing/book.ts';
import { closableUnits } from './closableUnits.ts';
import { deleverage, type SafeMargin } from './deleverage.ts';
import { flattenOrders } from './flattenOrders.ts';
import { guardTargets } from './guardTargets.ts';
import { hedgeRepairs } from './lostHedges.ts';
import { type UnitQuantity, unitOrders } from './unitOrders.ts';
import { readVenueBook, venueSnapshot } from './venueBook.ts';

export type GuardAction = {
  readonly venue: VenueId;
  readonly kind: 'deleverage' | 'flatten' | 'completeHedge' | 'unwindHedge' | 'blind';
  /** What was chosen, or why nothing could be. */
  readonly detail: Readonly<Record<string, unknown>>;
};

export type GuardPlan = {
  readonly orders: readonly PlannedOrder[];
  readonly targets: readonly InstrumentTarget[];
  readonly actions: readonly GuardAction[];
};

type VenuePlan = {
  readonly orders: readonly PlannedOrder[];
  readonly actions: readonly GuardAction[];
};

export function guardOrders(
  snapshot: Snapshot,
  policy: Policy,
  rungs: ReadonlyMap<VenueId, GuardRung>,
  safe: SafeMargin,
): GuardPlan {
  const plans = [...rungs].map(([venue, rung]) =>
    planVenue(snapshot, policy, { venue, rung, safe }),
  );
  const orders = plans.flatMap((plan) => plan.orders).toSorted((a, b) => a.stage - b.stage);
  return {
    orders,
    targets: guardTargets(snapshot, policy.legs, orders),
    actions: plans.flatMap((plan) => plan.actions),
  };
}

function planVenue(
  snapshot: Snapshot,
  policy: Policy,
  at: { readonly venue: VenueId; readonly rung: GuardRung; readonly safe: SafeMargin },
): VenuePlan {
  const { venue, rung, safe } = at;
  const reading = readVenueBook(snapshot, policy, venue);
  if (reading.kind === 'unknown') return planBlind(snapshot, policy, venue, rung, reading.reason);
  const { book } = reading;
  if (rung === 'flatten') {
    const parts = closableUnits(book, venue).filter(hasPerpetual).map(whole);
    if (parts.length > 0) return planned(book, venue, 'flatten', parts, true);
  }
  if (rung === 'deleverage') {
    const { closings, shortUsd } = deleverage(book, venue, safe);
    if (closings.length > 0) {
      const plan = planned(book, venue, 'deleverage', closings, false);
      const chosen = closings.map(({ unit, quantityBase, freedUsd, riskLostUsd }) => ({
        unit: unit.name,
        quantityBase,
        freedUsd,
        riskLostUsd,
      }));
      const actions = plan.actions.map((action) => ({ ...action, detail: { chosen, shortUsd } }));
      return { ...plan, actions };
    }
  }
  return planRepairs(book, venue, !isAtLeast(rung, 'deleverage'));
}

const whole = (unit: UnitQuantity['unit']): UnitQuantity => ({
  unit,
  quantityBase: unit.quantityBase,
});

const hasPerpetual = ({ halves }: UnitQuantity['unit']): boolean =>
  halves.some(({ held }) => held.instrument.kind === 'perpetual');

function planned(
  book: Book,
  venue: VenueId,
  kind: GuardAction['kind'],
  parts: readonly UnitQuantity[],
  atOnce: boolean,
): VenuePlan {
  const units = parts.map(({ unit, quantityBase }) => ({ unit: unit.name, quantityBase }));
  return {
    orders: unitOrders(book, parts, atOnce),
    actions: [{ venue, kind, detail: { units } }],
  };
}

function planRepairs(book: Book, venue: VenueId, mayIncrease: boolean): VenuePlan {
  const repairs = hedgeRepairs(book, mayIncrease);
  return {
    orders: unitOrders(book, repairs, true),
    actions: repairs.map(({ kind, leg, quantityBase, unhedgedUsd }) => ({
      venue,
      kind,
      detail: { leg, quantityBase, unhedgedUsd },
    })),
  };
}

/** What cannot be valued cannot be chosen among; on the last rung each position that is known goes all the same. */
function planBlind(
  snapshot: Snapshot,
  policy: Policy,
  venue: VenueId,
  rung: GuardRung,
  reason: string,
): VenuePlan {
  const blind: GuardAction = { venue, kind: 'blind', detail: { reason } };
  if (rung !== 'flatten')
    return { orders: [], actions: isAtLeast(rung, 'deleverage') ? [blind] : [] };
  const { orders, unknown } = flattenOrders(venueSnapshot(snapshot, policy, venue), policy);
  return {
    orders: orders.filter((order) => order.reduceOnly),
    actions: [{ ...blind, kind: 'flatten', detail: { reason, unknown } }],
  };
}

/** Records orders that `decide` did not make, a person's or the margin guard's, as a decision like any other: before they are sent. */
import type { Explanation, TradeDecision } from '../domain/decision.ts';
import type { PlannedOrder } from '../domain/order.ts';
import type { Policy } from '../domain/policy.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { DecisionRecord } from './ports/stores.ts';
import type { Ports } from './ports.ts';
import type { Slot } from './slot.ts';

export type GivenOrders = {
  readonly slot: Slot & { readonly trigger: 'flatten' | 'guard' };
  readonly snapshot: Snapshot;
  readonly orders: readonly PlannedOrder[];
  /** Absent parts were not weighed: nothing sized this. */
  readonly explanation?: Partial<Explanation>;
};

export async function recordOrders(
  ports: Ports,
  policy: Policy,
  { slot, snapshot, orders, explanation }: GivenOrders,
): Promise<DecisionRecord> {
  const { portfolio, execution } = policy;
  const { rebalanceId, trigger, scheduledAtMs } = slot;
  const decidedAtMs = snapshot.observedAtMs;
  const decision: TradeDecision = {
    kind: 'trade',
    rebalanceId,
    decidedAtMs,
    deadlineMs: decidedAtMs + execution.deadlineMs,
    orders,
    denials: [],
    explanation: { legs: [], instruments: [], portfolio: unsized(trigger), ...explanation },
  };
  return await ports.decisions.record({
    rebalanceId,
    portfolio,
    trigger,
    scheduledAtMs,
    codeVersion: trigger,
    policy,
    snapshot,
    decision,
  });
}

const unsized = (method: string): Explanation['portfolio'] => ({
  equityUsd: 0,
  targetVolatilityAnnual: 0,
  forecastVolatilityAnnual: 0,
  grossLeverage: 0,
  fundedUsd: 0,
  initialMarginUsd: 0,
  binding: null,
  solver: { method, iterations: 0, worstGap: 0 },
  repairs: [],
});

/** Flattens: closes every position of the portfolio through the same line, recorded before it is sent, halted or not. */
import type { TradeDecision } from '../domain/decision.ts';
import type { PlannedOrder } from '../domain/order.ts';
import type { Policy } from '../domain/policy.ts';
import { flattenOrders } from '../execution/flattenOrders.ts';
import { execute } from './execute.ts';
import { observe } from './observe.ts';
import type { HeldLease, Ports } from './ports.ts';
import { slotOf } from './slot.ts';

export type FlattenReport = {
  /** What was done, one line each. */
  readonly lines: readonly string[];
  /** False: something is still held, or on its way. */
  readonly isComplete: boolean;
};

/** @throws OperatingError when the world cannot be read. */
export async function flatten(ports: Ports, policy: Policy): Promise<FlattenReport> {
  const lease = await awaitLease(ports, policy);
  if (lease === null) {
    const line =
      'not flattened: another process is rebalancing; it stops by itself, then run it again';
    return { lines: [line], isComplete: false };
  }
  try {
    const slot = slotOf(policy.portfolio, 'flatten', ports.clock.nowMs());
    const snapshot = await observe(ports, policy, slot);
    const { orders, unknown } = flattenOrders(snapshot, policy);
    const decidedAtMs = snapshot.observedAtMs;
    const decision: TradeDecision = {
      kind: 'trade',
      rebalanceId: slot.rebalanceId,
      decidedAtMs,
      deadlineMs: decidedAtMs + policy.execution.deadlineMs,
      orders,
      denials: [],
      explanation: {
        legs: [],
        instruments: [],
        portfolio: {
          equityUsd: 0,
          targetVolatilityAnnual: 0,
          forecastVolatilityAnnual: 0,
          grossLeverage: 0,
          fundedUsd: 0,
          initialMarginUsd: 0,
          binding: null,
          solver: { method: 'flatten', iterations: 0, worstGap: 0 },
          repairs: [],
        },
      },
    };
    const record = await ports.decisions.record({
      rebalanceId: slot.rebalanceId,
      portfolio: policy.portfolio,
      trigger: 'flatten',
      scheduledAtMs: slot.scheduledAtMs,
      codeVersion: 'flatten',
      policy,
      snapshot,
      decision,
    });
    const outcome = await execute(ports, record, lease);
    const lines = [
      ...orders.map((order) => `${order.action} ${order.quantityBase} ${order.instrument}`),
      ...unknown.map((instrument) => `NOT closed, its position or price is unknown: ${instrument}`),
      ...orders.flatMap((order) => (order.action === 'redeem' ? [redemptionNote(order)] : [])),
      `flattened: ${outcome}`,
    ];
    return { lines, isComplete: outcome === 'complete' && unknown.length === 0 };
  } finally {
    await lease.release();
  }
}

const redemptionNote = ({ instrument }: PlannedOrder): string =>
  `a redemption may take the venue hours; \`reconcile\` says when it has arrived: ${instrument}`;

/** A rebalance that runs sees the halt, cancels and ends; a killed one's lease runs out. */
async function awaitLease(ports: Ports, policy: Policy): Promise<HeldLease | null> {
  const { pollMs, settlingMs } = policy.execution;
  const giveUpMs = ports.clock.nowMs() + 3 * settlingMs;
  for (;;) {
    const lease = await ports.lease.acquire(policy.portfolio);
    if (lease !== null || ports.clock.nowMs() >= giveUpMs) return lease;
    await ports.clock.sleep(pollMs);
  }
}

/** Flattens: closes every position of the portfolio through the same line, recorded before it is sent, halted or not. */
import type { TradeDecision } from '../domain/decision.ts';
import type { Policy } from '../domain/policy.ts';
import { flattenOrders } from '../execution/flattenOrders.ts';
import { execute } from './execute.ts';
import { observe } from './observe.ts';
import type { Ports } from './ports.ts';
import { slotOf } from './slot.ts';

/** @returns what was done, one line each. @throws OperatingError when the world cannot be read. */
export async function flatten(ports: Ports, policy: Policy): Promise<readonly string[]> {
  const lease = await ports.lease.acquire(policy.portfolio);
  if (lease === null) {
    return ['not flattened: another process is rebalancing; it stops by itself, then run it again'];
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
    return [
      ...orders.map((order) => `${order.action} ${order.quantityBase} ${order.instrument}`),
      ...unknown.map((instrument) => `NOT closed, its position or price is unknown: ${instrument}`),
      `flattened: ${outcome}`,
    ];
  } finally {
    await lease.release();
  }
}

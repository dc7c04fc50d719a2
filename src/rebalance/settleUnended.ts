/** Orders that have not ended, of whichever decision: looked up, cancelled, booked; what will not end is a discrepancy. */

import { isRedeeming, type OrderRecord } from '../domain/order.ts';
import type { Policy } from '../domain/policy.ts';
import { execute } from './execute.ts';
import type { DecisionRecord, Discrepancy, HeldLease, Ports } from './ports.ts';

/** Decisions found later than their deadline are settled, cancelled and repaired, never resumed. */
export async function settleUnended(
  ports: Ports,
  policy: Policy,
  lease: HeldLease,
): Promise<readonly Discrepancy[]> {
  for (const record of await ports.decisions.unfinished(policy.portfolio)) {
    await execute(ports, asExpired(record, ports.clock.nowMs()), lease);
  }
  const unended = await ports.orders.unended(policy.portfolio);
  // A redemption takes as long as the product says: that is no difference.
  return unended.filter((order) => !isRedeeming(order)).map(asDiscrepancy);
}

/** Nothing new is sent for it: its deadline is now, if it was not before. */
function asExpired(record: DecisionRecord, nowMs: number): DecisionRecord {
  if (record.decision.deadlineMs <= nowMs) return record;
  return { ...record, decision: { ...record.decision, deadlineMs: nowMs } };
}

const asDiscrepancy = (order: OrderRecord): Discrepancy => ({
  venue: order.venue,
  kind: 'order',
  subject: order.clientOrderId,
  ledger: order.state,
  venueSays: order.reason ?? 'nothing',
});

/** Orders that have not ended, of whichever decision: looked up, cancelled, booked; what will not end is a discrepancy. */

import { isRedeeming, type OrderRecord } from '../domain/order.ts';
import type { Policy } from '../domain/policy.ts';
import { execute, settleOnly } from './execute.ts';
import type { HeldLease } from './ports/lease.ts';
import type { Discrepancy } from './ports/stores.ts';
import type { Ports } from './ports.ts';

/**
 * A decision found later than its deadline is settled, cancelled and repaired, never resumed. One that is still good is only
 * settled: its slot, run again, goes on with it.
 */
export async function settleUnended(
  ports: Ports,
  policy: Policy,
  lease: HeldLease,
): Promise<readonly Discrepancy[]> {
  for (const record of await ports.decisions.unfinished(policy.portfolio)) {
    const isGood = ports.clock.nowMs() < record.decision.deadlineMs;
    await (isGood ? settleOnly : execute)(ports, record, lease);
  }
  const unended = await ports.orders.unended(policy.portfolio);
  // A redemption takes as long as the product says: that is no difference.
  return unended.filter((order) => !isRedeeming(order)).map(asDiscrepancy);
}

const asDiscrepancy = (order: OrderRecord): Discrepancy => ({
  venue: order.venue,
  kind: 'order',
  subject: order.clientOrderId,
  ledger: order.state,
  venueSays: order.reason ?? 'nothing',
});

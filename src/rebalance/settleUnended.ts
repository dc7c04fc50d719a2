/** Orders that have not ended, of whichever decision: looked up, cancelled, booked; what will not end is a discrepancy. */

import type { RebalanceId } from '../domain/ids.ts';
import { isRedeeming, type OrderRecord } from '../domain/order.ts';
import type { Policy } from '../domain/policy.ts';
import { execute } from './execute.ts';
import type { HeldLease } from './ports/lease.ts';
import type { Discrepancy } from './ports/stores.ts';
import type { Ports } from './ports.ts';
import { settleRecords } from './settleRecords.ts';

/**
 * A decision found later than its deadline is settled, cancelled and repaired, never resumed. One that is still good is only
 * settled: its slot, run again, goes on with it.
 */
export async function settleUnended(
  ports: Ports,
  policy: Policy,
  lease: HeldLease,
): Promise<readonly Discrepancy[]> {
  const settled = new Set<RebalanceId>();
  for (const record of await ports.decisions.unfinished(policy.portfolio)) {
    const { kind, deadlineMs } = record.decision;
    const isGood = kind === 'trade' && ports.clock.nowMs() < deadlineMs;
    await (isGood ? settleRecords : execute)(ports, record, lease);
    settled.add(record.rebalanceId);
  }
  // A fill may have come, or an order been found, after its decision had ended.
  for (const { rebalanceId } of await ports.orders.unended(policy.portfolio)) {
    if (settled.has(rebalanceId)) continue;
    settled.add(rebalanceId);
    const record = await ports.decisions.find(rebalanceId);
    if (record !== null) await settleRecords(ports, record, lease);
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

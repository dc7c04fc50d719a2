/**
 * Settles what is recorded of a decision, whether it has ended or not: looks up what may be at the venue, cancels what rests,
 * books what filled. Repairs too. It sends nothing and ends nothing.
 */
import { toNumber } from '../domain/decimal.ts';
import type { OrderRecord, PlannedOrder } from '../domain/order.ts';
import { bookCrosses } from './bookFills.ts';
import type { Work } from './executionContext.ts';
import { moveWallets } from './moveWallets.ts';
import { openContext } from './openContext.ts';
import type { HeldLease } from './ports/lease.ts';
import type { DecisionRecord } from './ports/stores.ts';
import type { Ports } from './ports.ts';
import { workStage } from './workStage.ts';

/** @returns false when a venue did not answer for one of them within the limit of waiting. */
export async function settleRecords(
  ports: Ports,
  record: DecisionRecord,
  lease: HeldLease,
): Promise<boolean> {
  const context = await openContext(ports, record, lease, {
    deadlineMs: ports.clock.nowMs(),
    isNew: false,
  });
  await bookCrosses(ports, record);
  const { deadlineMs } = context;
  const unmoved = await moveWallets({ ports, record, lease, deadlineMs });
  const works = [...context.attempts.values()].flatMap(workOf);
  return (await workStage(context, works)) && !unmoved.isOwnOpen;
}

/** Each attempt by itself: what is left of it is nobody's to send. A transfer is no order of a plan. */
function workOf(record: OrderRecord): Work[] {
  const { action } = record;
  if (action === 'transfer') return [];
  const { instrument, venue, symbol, quantityBase, limitPrice, decisionPrice, reduceOnly } = record;
  const styles = { none: 'earn', postOnly: 'passive', ioc: 'ioc' } as const;
  const order: PlannedOrder = {
    instrument,
    venue,
    symbol,
    action,
    style: styles[record.timeInForce],
    quantityBase,
    limitPrice,
    decisionPrice,
    notionalUsd: toNumber(quantityBase) * decisionPrice,
    reduceOnly,
    risk: 'reduces',
    stage: 0,
    pair: null,
    slice: record.slice,
  };
  return [{ order, purpose: record.purpose, records: [record], refusal: null }];
}

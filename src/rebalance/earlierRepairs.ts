/** Repairs of a pair that an earlier run recorded: they are settled before another is made, and what they filled counts. */
import type { OrderRecord, PlannedOrder } from '../domain/order.ts';
import { repairNumber } from '../execution/repairSlices.ts';
import type { ExecutionContext, Work } from './executionContext.ts';

export type Pair = {
  readonly name: string;
  readonly halves: readonly [PlannedOrder, PlannedOrder];
};

export const repairWork = (order: PlannedOrder, records: readonly OrderRecord[]): Work => ({
  order,
  purpose: 'repair',
  records: [...records],
  refusal: null,
});

/** All orders of the decision, by which repairs are numbered. */
export const plannedOrders = ({ record }: ExecutionContext): readonly PlannedOrder[] =>
  record.decision.kind === 'trade' ? record.decision.orders : [];

/** First to last. */
export function earlierRepairs(context: ExecutionContext, { name, halves }: Pair): Work[] {
  const orders = plannedOrders(context);
  const records = [...context.attempts.values()].filter(
    (one) => repairNumber(orders, name, one) !== null,
  );
  const slices = [...new Set(records.map((one) => one.slice))].sort((a, b) => a - b);
  return slices.flatMap((slice) => {
    const ofSlice = records
      .filter((one) => one.slice === slice)
      .sort((a, b) => a.attempt - b.attempt);
    const [one] = ofSlice;
    const half = halves.find((candidate) => candidate.instrument === one?.instrument);
    if (one === undefined || half === undefined || one.action === 'transfer') return [];
    const order: PlannedOrder = {
      ...half,
      action: one.action,
      style: 'ioc',
      quantityBase: one.quantityBase,
      limitPrice: one.limitPrice,
      reduceOnly: one.reduceOnly,
      risk: 'reduces',
      slice,
    };
    // Settled only: what it left is in the imbalance, and a repair of its own mends that.
    return [{ ...repairWork(order, ofSlice), refusal: 'EARLIER_RUN' }];
  });
}

/** Above every one that is recorded: one that was only denied has left no row. */
export function nextRepairNumber(
  context: ExecutionContext,
  { name }: Pair,
  repairs: readonly Work[],
): number {
  const orders = plannedOrders(context);
  const used = repairs
    .flatMap((work) => work.records)
    .flatMap((one) => repairNumber(orders, name, one) ?? []);
  return 1 + Math.max(-1, ...used);
}

/** The decisions of a world that traded, each with its rows and what the venues really filled under their names. */
import { createDecisionStore } from '../../src/adapters/database/decisionStore.ts';
import type { Database } from '../../src/adapters/database/openDatabase.ts';
import { createOrderStore } from '../../src/adapters/database/orderStore.ts';
import { add, type DecimalText, zero } from '../../src/domain/decimal.ts';
import { rebalanceId } from '../../src/domain/ids.ts';
import type { OrderRecord, PlannedOrder } from '../../src/domain/order.ts';
import type { DecisionRecord } from '../../src/rebalance/ports/stores.ts';
import type { JournalEntry } from '../../src/simulator/core/entries.ts';
import { ordersIn } from '../../test/e2e/truth.ts';
import { plannedId } from './rules.ts';

export type Journals = Readonly<Record<string, readonly JournalEntry[]>>;

export type Plan = {
  readonly record: DecisionRecord;
  /** null: it is open to the end. */
  readonly endedAtMs: number | null;
  readonly orders: readonly PlannedOrder[];
  /** Our rows, with what the venue really filled under their names. */
  readonly rows: readonly OrderRecord[];
};

export async function plansOf({ queries }: Database, journals: Journals): Promise<readonly Plan[]> {
  const filled = new Map<string, DecimalText>();
  for (const order of Object.values(journals).flatMap(ordersIn)) {
    const id = plannedId(order.clientOrderId);
    filled.set(id, add(filled.get(id) ?? zero, order.filledBase));
  }
  const decisions = createDecisionStore(queries);
  const orders = createOrderStore(queries);
  const plans: Plan[] = [];
  for (const { rebalance_id, ended_at_ms } of await queries
    .selectFrom('decisions')
    .select(['rebalance_id', 'ended_at_ms'])
    .execute()) {
    const id = rebalanceId(rebalance_id);
    const record = await decisions.find(id);
    if (record?.decision.kind !== 'trade') continue;
    const rows = (await orders.ofRebalance(id)).map((row) => ({
      ...row,
      filledBase: filled.get(row.clientOrderId) ?? zero,
    }));
    plans.push({ record, endedAtMs: ended_at_ms, orders: record.decision.orders, rows });
  }
  return plans;
}

/** A row of this planned order, whichever attempt. */
export const isOf = (row: OrderRecord, order: PlannedOrder): boolean =>
  row.instrument === order.instrument && row.slice === order.slice;

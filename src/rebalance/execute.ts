/**
 * Executes a recorded decision: stages in order, pairs repaired, fills in the ledger, an outcome at the end.
 *
 * Run again on the same record it goes on where it stopped: what to do follows from the rows, not from memory. Past the
 * decision's deadline it only settles, cancels and repairs.
 */

import { add, compare, zero } from '../domain/decimal.ts';
import type { PlannedOrder } from '../domain/order.ts';
import { remainingBase } from '../execution/orderLife.ts';
import { bookCrosses } from './bookFills.ts';
import type { ExecutionContext, Work } from './executionContext.ts';
import type { DecisionRecord, HeldLease, Ports, RebalanceOutcome } from './ports.ts';
import { repairPairs } from './repairPairs.ts';
import { workStage } from './workStage.ts';

/** @returns how it ended; the outcome is also recorded. */
export async function execute(
  ports: Ports,
  record: DecisionRecord,
  lease: HeldLease,
): Promise<RebalanceOutcome> {
  const { decision } = record;
  if (decision.kind === 'stand') return await finish(ports, record, 'stood');
  const context: ExecutionContext = {
    ports,
    record,
    lease,
    instruments: new Map(
      record.snapshot.instruments.map(({ instrument }) => [instrument.id, instrument]),
    ),
    deadlineMs: decision.deadlineMs,
    isRepair: false,
  };
  await bookCrosses(ports, record);
  const works = await worksOf(context, decision.orders);
  const stages = [...new Set(decision.orders.map((order) => order.stage))].sort((a, b) => a - b);
  let isSettled = true;
  for (const stage of stages) {
    const ofStage = works.filter((work) => work.order.stage === stage);
    isSettled = (await workStage(context, ofStage)) && isSettled;
    isSettled = (await repairPairs(context, ofStage)) && isSettled;
  }
  // What the venue did not answer for stays open: the next start, or the next slot, settles it.
  if (!isSettled) return 'partial';
  return await finish(ports, record, outcomeOf(ports, context, works));
}

async function finish(
  ports: Ports,
  record: DecisionRecord,
  outcome: RebalanceOutcome,
): Promise<RebalanceOutcome> {
  await ports.decisions.finish(record.rebalanceId, outcome, ports.clock.nowMs());
  return outcome;
}

/** The orders with what earlier runs recorded and booked of them. */
async function worksOf(
  context: ExecutionContext,
  orders: readonly PlannedOrder[],
): Promise<readonly Work[]> {
  const { ports, record } = context;
  const [records, fills] = await Promise.all([
    ports.orders.ofRebalance(record.rebalanceId),
    ports.ledger.fillsOf(record.rebalanceId),
  ]);
  const booked = new Map<string, ReturnType<typeof add>>();
  for (const fill of fills) {
    const id = fill.clientOrderId;
    if (id !== null) booked.set(id, add(booked.get(id) ?? zero, fill.quantityBase));
  }
  return orders.map((order) => ({
    order,
    purpose: 'plan' as const,
    records: records
      .filter((one) => one.instrument === order.instrument && one.slice === order.slice)
      .sort((a, b) => a.attempt - b.attempt),
    bookedBase: booked,
    refusal: null,
  }));
}

function outcomeOf(
  ports: Ports,
  context: ExecutionContext,
  works: readonly Work[],
): RebalanceOutcome {
  const isComplete = works.every(
    (work) => compare(remainingBase(work.order, work.records), 0) === 0,
  );
  if (isComplete) return 'complete';
  const isUntouched = works.every((work) => work.records.length === 0);
  if (isUntouched && ports.clock.nowMs() >= context.deadlineMs) return 'expired';
  return 'partial';
}

/** What an execution begins with: the rows of a recorded decision, and what of them is in the ledger. */
import { add, type DecimalText, zero } from '../domain/decimal.ts';
import type { ExecutionContext } from './executionContext.ts';
import type { HeldLease } from './ports/lease.ts';
import type { DecisionRecord } from './ports/stores.ts';
import type { Ports } from './ports.ts';

/** @param deadlineMs no new request leaves from then on. */
export async function openContext(
  ports: Ports,
  record: DecisionRecord,
  lease: HeldLease,
  deadlineMs: number,
): Promise<ExecutionContext> {
  const recorded = await ports.orders.ofRebalance(record.rebalanceId);
  // Where no order is, no fill is of it: a new decision asks one question less before its first request.
  const bookedBase = recorded.length === 0 ? new Map() : await bookedBy(ports, record);
  return {
    ports,
    record,
    lease,
    instruments: new Map(
      record.snapshot.instruments.map(({ instrument }) => [instrument.id, instrument]),
    ),
    deadlineMs,
    attempts: new Map(recorded.map((one) => [one.clientOrderId, one])),
    absentSinceMs: new Map(),
    bookedBase,
    isRepair: record.trigger === 'guard' || record.trigger === 'flatten',
  };
}

async function bookedBy(ports: Ports, record: DecisionRecord): Promise<Map<string, DecimalText>> {
  const booked = new Map<string, DecimalText>();
  for (const { clientOrderId, quantityBase } of await ports.ledger.fillsOf(record.rebalanceId)) {
    if (clientOrderId === null) continue;
    booked.set(clientOrderId, add(booked.get(clientOrderId) ?? zero, quantityBase));
  }
  return booked;
}

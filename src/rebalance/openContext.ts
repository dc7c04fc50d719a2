/** What an execution begins with: the rows of a recorded decision, and what of them is in the ledger. */
import { add, type DecimalText, zero } from '../domain/decimal.ts';
import type { ExecutionContext } from './executionContext.ts';
import type { HeldLease } from './ports/lease.ts';
import type { DecisionRecord } from './ports/stores.ts';
import type { Ports } from './ports.ts';

/**
 * @param deadlineMs no new request leaves from then on.
 * @param isNew recorded a moment ago, so that nothing of it can be there: it is not looked for before its first request.
 */
export async function openContext(
  ports: Ports,
  record: DecisionRecord,
  lease: HeldLease,
  { deadlineMs, isNew }: { readonly deadlineMs: number; readonly isNew: boolean },
): Promise<ExecutionContext> {
  const [recorded, bookedBase] = isNew
    ? [[], new Map<string, DecimalText>()]
    : await Promise.all([ports.orders.ofRebalance(record.rebalanceId), bookedBy(ports, record)]);
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

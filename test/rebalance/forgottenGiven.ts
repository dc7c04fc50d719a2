/** An order that its venue acknowledged, left by a process that was killed, at a venue that may have forgotten it. */
import { expect } from 'vitest';
import type { PlannedOrder } from '../../src/domain/order.ts';
import { execute } from '../../src/rebalance/execute.ts';
import type { ExecutionContext } from '../../src/rebalance/executionContext.ts';
import type { DecisionRecord } from '../../src/rebalance/ports/stores.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { attempts, leaseOf, openedWorld, planned, recordTrade, withVenue } from './given.ts';

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/** A post-only order acknowledged, and the process killed while it waits for it. */
export async function orphaned(change: Partial<PlannedOrder> = {}) {
  const { world, ports } = openedWorld();
  world.venue.faults.passiveRests = true;
  const record = await recordTrade(ports, [planned({ style: 'passive', ...change })]);
  const dying = {
    ...ports,
    clock: { ...ports.clock, sleep: () => Promise.reject(new Error('killed')) },
  };
  await expect(execute(dying, record, await leaseOf(ports))).rejects.toThrow('killed');
  world.rows.lease = null;
  const [row] = attempts(world);
  if (row === undefined) throw new Error('the order is recorded');
  expect(row).toMatchObject({ state: 'working', filledBase: '0' });
  expect(row.venueOrderId).not.toBeNull();
  return { world, record, row };
}

export async function contextOf(ports: Ports, record: DecisionRecord, deadlineMs: number) {
  const lease = await leaseOf(ports);
  const context: ExecutionContext = {
    ports,
    record,
    lease,
    instruments: new Map(
      record.snapshot.instruments.map(({ instrument }) => [instrument.id, instrument]),
    ),
    deadlineMs,
    attempts: new Map(),
    absentSinceMs: new Map(),
    bookedBase: new Map(),
    isRepair: false,
  };
  return { context, lease };
}

export const forgetsAfter = (ports: Ports, forgetsAfterMs: number): Ports =>
  withVenue(ports, { gateway: { forgetsAfterMs } });

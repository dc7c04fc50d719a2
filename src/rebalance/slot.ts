/** The slot of a job: one moment at which a portfolio is rebalanced, and the id that follows from it. */
import { type RebalanceId, rebalanceId } from '../domain/ids.ts';
import type { Trigger } from '../domain/snapshot.ts';

export type Slot = {
  readonly rebalanceId: RebalanceId;
  readonly trigger: Trigger;
  readonly scheduledAtMs: number;
};

/** The same moment and trigger always name the same rebalance; no colon, which queues forbid in job ids. */
export function slotOf<T extends Trigger>(
  portfolio: string,
  trigger: T,
  scheduledAtMs: number,
): Slot & { readonly trigger: T } {
  const stamp = new Date(scheduledAtMs).toISOString().replace(/[-:]/g, '').replace('.', '');
  return { rebalanceId: rebalanceId(`${portfolio}-${stamp}-${trigger}`), trigger, scheduledAtMs };
}

/** A rebalance that a person named. */
export const namedSlot = (id: string, nowMs: number): Slot => ({
  rebalanceId: rebalanceId(id),
  trigger: 'manual',
  scheduledAtMs: nowMs,
});

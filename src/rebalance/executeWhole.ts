/**
 * Executes a decision to its end, also where one answer took longer than the lease lasts: who lost it goes on when nobody else had
 * it in between, or half a pair would stay naked until the next slot.
 */
import { execute } from './execute.ts';
import type { DecisionRecord, RebalanceOutcome } from './ports/stores.ts';
import type { Ports } from './ports.ts';
import type { RenewableLease } from './renewableLease.ts';

/** Each time one answer has used up a lease: a venue that does so this often is left to the next slot. */
const cutsMax = 20;

/** @returns null: another process has the lease, or had it; what is left is its own, or the next run's. */
export async function executeWhole(
  ports: Ports,
  record: DecisionRecord,
  lease: RenewableLease,
  isNew: boolean,
): Promise<RebalanceOutcome | null> {
  for (let cuts = 0; cuts < cutsMax; cuts += 1) {
    const outcome = await execute(ports, record, lease, { isNew: isNew && cuts === 0 });
    if (outcome !== 'partial' || (await lease.isHeld())) return outcome;
    if (!(await lease.renew())) return null;
    const open = await ports.decisions.unfinished(record.portfolio);
    if (!open.some((one) => one.rebalanceId === record.rebalanceId)) return outcome;
  }
  return null;
}

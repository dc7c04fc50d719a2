/**
 * A plan while the margin guard asks for the lease, since an account is tight: what rests to increase is taken back, what is spread
 * over time is not waited for, what rests to reduce crosses. Repairs, flattening and the guard's own go on.
 *
 * The fence alone does not do so: it also stands where an account could not be read. Nothing that increases leaves under it, but what
 * rests keeps its place, for crossAfterMs at most, and half a pair keeps its time to be mended.
 */
import { isTerminal } from '../domain/order.ts';
import type { ExecutionPolicy } from '../domain/policy.ts';
import type { ExecutionContext, Work } from './executionContext.ts';
import type { Guards } from './guards.ts';

export const mustYield = (
  { isRepair }: Pick<ExecutionContext, 'isRepair'>,
  { leaseAskedUntilMs }: Guards,
  nowMs: number,
): boolean => !isRepair && (leaseAskedUntilMs ?? 0) > nowMs;

/** What rests has no patience left: what may go on crosses, at the plan's worst price at most. */
export const withoutPatience = (execution: ExecutionPolicy): ExecutionPolicy => ({
  ...execution,
  crossAfterMs: 0,
});

/** Adds what may be at the venue to increase: it is cancelled, and not sent again when the guard is done. What has not left, the checks deny. */
export function takeBackIncreases(
  { ports, record }: ExecutionContext,
  works: readonly Work[],
  takenBack: Set<Work>,
): void {
  for (const work of works) {
    const isOpen = work.records.some((one) => !isTerminal(one.state));
    if (!isOpen || work.order.risk !== 'increases' || takenBack.has(work)) continue;
    takenBack.add(work);
    ports.reporter.warn({
      event: 'orderTakenBack',
      rebalanceId: record.rebalanceId,
      instrument: work.order.instrument,
      code: 'NO_INCREASE',
    });
  }
}

/** Paced reductions neither: sent at once they would move the market, and the guard sizes its own. The next decision sizes the rest. */
export function forgoPaced({ ports, record }: ExecutionContext, works: readonly Work[]): void {
  const nowMs = ports.clock.nowMs();
  const waiting = works.filter(
    ({ order, refusal }) => refusal === null && (order.notBeforeMs ?? 0) > nowMs,
  );
  for (const work of waiting) work.refusal = 'GUARD_WAITS';
  const { rebalanceId } = record;
  ports.reporter.warn({ event: 'pacingEnded', rebalanceId, orders: waiting.length });
}

/** Waits until a stage may leave, where its orders are spread over time; what ends a stage ends the wait. */
import type { PlannedOrder } from '../domain/order.ts';
import type { ExecutionContext } from './executionContext.ts';

/** Ends early at the deadline, when stopping, halted, or without the lease, which it keeps meanwhile. */
export async function awaitStage(
  { ports, record, lease, deadlineMs }: ExecutionContext,
  orders: readonly PlannedOrder[],
): Promise<void> {
  const fromMs = Math.max(0, ...orders.map((order) => order.notBeforeMs ?? 0));
  const untilMs = Math.min(fromMs, deadlineMs);
  for (let nowMs = ports.clock.nowMs(); nowMs < untilMs; nowMs = ports.clock.nowMs()) {
    if (ports.stopping?.aborted === true || !(await lease.isHeld())) return;
    if ((await ports.state.halt(record.portfolio)).halted) return;
    const waitMs = Math.min(untilMs - nowMs, record.policy.execution.pollMs);
    await ports.clock.sleep(waitMs, ports.stopping);
  }
}

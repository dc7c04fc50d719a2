/** Waits until a stage may leave, where its orders are spread over time; what ends a stage ends the wait. */
import type { PlannedOrder } from '../domain/order.ts';
import type { ExecutionContext } from './executionContext.ts';
import { readStanding } from './guards.ts';
import { mustYield } from './yieldToGuard.ts';

/**
 * Ends early at the deadline, when stopping, halted, or without the lease, which it keeps meanwhile.
 *
 * @returns false when the margin guard has ended it: it needs the lease, and does not wait so long.
 */
export async function awaitStage(
  context: ExecutionContext,
  orders: readonly PlannedOrder[],
): Promise<boolean> {
  const { ports, record, deadlineMs } = context;
  const fromMs = Math.max(0, ...orders.map((order) => order.notBeforeMs ?? 0));
  const untilMs = Math.min(fromMs, deadlineMs);
  for (let nowMs = ports.clock.nowMs(); nowMs < untilMs; nowMs = ports.clock.nowMs()) {
    if (ports.stopping?.aborted === true) return true;
    const { isHeld, guards } = await readStanding(context, orders);
    if (!isHeld || guards.halt.halted) return true;
    if (mustYield(context, guards, nowMs)) return false;
    const waitMs = Math.min(untilMs - nowMs, record.policy.execution.pollMs);
    await ports.clock.sleep(waitMs, ports.stopping);
  }
  return true;
}

/**
 * Works a set of orders together until each is done: rounds of one step an order, with a wait when nothing moved.
 *
 * Bounded: past the deadline nothing new is sent and what rests is cancelled; what the venue still does not answer for after
 * the settling time stays recorded as it is, for the next start or watch. Once the margin guard asks for the lease nothing is waited for longer.
 */
import { isRedeeming } from '../domain/order.ts';
import { nextOrderStep, type OrderStep } from '../execution/orderLife.ts';
import type { ExecutionContext, Work } from './executionContext.ts';
import { freshStanding, type Guards, type Standing } from './guards.ts';
import { type PegLooks, restingBehind } from './restingBehind.ts';
import { resendAttempt, sendAttempt } from './sendOrder.ts';
import { cancelOrder, collectFills, lookUpOrder } from './settleOrder.ts';
import { mustYield, takeBackIncreases, withoutPatience } from './yieldToGuard.ts';

/** A stage has never needed a hundredth of it: what loops without end is stopped. */
const roundsMax = 20_000;

/**
 * @param opening what was read for the first round, if it was.
 * @returns true when every order is done, false when the limit of waiting was reached.
 */
export async function workStage(
  context: ExecutionContext,
  works: readonly Work[],
  opening: Standing | null = null,
): Promise<boolean> {
  const { ports, record } = context;
  const { execution } = record.policy;
  const orders = works.map((work) => work.order);
  const startedMs = ports.clock.nowMs();
  const lastMs = Math.max(context.deadlineMs, startedMs);
  const looks: PegLooks = new Map();
  const takenBack = new Set<Work>();
  let yieldingSinceMs: number | null = null;
  for (let round = 0; round < roundsMax; round += 1) {
    const nowMs = ports.clock.nowMs();
    const known = round === 0 ? opening : null;
    const { isHeld, guards } = await freshStanding(context, orders, known);
    // Another may be at work on it: who lost the lease asks nothing, sends nothing and writes nothing.
    if (!isHeld) return false;
    // Repairs and flattening go on while halted: they only take risk away.
    const isHalted = guards.halt.halted && !context.isRepair;
    const isStopping = ports.stopping?.aborted === true;
    const isClosing = nowMs >= context.deadlineMs || isHalted || isStopping;
    const isYielding = mustYield(context, guards, nowMs);
    if (isYielding) takeBackIncreases(context, works, takenBack);
    yieldingSinceMs = isYielding ? (yieldingSinceMs ?? nowMs) : null;
    const giveUpMs = Math.min(yieldingSinceMs ?? lastMs, lastMs) + 2 * execution.settlingMs;
    const behind = isClosing ? new Set<Work>() : await restingBehind(context, works, looks);
    const steps = works.map((work) =>
      nextOrderStep(
        {
          order: work.order,
          records: work.records,
          bookedBase: context.bookedBase,
          nowMs,
          deadlineMs: context.deadlineMs,
          isClosing: isClosing || takenBack.has(work),
          isRefused: work.refusal !== null,
          isBehind: behind.has(work),
        },
        isYielding ? withoutPatience(execution) : execution,
      ),
    );
    if (steps.every((step) => step.kind === 'done')) return true;
    if (nowMs >= giveUpMs) return false;
    const taken = await Promise.allSettled(
      works.map((work, index) => takeStep(context, work, guards, steps[index])),
    );
    // All of them are waited for before one's failure ends the stage: nothing goes on behind the lease.
    const failed = taken.find((one) => one.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    const changes = taken.map((one) => one.status === 'fulfilled' && one.value);
    if (changes.some(Boolean)) continue;
    // It comes when the product says: nobody waits here for hours.
    if ((isClosing || isYielding) && steps.every(isOverOrRedeeming)) return false;
    await ports.clock.sleep(execution.pollMs);
  }
  return false;
}

const isOverOrRedeeming = (step: OrderStep): boolean =>
  step.kind === 'done' || (step.kind === 'lookUp' && isRedeeming(step.record));

async function takeStep(
  context: ExecutionContext,
  work: Work,
  guards: Guards,
  step: OrderStep | undefined,
): Promise<boolean> {
  switch (step?.kind) {
    case 'send':
      return await sendAttempt(context, work, guards, {
        number: step.attempt,
        timeInForce: step.timeInForce,
        quantityBase: step.remainingBase,
      });
    case 'resend':
      return await resendAttempt(context, work, guards, step.record);
    case 'lookUp':
      return await lookUpOrder(context, work, step.record);
    case 'cancel':
      return await cancelOrder(context, work, step.record, guards.readAtMs);
    case 'collect':
      return await collectFills(context, work, step.record);
    case 'done':
    case undefined:
      return false;
  }
}

/**
 * Executes a recorded decision: stages in order, pairs repaired, fills in the ledger, an outcome at the end.
 *
 * Run again on the same record it goes on where it stopped: what to do follows from the rows, not from memory. Past the
 * decision's deadline it only settles, cancels and repairs.
 */

import { compare } from '../domain/decimal.ts';
import type { OrderRecord, PlannedOrder } from '../domain/order.ts';
import { remainingBase } from '../execution/orderLife.ts';
import { awaitStage } from './awaitStage.ts';
import { bookCrosses } from './bookFills.ts';
import type { ExecutionContext, Work } from './executionContext.ts';
import { readStanding } from './guards.ts';
import { moveWallets } from './moveWallets.ts';
import { openContext } from './openContext.ts';
import type { HeldLease } from './ports/lease.ts';
import type { DecisionRecord, RebalanceOutcome } from './ports/stores.ts';
import type { Ports } from './ports.ts';
import { repairedWorks, repairPairs } from './repairPairs.ts';
import { supersededWorks } from './superseded.ts';
import { workStage } from './workStage.ts';
import { forgoPaced } from './yieldToGuard.ts';

/**
 * @param options isNew: it was recorded a moment ago under this lease, no run has begun it, none is newer; deadlineMs: nothing new
 * leaves from then on, where that is before the decision's own deadline.
 * @returns how it ended; the outcome is also recorded, unless something is left to settle.
 */
export async function execute(
  ports: Ports,
  record: DecisionRecord,
  lease: HeldLease,
  options: { readonly isNew?: boolean; readonly deadlineMs?: number } = {},
): Promise<RebalanceOutcome> {
  const { decision } = record;
  if (decision.kind === 'stand') return await finish(ports, record, 'stood');
  const isNew = options.isNew ?? false;
  const deadlineMs = Math.min(decision.deadlineMs, options.deadlineMs ?? decision.deadlineMs);
  const [context, opening] = await Promise.all([
    openContext(ports, record, lease, { deadlineMs, isNew }),
    readStanding({ ports, record, lease }, decision.orders),
    bookCrosses(ports, record),
  ]);
  const works = worksOf(context, decision.orders);
  for (const work of repairedWorks(context, works)) work.refusal = 'PAIR_REPAIRED';
  const superseded = isNew ? [] : await supersededWorks(context, works);
  for (const work of superseded) work.refusal = 'SUPERSEDED';
  // For orders that will not be sent no coins are moved; what was asked for is followed.
  const movesUntilMs = superseded.length > 0 ? ports.clock.nowMs() : deadlineMs;
  const unmoved = await moveWallets({
    ports,
    record,
    lease,
    deadlineMs: Math.min(movesUntilMs, deadlineMs),
  });
  for (const work of works) {
    const isPoor = unmoved.venues.has(work.order.venue) && work.order.risk === 'increases';
    if (isPoor) work.refusal = 'TRANSFER_UNSETTLED';
  }
  const stages = [...new Set(decision.orders.map((order) => order.stage))].sort((a, b) => a - b);
  // Another decision's transfer is that one's to settle.
  let isSettled = !unmoved.isOwnOpen;
  for (const stage of stages) {
    const ofStage = works.filter((work) => work.order.stage === stage);
    if (!areReductionsDone(works, stage)) forbidIncreases(ofStage);
    // What was refused is not waited for.
    const wanted = ofStage.filter((work) => work.refusal === null).map((work) => work.order);
    if (!(await awaitStage(context, wanted))) forgoPaced(context, works);
    isSettled = (await workStage(context, ofStage, opening)) && isSettled;
    isSettled = (await repairPairs(context, ofStage)) && isSettled;
    forbidLaterSlices(works, ofStage);
  }
  if (!(await lease.isHeld())) {
    // Another process may be at work on it: it is not this one's to end.
    ports.reporter.warn({ event: 'leaseLost', rebalanceId: record.rebalanceId });
    return 'partial';
  }
  // What the venue did not answer for stays open: the next start, or the next slot, settles it.
  if (!isSettled || ports.stopping?.aborted === true) return 'partial';
  return await finish(ports, record, await outcomeOf(ports, context, works));
}

/** What was to be freed or closed first must be, before anything is added on top of it. */
const areReductionsDone = (works: readonly Work[], stage: number): boolean =>
  works.every(
    ({ order, records }) =>
      order.stage >= stage ||
      order.risk === 'increases' ||
      compare(remainingBase(order, records), 0) === 0,
  );

function forbidIncreases(works: readonly Work[]): void {
  for (const work of works) {
    if (work.order.risk === 'increases') work.refusal = 'REDUCTION_INCOMPLETE';
  }
}

/** A pair whose slice could not be done is not gone on with: the next slice would only be mended too. */
function forbidLaterSlices(works: readonly Work[], ofStage: readonly Work[]): void {
  const nameOf = (work: Work): string | null => work.order.pair?.split(':')[0] ?? null;
  const failed = new Set(
    ofStage
      .filter((work) => compare(remainingBase(work.order, work.records), 0) > 0)
      .flatMap((work) => nameOf(work) ?? []),
  );
  const stage = ofStage[0]?.order.stage ?? 0;
  for (const work of works) {
    const name = nameOf(work);
    if (name !== null && failed.has(name) && work.order.stage > stage) {
      work.refusal = 'PAIR_INCOMPLETE';
    }
  }
}

async function finish(
  ports: Ports,
  record: DecisionRecord,
  outcome: RebalanceOutcome,
): Promise<RebalanceOutcome> {
  await ports.decisions.finish(record.rebalanceId, outcome, ports.clock.nowMs());
  return outcome;
}

/** What a person or the margin guard closes is not held to what new risk is held to. */
function purposeOf({ trigger }: DecisionRecord): Work['purpose'] {
  if (trigger === 'guard') return 'repair';
  return trigger === 'flatten' ? 'flatten' : 'plan';
}

/** The orders with what earlier runs recorded of them. */
function worksOf(context: ExecutionContext, orders: readonly PlannedOrder[]): readonly Work[] {
  const purpose = purposeOf(context.record);
  return orders.map((order) => {
    const records = [...context.attempts.values()]
      .filter((one) => one.instrument === order.instrument && one.slice === order.slice)
      .sort((a, b) => a.attempt - b.attempt);
    return { order, purpose, records, refusal: rejectionOf(records) };
  });
}

/** A rejection ends an order for whoever goes on with it, too; a post-only that would have crossed may cross. */
function rejectionOf(records: readonly OrderRecord[]): string | null {
  const last = records.at(-1);
  if (last?.state !== 'rejected' || last.timeInForce === 'postOnly') return null;
  return last.reason ?? 'rejected';
}

async function outcomeOf(
  ports: Ports,
  context: ExecutionContext,
  works: readonly Work[],
): Promise<RebalanceOutcome> {
  const isComplete = works.every(
    (work) => compare(remainingBase(work.order, work.records), 0) === 0,
  );
  if (isComplete) return 'complete';
  if ((await ports.state.halt(context.record.portfolio)).halted) return 'halted';
  const isUntouched = works.every((work) => work.records.length === 0);
  if (isUntouched && ports.clock.nowMs() >= context.deadlineMs) return 'expired';
  return 'partial';
}

/**
 * Mends pairs that were left half done: completes the lagging half while there is time, then unwinds the leading one.
 *
 * Runs after the stage and also past the decision's deadline, with a deadline of its own; repairs are orders like any other,
 * recorded before they are sent, and found again after a crash by their slice.
 */
import { isTerminal, type OrderRecord } from '../domain/order.ts';
import { deliveredBase } from '../execution/deliveredBase.ts';
import { type Imbalance, pairImbalance, repairOrder } from '../execution/pairRepair.ts';
import { repairSlice, repairsMax } from '../execution/repairSlices.ts';
import { attempt } from './attempt.ts';
import {
  earlierRepairs,
  nextRepairNumber,
  type Pair,
  plannedOrders,
  repairWork,
} from './earlierRepairs.ts';
import { type ExecutionContext, instrumentOf, venueOf, type Work } from './executionContext.ts';
import { stillHeldBase } from './stillHeld.ts';
import { pairTakenOver } from './superseded.ts';
import { workStage } from './workStage.ts';

/** Both halves refused: so often it is tried again within the time of a repair. */
const pausesMax = 10;

/** @returns false when a venue did not answer for a repair, or its time was over with repairs left: the next run goes on. */
export async function repairPairs(
  context: ExecutionContext,
  works: readonly Work[],
): Promise<boolean> {
  // One that its venue refuses for as long as there is time does not leave another naked meanwhile.
  const mended = await Promise.allSettled(
    pairsOf(works).map(async (pair) => {
      const own = works.filter((work) => pair.halves.includes(work.order));
      const records = own.flatMap((work) => work.records);
      return await repairPair(context, pair, records);
    }),
  );
  // All of them are waited for before one's failure ends the stage: nothing goes on behind the lease.
  const failed = mended.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return mended.every((one) => one.status === 'fulfilled' && one.value);
}

/** Whose pair has a repair on record: that has taken over what they left undone, so a restarted plan must not do it too. */
export const repairedWorks = (context: ExecutionContext, works: readonly Work[]): readonly Work[] =>
  pairsOf(works)
    .filter((pair) => earlierRepairs(context, pair).length > 0)
    .flatMap((pair) => works.filter((work) => pair.halves.includes(work.order)));

function pairsOf(works: readonly Work[]): readonly Pair[] {
  const names = new Set(works.flatMap((work) => work.order.pair ?? []));
  return [...names].flatMap((name): readonly Pair[] => {
    const [first, second] = works.filter((work) => work.order.pair === name);
    return first === undefined || second === undefined
      ? []
      : [{ name, halves: [first.order, second.order] }];
  });
}

async function repairPair(
  context: ExecutionContext,
  pair: Pair,
  planned: readonly OrderRecord[],
): Promise<boolean> {
  const { ports, record } = context;
  const { execution } = record.policy;
  // A half whose outcome is unknown may yet fill: mending now could mend twice.
  if (planned.some((one) => !isTerminal(one.state))) return false;
  const startedMs = ports.clock.nowMs();
  const repairs: Work[] = earlierRepairs(context, pair);
  if (!(await workStage(repairContext(context, startedMs), repairs))) return false;
  const untilMs = startedMs + execution.repairMs;
  const giveUpMs = startedMs + 2 * execution.repairMs;
  let completeUntilMs = untilMs;
  const first = nextRepairNumber(context, pair, repairs);
  let isOutOfTime = false;
  for (let repair = first; repair < repairsMax; repair += 1) {
    isOutOfTime = repair > first && ports.clock.nowMs() >= giveUpMs;
    if (isOutOfTime) break;
    const attempts = [...planned, ...repairs.flatMap((work) => work.records)];
    const imbalance = pairImbalance(pair.halves, attempts);
    // Slices keep what is unhedged on the way under its limit; what is left half done is mended whatever its size.
    if (imbalance === null) return true;
    const newer = repair === first ? await pairTakenOver(context, pair.halves) : 'no';
    if (newer !== 'no') {
      reportUnhedged(context, pair, repairs);
      // What nobody knows yet stays open, and is asked again when that one has ended.
      return newer === 'taken';
    }
    const work = await nextRepair(context, imbalance, attempts, {
      slice: repairSlice(plannedOrders(context), pair.name, repair),
      completeUntilMs,
      mayBeGone: mayBeGone(context, pair, startedMs),
    });
    if (work === null) return true;
    repairs.push(work);
    if (!(await workStage(repairContext(context, startedMs), [work]))) return false;
    // Nothing was sent and nothing refused it: the lease is gone. Whoever holds it goes on.
    if (work.records.length === 0 && work.refusal === null) return false;
    if (work.refusal === null) continue;
    if (work.order.instrument === imbalance.lagging.instrument) {
      // What refuses to complete the pair would refuse again at once: the other half is unwound.
      completeUntilMs = startedMs;
      continue;
    }
    // Both were refused: a venue may think better of it, and half a pair is not left while there is time.
    completeUntilMs = untilMs;
    if (!(await paused(context, (giveUpMs - startedMs) / pausesMax))) return false;
  }
  reportUnhedged(context, pair, repairs);
  // Half a pair does not wait for the next decision: the next slot, reconciliation or start mends it first.
  return !isOutOfTime;
}

/**
 * What is found long after its decision may have been closed by hand meanwhile: completed, it would be opened anew. So only what is
 * seen to be there is completed, and where nothing can be seen it is unwound. What closes a pair is completed whenever it is found.
 */
function mayBeGone({ record }: ExecutionContext, { halves }: Pair, nowMs: number): boolean {
  const { policy, decision } = record;
  const opens = halves.some((half) => half.risk === 'increases');
  return opens && nowMs >= decision.deadlineMs + policy.execution.repairMs;
}

function reportUnhedged(
  { ports, record }: ExecutionContext,
  { name }: Pair,
  repairs: readonly Work[],
): void {
  const { rebalanceId } = record;
  ports.reporter.warn({ event: 'pairUnhedged', rebalanceId, pair: name, attempts: repairs.length });
}

/** Keeps the lease meanwhile. @returns false when it is gone, or the process is to stop: whoever comes next goes on. */
async function paused(
  { ports, lease, record }: ExecutionContext,
  pauseMs: number,
): Promise<boolean> {
  const untilMs = ports.clock.nowMs() + pauseMs;
  for (let nowMs = ports.clock.nowMs(); nowMs < untilMs; nowMs = ports.clock.nowMs()) {
    if (ports.stopping?.aborted === true || !(await lease.isHeld())) return false;
    const waitMs = Math.min(untilMs - nowMs, record.policy.execution.pollMs);
    await ports.clock.sleep(waitMs, ports.stopping);
  }
  return true;
}

/** A repair has time of its own, also when the decision's is over. */
const repairContext = (context: ExecutionContext, startedMs: number): ExecutionContext => ({
  ...context,
  deadlineMs: startedMs + 2 * context.record.policy.execution.repairMs,
  isRepair: true,
});

async function nextRepair(
  context: ExecutionContext,
  imbalance: Imbalance,
  attempts: readonly OrderRecord[],
  asked: { readonly slice: number; readonly completeUntilMs: number; readonly mayBeGone: boolean },
): Promise<Work | null> {
  const { ports, record } = context;
  const { leading, lagging } = imbalance;
  const [laggingInstrument, leadingInstrument] = [lagging, leading].map((half) =>
    instrumentOf(context, half.instrument),
  ) as [ReturnType<typeof instrumentOf>, ReturnType<typeof instrumentOf>];
  const [laggingQuote, leadingQuote, fills] = await Promise.all([
    attempt(ports, () => venueOf(context, lagging).reader.quote(laggingInstrument)),
    attempt(ports, () => venueOf(context, leading).reader.quote(leadingInstrument)),
    ports.ledger.fillsOf(record.rebalanceId),
  ]);
  const delivered = deliveredBase(imbalance, leadingInstrument, attempts, fills);
  const held = asked.mayBeGone ? await stillHeldBase(context, leading, delivered) : delivered;
  const nowMs = ports.clock.nowMs();
  const repair = repairOrder(imbalance, {
    nowMs,
    completeUntilMs: held === null ? nowMs : asked.completeUntilMs,
    laggingQuote,
    leadingQuote,
    laggingInstrument,
    leadingInstrument,
    deliveredBase: held ?? delivered,
    execution: record.policy.execution,
    limits: record.policy.limits,
    slice: asked.slice,
  });
  ports.reporter.warn({
    event: 'pairRepair',
    rebalanceId: record.rebalanceId,
    kind: repair.kind,
    unhedgedUsd: imbalance.unhedgedUsd,
  });
  if (repair.kind === 'tooSmall') return null;
  return repairWork(repair.order, []);
}

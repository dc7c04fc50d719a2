/**
 * The line: observe → decide → record → act → record → report, for one slot of one portfolio.
 *
 * The first recorded decision of an id wins: run again it is executed, never decided anew.
 */
import { OperatingError } from '../domain/operatingError.ts';
import type { Policy } from '../domain/policy.ts';
import { attempt } from './attempt.ts';
import { bookVenueCash } from './bookCash.ts';
import { decide } from './decide.ts';
import { executeWhole } from './executeWhole.ts';
import { reportShortfall } from './measureShortfall.ts';
import { noteMargins } from './noteMargins.ts';
import { observe } from './observe.ts';
import type { DecisionRecord, RebalanceOutcome } from './ports/stores.ts';
import type { Ports } from './ports.ts';
import { recordEquity } from './recordEquity.ts';
import { acquireRenewable, type RenewableLease } from './renewableLease.ts';
import { latchRepeats } from './repeatLatch.ts';
import type { Slot } from './slot.ts';

export type RebalanceResult =
  | {
      readonly kind: 'ended';
      readonly record: DecisionRecord;
      readonly outcome: RebalanceOutcome;
    }
  /** This id ended before: nothing was done. */
  | { readonly kind: 'repeated'; readonly record: DecisionRecord }
  /** Another process is rebalancing this portfolio, or may be. */
  | { readonly kind: 'busy' };

/** @throws OperatingError when the world fails before a decision is recorded. */
export async function rebalance(
  ports: Ports,
  policy: Policy,
  slot: Slot,
  codeVersion: string,
): Promise<RebalanceResult> {
  const lease = await acquireRenewable(ports, policy.portfolio);
  if (lease === null) return { kind: 'busy' };
  try {
    return await rebalanceHeld(ports, policy, slot, { lease, codeVersion });
  } finally {
    await lease.release();
  }
}

async function rebalanceHeld(
  ports: Ports,
  policy: Policy,
  slot: Slot,
  { lease, codeVersion }: { readonly lease: RenewableLease; readonly codeVersion: string },
): Promise<RebalanceResult> {
  const startedMs = ports.clock.nowMs();
  const unfinished = await ports.decisions.unfinished(policy.portfolio);
  const found = await ports.decisions.find(slot.rebalanceId);
  if (found !== null && found.portfolio !== policy.portfolio) {
    throw new OperatingError(`the id ${slot.rebalanceId} is portfolio ${found.portfolio}'s`, {
      retryable: false,
      fault: 'input',
      remedy: 'give this rebalance an id of its own',
    });
  }
  if (found !== null && !unfinished.some((one) => one.rebalanceId === slot.rebalanceId)) {
    return { kind: 'repeated', record: found };
  }
  // What earlier slots left open is settled before anything new is decided.
  const cutOff = await endEarlier(ports, unfinished, slot, { lease, startedMs });
  if (cutOff !== null) return busyAfter(ports, cutOff);
  const decided =
    found === null ? await decideAndRecord(ports, policy, slot, { lease, codeVersion }) : null;
  const record = found ?? decided?.record;
  if (record === undefined) return { kind: 'busy' };
  const outcome = await end(ports, record, lease, { startedMs, isNew: decided?.isNew ?? false });
  if (outcome === null) return busyAfter(ports, record);
  await bookWhatCame(ports, policy);
  return { kind: 'ended', record, outcome };
}

function busyAfter({ reporter }: Ports, { rebalanceId }: DecisionRecord): RebalanceResult {
  reporter.warn({ event: 'leaseLost', rebalanceId });
  return { kind: 'busy' };
}

/**
 * Oldest first; then once more those that are left, but for the newest: half a pair that waited for a newer decision to tell is
 * not left naked when that one has told.
 *
 * @returns at which one another process took the lease; null: none.
 */
async function endEarlier(
  ports: Ports,
  unfinished: readonly DecisionRecord[],
  { rebalanceId }: Slot,
  { lease, startedMs }: { readonly lease: RenewableLease; readonly startedMs: number },
): Promise<DecisionRecord | null> {
  const earlier = unfinished.filter((one) => one.rebalanceId !== rebalanceId);
  const endAll = async (records: readonly DecisionRecord[]): Promise<DecisionRecord | null> => {
    for (const one of records) {
      const outcome = await end(ports, one, lease, { startedMs, isNew: false });
      // What a lost lease cut off may be half a pair: it is gone on with, not sized on.
      if (outcome === null) return one;
    }
    return null;
  };
  const cutOff = await endAll(earlier);
  const portfolio = earlier[0]?.portfolio;
  if (cutOff !== null || earlier.length < 2 || portfolio === undefined) return cutOff;
  const open = new Set((await ports.decisions.unfinished(portfolio)).map((one) => one.rebalanceId));
  const newest = earlier.at(-1);
  // While that one is open itself it has told nothing.
  if (newest === undefined || open.has(newest.rebalanceId)) return null;
  return await endAll(earlier.filter((one) => open.has(one.rebalanceId)));
}

/** Executes and reports; the equity mark first, which drawdown is measured by. @returns null: another took the lease. */
async function end(
  ports: Ports,
  record: DecisionRecord,
  lease: RenewableLease,
  { startedMs, isNew }: { readonly startedMs: number; readonly isNew: boolean },
): Promise<RebalanceOutcome | null> {
  await recordEquity(ports, record);
  const outcome = await executeWhole(ports, record, lease, isNew);
  if (outcome === null) return null;
  await reportShortfall(ports, record);
  ports.reporter.rebalanceEnded(outcome, (ports.clock.nowMs() - startedMs) / 1000);
  ports.reporter.event({ event: 'rebalanceEnded', rebalanceId: record.rebalanceId, outcome });
  return outcome;
}

/**
 * Payments belong to the legs as they stand before they trade, and a deposit must not look like profit. A venue that does
 * not answer is no reason to leave the others as they are.
 */
async function bookWhatCame(ports: Ports, policy: Policy): Promise<void> {
  for (const [venue, port] of ports.venues) {
    const booked = await attempt(ports, () => bookVenueCash(ports, policy, port));
    if (booked.kind === 'unknown') {
      ports.reporter.warn({ event: 'cashUnread', venue, reason: booked.reason });
    }
  }
}

/** @returns null when another process wrote while this one observed: what it saw is no longer so. */
async function decideAndRecord(
  ports: Ports,
  policy: Policy,
  slot: Slot,
  { lease, codeVersion }: { readonly lease: RenewableLease; readonly codeVersion: string },
): Promise<{ readonly record: DecisionRecord; readonly isNew: boolean } | null> {
  await bookWhatCame(ports, policy);
  const snapshot = await observe(ports, policy, slot);
  noteMargins(ports, snapshot, policy);
  const decision = decide(snapshot, policy);
  if (!(await lease.renew())) {
    ports.reporter.warn({ event: 'leaseLost', rebalanceId: slot.rebalanceId });
    return null;
  }
  const made: DecisionRecord = {
    rebalanceId: slot.rebalanceId,
    portfolio: policy.portfolio,
    trigger: slot.trigger,
    scheduledAtMs: slot.scheduledAtMs,
    codeVersion,
    policy,
    snapshot,
    decision,
  };
  const record = await ports.decisions.record(made);
  await latchRepeats(ports, record.decision.denials);
  for (const denial of record.decision.denials) ports.reporter.orderDenied(denial.code);
  ports.reporter.event({
    event: 'decided',
    rebalanceId: record.rebalanceId,
    kind: record.decision.kind,
    ...(record.decision.kind === 'trade'
      ? { orders: record.decision.orders.length }
      : { code: record.decision.code, reason: record.decision.reason }),
    denials: record.decision.denials,
  });
  return { record, isNew: record === made };
}

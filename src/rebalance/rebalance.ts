/**
 * The line: observe → decide → record → act → record → report, for one slot of one portfolio.
 *
 * The first recorded decision of an id wins: run again it is executed, never decided anew.
 */
import type { Policy } from '../domain/policy.ts';
import { attempt } from './attempt.ts';
import { bookCash, bookVenueCash } from './bookCash.ts';
import { decide } from './decide.ts';
import { execute } from './execute.ts';
import { observe } from './observe.ts';
import type { DecisionRecord, HeldLease, Ports, RebalanceOutcome } from './ports.ts';
import { recordEquity } from './recordEquity.ts';
import type { Slot } from './slot.ts';

export type RebalanceResult =
  | {
      readonly kind: 'ended';
      readonly record: DecisionRecord;
      readonly outcome: RebalanceOutcome;
    }
  /** This id ended before: nothing was done. */
  | { readonly kind: 'repeated'; readonly record: DecisionRecord }
  /** Another process is rebalancing this portfolio. */
  | { readonly kind: 'busy' };

/** @throws OperatingError when the world fails before a decision is recorded. */
export async function rebalance(
  ports: Ports,
  policy: Policy,
  slot: Slot,
  codeVersion: string,
): Promise<RebalanceResult> {
  const lease = await ports.lease.acquire(policy.portfolio);
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
  { lease, codeVersion }: { readonly lease: HeldLease; readonly codeVersion: string },
): Promise<RebalanceResult> {
  const startedMs = ports.clock.nowMs();
  const unfinished = await ports.decisions.unfinished(policy.portfolio);
  const found = await ports.decisions.find(slot.rebalanceId);
  if (found !== null && !unfinished.some((one) => one.rebalanceId === slot.rebalanceId)) {
    return { kind: 'repeated', record: found };
  }
  // What an earlier slot left open is settled before anything new is decided.
  for (const earlier of unfinished) {
    if (earlier.rebalanceId !== slot.rebalanceId) await execute(ports, earlier, lease);
  }
  const record = found ?? (await decideAndRecord(ports, policy, slot, codeVersion));
  const outcome = await execute(ports, record, lease);
  await bookCash(ports, policy);
  await recordEquity(ports, record);
  ports.reporter.rebalanceEnded(outcome, (ports.clock.nowMs() - startedMs) / 1000);
  ports.reporter.event({ event: 'rebalanceEnded', rebalanceId: record.rebalanceId, outcome });
  return { kind: 'ended', record, outcome };
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

async function decideAndRecord(
  ports: Ports,
  policy: Policy,
  slot: Slot,
  codeVersion: string,
): Promise<DecisionRecord> {
  await bookWhatCame(ports, policy);
  const snapshot = await observe(ports, policy, slot);
  const decision = decide(snapshot, policy);
  const record = await ports.decisions.record({
    rebalanceId: slot.rebalanceId,
    portfolio: policy.portfolio,
    trigger: slot.trigger,
    scheduledAtMs: slot.scheduledAtMs,
    codeVersion,
    policy,
    snapshot,
    decision,
  });
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
  return record;
}

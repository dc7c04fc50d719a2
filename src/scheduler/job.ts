/** Jobs: what may run, when, for how long, and how a run can end. */
import type { Trigger } from '../domain/snapshot.ts';
import { slotOf } from '../rebalance/slot.ts';

export const jobNames = [
  'rebalance',
  'reconcile',
  'history',
  'booking',
  'margin',
  'solvency',
  'drift',
] as const;
export type JobName = (typeof jobNames)[number];

/** `late`: its slot was too old, or a newer one took its place; `overdue`: stopped at its deadline. */
export const jobOutcomes = ['complete', 'retried', 'failed', 'overdue', 'late'] as const;
export type JobOutcome = (typeof jobOutcomes)[number];

export type Schedule = { readonly everyMs: number } | { readonly cron: string };

export type JobSlot = {
  readonly scheduledAtMs: number;
  readonly trigger: Trigger;
  /** Whose, where many share the queues. */
  readonly portfolio?: string;
};

export type JobContext = JobSlot & {
  /** Aborts at the deadline and when the scheduler stops. */
  readonly signal: AbortSignal;
};

export type JobDefinition = {
  readonly name: JobName;
  /** Where many share the queues; absent: that of the queues. */
  readonly portfolio?: string;
  /** null: only when somebody enqueues it. Cron is in UTC. */
  readonly schedule: Schedule | null;
  /** Of one run; a slot older than this when it is picked up is skipped. */
  readonly deadlineMs: number;
  readonly attemptsMax: number;
  run(context: JobContext): Promise<void>;
};

/**
 * `line`: what writes to the venues and needs the portfolio's lease, one after another. `watch`: reads, side by side, which
 * must not wait behind a rebalance.
 */
export type Lane = 'line' | 'watch';

export const laneOf = (name: JobName): Lane =>
  name === 'rebalance' || name === 'reconcile' ? 'line' : 'watch';

/** The same job, slot and trigger always have the same id, so it is queued once; without a colon, which queues forbid. */
export const jobIdOf = (portfolio: string, name: JobName, slot: JobSlot): string =>
  `${name}-${slotOf(slot.portfolio ?? portfolio, slot.trigger, slot.scheduledAtMs).rebalanceId}`;

/** The job of a portfolio: what it is found by, and the key of its schedule. A dot is in no portfolio's name. */
export const jobKeyOf = ({ name, portfolio }: Pick<JobDefinition, 'name' | 'portfolio'>): string =>
  portfolio === undefined ? name : `${name}.${portfolio}`;

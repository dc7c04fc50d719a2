/** What the scheduler tells its owner; log, metrics and readiness are made of it. */
import type { JobName, JobOutcome, JobSlot } from './job.ts';

export type JobEnded = JobSlot & {
  readonly job: JobName;
  readonly outcome: JobOutcome;
  readonly seconds: number;
  /** null: complete. */
  readonly error: Error | null;
};

export type QueueCount = {
  readonly queue: string;
  readonly state: 'waiting' | 'active' | 'delayed' | 'failed';
  readonly jobs: number;
};

export type SchedulerHooks = {
  readonly jobEnded: (ended: JobEnded) => void;
  /** Counts of every queue at each look; null: the queue does not answer. */
  readonly queueCounted: (counts: readonly QueueCount[] | null) => void;
  /** The queue's own failure, the same message at most once a minute. */
  readonly queueFailed: (error: Error) => void;
  /** A schedule that was there had gone and was put back. */
  readonly scheduleRestored: (job: string) => void;
  /** A broken invariant: the owner must stop the process. */
  readonly fatal: (error: Error) => void;
};

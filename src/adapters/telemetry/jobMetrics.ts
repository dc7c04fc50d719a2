/** Jobs in the metrics: how runs ended, how long they took, and what waits. */
import type { Metrics } from './metrics.ts';

export type JobFigures = {
  readonly job: string;
  readonly outcome: string;
  readonly seconds: number;
};

export type QueueFigures = {
  readonly queue: string;
  readonly state: string;
  readonly jobs: number;
};

export function countJob(metrics: Metrics, { job, outcome, seconds }: JobFigures): void {
  metrics.jobs.inc({ job, outcome });
  metrics.jobSeconds.observe({ job }, seconds);
}

/** @param counts null: the queue does not answer, so nothing is known of it. */
export function showQueues(metrics: Metrics, counts: readonly QueueFigures[] | null): void {
  if (counts === null) {
    metrics.queueJobs.reset();
    return;
  }
  for (const { queue, state, jobs } of counts) metrics.queueJobs.set({ queue, state }, jobs);
}

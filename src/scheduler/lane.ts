/** Into a lane and out of it: a slot is queued once, and a job runs at most once at a time in this process. */
import { UnrecoverableError } from 'bullmq';
import type { Clock } from '../rebalance/ports.ts';
import { type JobQueue, keptJobs, type QueuedJob } from './connection.ts';
import type { SchedulerHooks } from './hooks.ts';
import { type JobDefinition, type JobName, type JobSlot, jobIdOf } from './job.ts';
import { runJob } from './runJob.ts';

const backoffMs = 1_000;
const graceMs = 5_000;

export type RunnerOptions = {
  readonly definitions: readonly JobDefinition[];
  readonly clock: Clock;
  readonly hooks: SchedulerHooks;
  readonly stopping: AbortSignal;
};

/** Queues a slot once; what still waits of the same job is older, and gives way. */
export async function addJob(
  queue: JobQueue,
  { portfolio, hooks }: { readonly portfolio: string; readonly hooks: SchedulerHooks },
  { name, attemptsMax }: JobDefinition,
  slot: JobSlot,
): Promise<void> {
  const jobId = jobIdOf(portfolio, name, slot);
  for (const waiting of await queue.getJobs(['waiting', 'delayed'])) {
    const isSame = waiting.id === jobId;
    if (waiting.name !== name || isSame) continue;
    // A newer one waits already: this slot has lost its turn.
    if (waiting.data.scheduledAtMs > slot.scheduledAtMs) return;
    if (await isRemoved(waiting)) {
      const { scheduledAtMs, trigger } = waiting.data;
      hooks.jobEnded({
        job: name,
        outcome: 'late',
        scheduledAtMs,
        trigger,
        seconds: 0,
        error: null,
      });
    }
  }
  const backoff = { type: 'exponential', delay: backoffMs };
  await queue.add(name, slot, { jobId, attempts: attemptsMax, backoff, ...keptJobs });
}

/** A worker may have taken it in the meantime. */
async function isRemoved(job: { remove(): Promise<void> }): Promise<boolean> {
  try {
    await job.remove();
    return true;
  } catch {
    return false;
  }
}

export type Runner = {
  /** What the worker calls. Rejects where BullMQ is to count a failure. */
  readonly process: (job: QueuedJob) => Promise<string>;
  /** Resolves when nothing runs any more. */
  readonly idle: () => Promise<unknown>;
};

export function createRunner(options: RunnerOptions): Runner {
  const { definitions, clock, hooks, stopping } = options;
  const running = new Map<JobName, Promise<unknown>>();
  return {
    process: async (job) => {
      const definition = definitions.find((one) => one.name === job.name);
      if (definition === undefined) {
        throw new UnrecoverableError(`no such job here, was ${job.name}`);
      }
      const { name } = definition;
      const startedMs = clock.nowMs();
      const run = running.has(name)
        ? null
        : runJob(definition, job.data, {
            clock,
            stopping,
            graceMs,
            attemptsMade: job.attemptsMade,
            fatal: hooks.fatal,
          });
      if (run !== null) {
        const settled = run.settled.finally(() => running.delete(name));
        running.set(name, settled);
      }
      const { outcome, error } = (await run?.result) ?? { outcome: 'late' as const, error: null };
      const seconds = (clock.nowMs() - startedMs) / 1000;
      hooks.jobEnded({ ...job.data, job: name, outcome, seconds, error });
      if (outcome === 'retried' && error !== null) throw error;
      if (error !== null) throw new UnrecoverableError(error.message);
      return outcome;
    },
    idle: () => Promise.all(running.values()),
  };
}

/** Into a lane and out of it: a slot is queued once, and a job runs at most once at a time in this process. */
import { UnrecoverableError } from 'bullmq';
import type { Clock } from '../rebalance/ports.ts';
import { type JobQueue, keptJobs, type QueuedJob } from './connection.ts';
import type { SchedulerHooks } from './hooks.ts';
import { type JobDefinition, type JobSlot, jobIdOf, jobKeyOf, laneOf } from './job.ts';
import { runJob } from './runJob.ts';

const backoffMs = 1_000;
const graceMs = 5_000;

export type RunnerOptions = {
  readonly definitions: readonly JobDefinition[];
  readonly clock: Clock;
  readonly hooks: SchedulerHooks;
  readonly stopping: AbortSignal;
};

export type Adding = {
  readonly portfolio: string;
  readonly hooks: SchedulerHooks;
  /** Id of the last slot that this process queued, by the job's key. */
  readonly queued: Map<string, string>;
};

/** Queues a slot once; what still waits of the same job is older, and gives way. */
export async function addJob(
  queue: JobQueue,
  { portfolio, hooks, queued }: Adding,
  definition: JobDefinition,
  slot: JobSlot,
): Promise<void> {
  const { name, attemptsMax } = definition;
  const key = jobKeyOf(definition);
  const jobId = jobIdOf(portfolio, name, slot);
  const waitingNow =
    definition.portfolio === undefined
      ? await queue.getJobs(waitingStates)
      : await lastQueued(queue, queued.get(key));
  for (const waiting of waitingNow) {
    const isSame = waiting.id === jobId;
    if (waiting.name !== name || isSame) continue;
    // A newer one waits already: this slot has lost its turn.
    if (waiting.data.scheduledAtMs > slot.scheduledAtMs) return;
    if (await isRemoved(waiting)) {
      hooks.jobEnded({ ...waiting.data, job: name, outcome: 'late', seconds: 0, error: null });
    }
  }
  const backoff = { type: 'exponential', delay: backoffMs };
  await queue.add(name, slot, { jobId, attempts: attemptsMax, backoff, ...keptJobs });
  queued.set(key, jobId);
}

const waitingStates: ('waiting' | 'delayed')[] = ['waiting', 'delayed'];

/** A queue of many portfolios is not looked through for every slot; what another process queued is late by itself. */
async function lastQueued(queue: JobQueue, id: string | undefined) {
  const job = id === undefined ? undefined : await queue.getJob(id);
  if (job === undefined) return [];
  const state = await job.getState();
  return state === 'waiting' || state === 'delayed' ? [job] : [];
}

async function endedOrGivenUp(
  run: Promise<unknown>,
  limitMs: number,
  clock: Clock,
  stopping: AbortSignal,
): Promise<void> {
  const ended = new AbortController();
  try {
    await Promise.race([run, clock.sleep(limitMs, AbortSignal.any([ended.signal, stopping]))]);
  } finally {
    ended.abort();
  }
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
  const byKey = new Map(definitions.map((one) => [jobKeyOf(one), one]));
  const running = new Map<string, Promise<unknown>>();
  return {
    process: async (job) => {
      const { portfolio } = job.data;
      const key = portfolio === undefined ? job.name : `${job.name}.${portfolio}`;
      const definition = byKey.get(key);
      if (definition === undefined) {
        // Another process may have been given that portfolio's config already.
        if (portfolio !== undefined) throw new Error(`no such job here yet, was ${key}`);
        throw new UnrecoverableError(`no such job here, was ${key}`);
      }
      const { name } = definition;
      const startedMs = clock.nowMs();
      // Where lines run side by side, a portfolio's own still wait for one another.
      const before = running.get(key);
      if (before !== undefined && portfolio !== undefined && laneOf(name) === 'line') {
        await endedOrGivenUp(before, definition.deadlineMs, clock, stopping);
      }
      const run = running.has(key)
        ? null
        : runJob(definition, job.data, {
            clock,
            stopping,
            graceMs,
            attemptsMade: job.attemptsMade,
            fatal: hooks.fatal,
          });
      if (run !== null) {
        const settled = run.settled.finally(() => running.delete(key));
        running.set(key, settled);
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

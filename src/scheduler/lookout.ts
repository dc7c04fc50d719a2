/** Looks at the queue from time to time: is it there, how much waits, are the schedules still in it. */
import { OperatingError } from '../domain/operatingError.ts';
import type { Clock } from '../rebalance/ports.ts';
import { bounded } from './bounded.ts';
import type { QueueCount, SchedulerHooks } from './hooks.ts';
import type { JobDefinition } from './job.ts';
import type { QueueSet } from './queueSet.ts';
import { restoreSchedules } from './schedules.ts';

const countedStates = ['waiting', 'active', 'delayed', 'failed'] as const;
const countedQueues = ['line', 'watch'] as const;

export type LookoutOptions = {
  readonly queues: QueueSet;
  /** Those whose schedules are put back when they are lost; empty where this process does not schedule. */
  readonly scheduled: readonly JobDefinition[];
  readonly hooks: Pick<SchedulerHooks, 'queueCounted' | 'scheduleRestored'>;
  readonly failed: (error: Error) => void;
  readonly clock: Clock;
  readonly lookEveryMs: number;
  readonly answerMs: number;
};

/** @throws OperatingError, retryable, when the queue does not answer. */
export async function countJobs(
  queues: QueueSet,
  answerMs: number,
): Promise<readonly QueueCount[]> {
  const counted = countedQueues.map(async (name) => {
    const found = await queues[name].getJobCounts(...countedStates);
    return countedStates.map((state) => ({ queue: name, state, jobs: found[state] ?? 0 }));
  });
  return (await bounded('count its jobs', answerMs, Promise.all(counted))).flat();
}

/** Goes on until the signal aborts. */
export async function keepLooking(
  options: LookoutOptions,
  stopping: AbortSignal,
  found: (isUp: boolean) => void,
): Promise<void> {
  const { hooks, failed, clock, lookEveryMs } = options;
  while (!stopping.aborted) {
    try {
      await look(options);
      found(true);
    } catch (error) {
      if (!(error instanceof OperatingError)) throw error;
      // Closing its connections makes the last look fail.
      if (stopping.aborted) return;
      found(false);
      hooks.queueCounted(null);
      failed(error);
    }
    await clock.sleep(lookEveryMs, stopping);
  }
}

async function look(options: LookoutOptions): Promise<void> {
  const { queues, scheduled, hooks, clock, answerMs } = options;
  hooks.queueCounted(await countJobs(queues, answerMs));
  if (scheduled.length === 0) return;
  const restored = restoreSchedules(queues.ticks, scheduled, clock.nowMs());
  for (const name of await bounded('list its schedules', answerMs, restored)) {
    hooks.scheduleRestored(name);
  }
}

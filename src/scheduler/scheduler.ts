/**
 * The scheduler: which jobs exist, when they fire, and that they end.
 *
 * Ticks fire in a queue of their own and only put the real job, with an id made of its slot, into its lane; so any number
 * of processes may schedule and work, over one PostgreSQL or one Redis, and a slot is still queued once.
 */
import { invariant } from '../math/invariant.ts';
import type { Clock } from '../rebalance/ports.ts';
import { bounded } from './bounded.ts';
import type { QueuePlace } from './connection.ts';
import type { QueueCount, SchedulerHooks } from './hooks.ts';
import { type JobDefinition, type JobName, type JobSlot, laneOf } from './job.ts';
import { addJob, createRunner } from './lane.ts';
import { countJobs, keepLooking } from './lookout.ts';
import { onceAMinute } from './onceAMinute.ts';
import { openQueues, type Process, quietly } from './queueSet.ts';
import { applySchedules, slotOfTick } from './schedules.ts';

export type SchedulerOptions = {
  readonly queue: QueuePlace;
  readonly portfolio: string;
  readonly jobs: readonly JobDefinition[];
  /** `scheduler` makes jobs at their times, `worker` runs them. */
  readonly roles: { readonly scheduler: boolean; readonly worker: boolean };
  readonly hooks: SchedulerHooks;
  readonly clock: Clock;
  /** Between two looks at the queue. */
  readonly lookEveryMs?: number;
  /** Within which the queue must have answered at the start. */
  readonly startMs?: number;
  /** Within which it must answer afterwards. */
  readonly answerMs?: number;
};

export type Scheduler = {
  /** @throws OperatingError when the queue does not answer. */
  start(): Promise<void>;
  /** Takes no more jobs, tells running ones to stop, waits for them so long, and leaves. Never rejects. */
  stop(withinMs: number): Promise<void>;
  /** Queues a slot of a job once. @throws OperatingError, retryable, when the queue does not answer. */
  enqueue(name: JobName, slot: JobSlot): Promise<void>;
  counts(): Promise<readonly QueueCount[]>;
  /** As of the last look. */
  isUp(): boolean;
};

export function createScheduler(options: SchedulerOptions): Scheduler {
  const { portfolio, jobs, roles, hooks, clock } = options;
  const { lookEveryMs = 10_000, startMs = 10_000, answerMs = 5_000 } = options;
  const stopping = new AbortController();
  const failed = onceAMinute(clock, hooks.queueFailed);
  const queues = openQueues(options.queue, portfolio, failed);
  const runner = createRunner({ definitions: jobs, clock, hooks, stopping: stopping.signal });
  let isUp = false;
  let looking: Promise<void> = Promise.resolve();

  const enqueue = async (name: JobName, slot: JobSlot): Promise<void> => {
    const definition = jobs.find((job) => job.name === name);
    invariant(definition !== undefined, `a job that is enqueued is defined, was ${name}`);
    const added = addJob(queues[laneOf(name)], { portfolio, hooks }, definition, slot);
    await bounded(`take job ${name}`, answerMs, added);
  };

  const onTick: Process = async (tick) => {
    const job = jobs.find((one) => one.name === tick.name);
    // A tick of a schedule that was removed while it was due.
    if (job === undefined) return 'unknown';
    await enqueue(job.name, slotOfTick(tick.id ?? '', clock.nowMs()));
    return 'queued';
  };

  const begin = async (): Promise<void> => {
    await queues.ready();
    // Given up on meanwhile: whoever waited has gone.
    if (stopping.signal.aborted) return;
    if (roles.scheduler) {
      await applySchedules(queues.ticks, jobs);
      await queues.addWorker('ticks', onTick, 1);
    }
    if (roles.worker) {
      await queues.addWorker('line', runner.process, 1);
      await queues.addWorker('watch', runner.process, jobs.length + 1);
    }
    isUp = true;
  };

  const stop = async (withinMs: number): Promise<void> => {
    stopping.abort();
    await queues.pause();
    const isIdle = await quietly(withinMs, [runner.idle()]);
    await queues.close(isIdle);
    await looking;
  };

  return {
    start: async () => {
      try {
        await bounded('be reached', startMs, begin());
      } catch (error) {
        await stop(0);
        throw error;
      }
      const scheduled = roles.scheduler ? jobs : [];
      looking = keepLooking(
        { queues, scheduled, hooks, failed, clock, lookEveryMs, answerMs },
        stopping.signal,
        (found) => {
          isUp = found;
        },
      );
    },
    stop,
    enqueue,
    counts: () => countJobs(queues, answerMs),
    isUp: () => isUp,
  };
}

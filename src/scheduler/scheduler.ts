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
import { type JobDefinition, type JobName, type JobSlot, jobKeyOf, laneOf } from './job.ts';
import { addJob, createRunner } from './lane.ts';
import { countJobs, keepLooking } from './lookout.ts';
import { onceAMinute } from './onceAMinute.ts';
import { openQueues, type Process, quietly } from './queueSet.ts';
import { applySchedules, slotOfTick } from './schedules.ts';

export type SchedulerOptions = {
  readonly queue: QueuePlace;
  /** Names the queues; where jobs have portfolios of their own, the group of them. */
  readonly portfolio: string;
  readonly jobs: readonly JobDefinition[];
  /** `scheduler` makes jobs at their times, `worker` runs them. */
  readonly roles: { readonly scheduler: boolean; readonly worker: boolean };
  readonly hooks: SchedulerHooks;
  readonly clock: Clock;
  /** How many portfolios' lines run at once in this process; each portfolio's one after another. */
  readonly linesMax?: number;
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

/** Making one schedule takes a fraction of it. */
const scheduleMs = 20;
const watchesMax = 16;

export function createScheduler(options: SchedulerOptions): Scheduler {
  const { portfolio, jobs, roles, hooks, clock } = options;
  const { linesMax = 1, lookEveryMs = 10_000, answerMs = 5_000 } = options;
  const { startMs = 10_000 + scheduleMs * jobs.length } = options;
  const stopping = new AbortController();
  const failed = onceAMinute(clock, hooks.queueFailed);
  const queues = openQueues(options.queue, portfolio, failed);
  const runner = createRunner({ definitions: jobs, clock, hooks, stopping: stopping.signal });
  const byKey = new Map(jobs.map((one) => [jobKeyOf(one), one]));
  const queued = new Map<string, string>();
  let isUp = false;
  let looking: Promise<void> = Promise.resolve();

  const enqueue = async (name: JobName, slot: JobSlot): Promise<void> => {
    const { portfolio: owner } = slot;
    const key = owner === undefined ? name : jobKeyOf({ name, portfolio: owner });
    const definition = byKey.get(key);
    invariant(definition !== undefined, `a job that is enqueued is defined, was ${key}`);
    const added = addJob(queues[laneOf(name)], { portfolio, hooks, queued }, definition, slot);
    await bounded(`take job ${name}`, answerMs, added);
  };

  const onTick: Process = async (tick) => {
    // A schedule without a template has no data at all.
    const owner = (tick.data as JobSlot | undefined)?.portfolio;
    const job = byKey.get(owner === undefined ? tick.name : `${tick.name}.${owner}`);
    // A tick of a schedule that was removed while it was due.
    if (job === undefined) return 'unknown';
    const slot = slotOfTick(tick.id ?? '', clock.nowMs());
    await enqueue(job.name, owner === undefined ? slot : { ...slot, portfolio: owner });
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
      await queues.addWorker('line', runner.process, linesMax);
      await queues.addWorker('watch', runner.process, Math.min(jobs.length + 1, watchesMax));
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

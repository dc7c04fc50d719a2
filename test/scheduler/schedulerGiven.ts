/** A scheduler on each queue that there is, PostgreSQL and Redis alike, and the jobs that tests give it. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { createSystemClock } from '../../src/adapters/system/clock.ts';
import { OperatingError } from '../../src/domain/operatingError.ts';
import { connectQueues, type QueuePlace } from '../../src/scheduler/connection.ts';
import type { JobEnded } from '../../src/scheduler/hooks.ts';
import type { JobDefinition } from '../../src/scheduler/job.ts';
import { createScheduler, type Scheduler } from '../../src/scheduler/scheduler.ts';
import { startTestDatabase } from '../adapters/database/server.ts';
import { heard } from './heard.ts';
import { redisAbsence, startTestRedis, type TestRedis } from './redisServer.ts';

export const both = { scheduler: true, worker: true };
export const hourMs = 3_600_000;
export const clock = createSystemClock();
export const retryable = (isRetryable: boolean) =>
  new OperatingError('the venue does not answer', { retryable: isRetryable, remedy: 'wait' });

const backends = [
  { kind: 'redis' as const, absence: redisAbsence(), launch: startTestRedis },
  { kind: 'database' as const, absence: null, launch: startTestDatabase },
];

/** The tests once on each queue; a queue that is not on this machine is skipped, and says so. */
export function onEachQueue(tests: (given: ReturnType<typeof schedulersOn>) => void): void {
  for (const { kind, absence, launch } of backends) {
    if (absence !== null) console.warn(`skipped: the scheduler on ${kind}: ${absence}`);
    describe.skipIf(absence !== null)(`the scheduler on ${kind}`, () => {
      tests(schedulersOn(kind, launch));
    });
  }
}

function schedulersOn(kind: QueuePlace['kind'], launch: () => Promise<TestRedis>) {
  let place: QueuePlace;
  let stopServer = async () => {};
  let schedulers: Scheduler[] = [];

  beforeAll(async () => {
    const server = await launch();
    place = { kind, url: server.url };
    stopServer = server.stop;
  });
  afterEach(async () => {
    await Promise.all(schedulers.map((scheduler) => scheduler.stop(0)));
    schedulers = [];
  });
  afterAll(() => stopServer());

  const world = (
    jobs: readonly JobDefinition[],
    options: Partial<Parameters<typeof createScheduler>[0]> = {},
  ) => {
    const portfolio = options.portfolio ?? `t${randomUUID().slice(0, 8)}`;
    const ended = heard<JobEnded>();
    const fatal: Error[] = [];
    const failures: Error[] = [];
    const scheduler = createScheduler({
      queue: place,
      portfolio,
      jobs,
      roles: both,
      clock,
      hooks: {
        jobEnded: ended.tell,
        queueCounted: () => {},
        queueFailed: (error) => failures.push(error),
        scheduleRestored: () => {},
        fatal: (error) => fatal.push(error),
      },
      ...options,
    });
    schedulers.push(scheduler);
    return { scheduler, portfolio, ended, fatal, failures };
  };

  /** The queue itself, to look at what the scheduler left in it. */
  const lookInto = async <T>(
    name: string,
    look: (queue: ReturnType<ReturnType<typeof connectQueues>['queue']>) => Promise<T>,
  ): Promise<T> => {
    const connection = connectQueues(place);
    const queue = connection.queue(name);
    try {
      return await look(queue);
    } finally {
      await queue.close();
      connection.close();
    }
  };

  return { kind, world, lookInto };
}

/** A job that does nothing, but for what a test says of it. */
export const job = (
  name: JobDefinition['name'],
  more: Partial<JobDefinition> = {},
): JobDefinition => ({
  name,
  schedule: null,
  deadlineMs: hourMs,
  attemptsMax: 1,
  run: async () => {},
  ...more,
});

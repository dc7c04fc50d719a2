/**
 * Goal: each slot runs once, in time or not at all, with bounded attempts, on PostgreSQL and on Redis alike.
 * Method: the real BullMQ on a real server; tests wait for what the scheduler tells its hooks, never for a time. Deriving the
 * job id from a random number instead of the slot made "runs a slot once" fail.
 */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createSystemClock } from '../../src/adapters/system/clock.ts';
import { OperatingError } from '../../src/domain/operatingError.ts';
import { InvariantViolation } from '../../src/math/invariant.ts';
import { connectQueues, type QueuePlace } from '../../src/scheduler/connection.ts';
import type { JobEnded } from '../../src/scheduler/hooks.ts';
import { type JobContext, type JobDefinition, jobIdOf } from '../../src/scheduler/job.ts';
import { createScheduler, type Scheduler } from '../../src/scheduler/scheduler.ts';
import { restoreSchedules } from '../../src/scheduler/schedules.ts';
import { startTestDatabase } from '../adapters/database/server.ts';
import { redisAbsence, startTestRedis } from './redisServer.ts';

const both = { scheduler: true, worker: true };
const hourMs = 3_600_000;
const clock = createSystemClock();
const retryable = (isRetryable: boolean) =>
  new OperatingError('the venue does not answer', { retryable: isRetryable, remedy: 'wait' });

const backends = [
  { kind: 'redis' as const, absence: redisAbsence(), launch: startTestRedis },
  { kind: 'database' as const, absence: null, launch: startTestDatabase },
];

/** What was told so far, and a promise of the first that fits. */
function heard<T>() {
  const all: T[] = [];
  const waiting: { readonly fits: (one: T) => boolean; readonly found: (one: T) => void }[] = [];
  return {
    all,
    tell: (one: T) => {
      all.push(one);
      for (const { fits, found } of waiting) if (fits(one)) found(one);
    },
    until: (fits: (one: T) => boolean) =>
      new Promise<T>((found) => {
        const before = all.find(fits);
        if (before === undefined) waiting.push({ fits, found });
        else found(before);
      }),
  };
}

for (const { kind, absence, launch } of backends) {
  if (absence !== null) console.warn(`skipped: the scheduler on ${kind}: ${absence}`);
  describe.skipIf(absence !== null)(`the scheduler on ${kind}`, () => {
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

    const job = (
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

    it('runs a slot once, however often it is queued, under an id without a colon', async () => {
      const ran: number[] = [];
      const jobs = [
        job('rebalance', { run: async ({ scheduledAtMs }) => void ran.push(scheduledAtMs) }),
      ];
      const { scheduler, portfolio, ended } = world(jobs);
      await scheduler.start();
      const first = { scheduledAtMs: clock.nowMs(), trigger: 'manual' as const };
      const second = { ...first, scheduledAtMs: first.scheduledAtMs + 1 };
      await scheduler.enqueue('rebalance', first);
      await ended.until((one) => one.scheduledAtMs === first.scheduledAtMs);
      await scheduler.enqueue('rebalance', first);
      await scheduler.enqueue('rebalance', second);
      await ended.until((one) => one.scheduledAtMs === second.scheduledAtMs);
      expect(ran).toEqual([first.scheduledAtMs, second.scheduledAtMs]);
      // A run that ended may not be put away yet: it is still active for a moment.
      const ids = await lookInto(`equipoise-${portfolio}-line`, async (queue) =>
        (await queue.getJobs(['completed', 'active'])).map((one) => one.id),
      );
      expect(new Set(ids)).toEqual(
        new Set([jobIdOf(portfolio, 'rebalance', first), jobIdOf(portfolio, 'rebalance', second)]),
      );
      expect(ids.join()).not.toContain(':');
    });

    it('fires a schedule, with the slot that it fired for', async () => {
      const runs = heard<JobContext>();
      const jobs = [
        job('margin', { schedule: { everyMs: 100 }, run: async (one) => runs.tell(one) }),
      ];
      const { scheduler, ended } = world(jobs);
      await scheduler.start();
      const first = await runs.until(() => true);
      const second = await runs.until((one) => one.scheduledAtMs > first.scheduledAtMs);
      expect(first.trigger).toBe('schedule');
      expect((second.scheduledAtMs - first.scheduledAtMs) % 100).toBe(0);
      await ended.until((one) => one.outcome === 'complete');
    });

    it('lets a newer slot take the place of one that still waits', async () => {
      const ran: number[] = [];
      const jobs = [
        job('rebalance', { run: async ({ scheduledAtMs }) => void ran.push(scheduledAtMs) }),
      ];
      const away = world(jobs, { roles: { scheduler: true, worker: false } });
      await away.scheduler.start();
      const nowMs = clock.nowMs();
      for (const scheduledAtMs of [nowMs - 2, nowMs - 1, nowMs, nowMs - 3]) {
        await away.scheduler.enqueue('rebalance', { scheduledAtMs, trigger: 'schedule' });
      }
      expect(await away.scheduler.counts()).toContainEqual({
        queue: 'line',
        state: 'waiting',
        jobs: 1,
      });
      expect(away.ended.all.map((one) => [one.outcome, one.scheduledAtMs])).toEqual([
        ['late', nowMs - 2],
        ['late', nowMs - 1],
      ]);
      const here = world(jobs, { portfolio: away.portfolio });
      await here.scheduler.start();
      await here.ended.until((one) => one.outcome === 'complete');
      expect(ran).toEqual([nowMs]);
    });

    it('runs the jobs of many portfolios from one set of queues, each its own, and drops no one’s for another’s', async () => {
      const ran: string[] = [];
      const jobs = ['one', 'two'].map((portfolio) =>
        job('rebalance', {
          portfolio,
          run: async (slot) =>
            void ran.push(`${portfolio} ${slot.portfolio} ${slot.scheduledAtMs - nowMs}`),
        }),
      );
      const nowMs = clock.nowMs();
      const away = world(jobs, { roles: { scheduler: true, worker: false } });
      await away.scheduler.start();
      for (const portfolio of ['one', 'two']) {
        for (const scheduledAtMs of [nowMs + 1, nowMs + 2]) {
          await away.scheduler.enqueue('rebalance', { scheduledAtMs, trigger: 'drift', portfolio });
        }
      }
      const here = world(jobs, {
        portfolio: away.portfolio,
        roles: { scheduler: false, worker: true },
        linesMax: 2,
      });
      await here.scheduler.start();
      for (const portfolio of ['one', 'two']) {
        await here.ended.until((one) => one.portfolio === portfolio && one.outcome === 'complete');
      }
      expect(ran.sort()).toEqual(['one one 2', 'two two 2']);
      expect(away.ended.all.map((one) => [one.portfolio, one.outcome])).toEqual([
        ['one', 'late'],
        ['two', 'late'],
      ]);
    });

    it('skips a slot that is older than its deadline when it is picked up', async () => {
      let runs = 0;
      const jobs = [
        job('rebalance', {
          deadlineMs: 60_000,
          run: async () => {
            runs += 1;
          },
        }),
      ];
      const { scheduler, ended } = world(jobs);
      await scheduler.start();
      const scheduledAtMs = clock.nowMs() - 60_001;
      await scheduler.enqueue('rebalance', { scheduledAtMs, trigger: 'schedule' });
      expect((await ended.until(() => true)).outcome).toBe('late');
      expect(runs).toBe(0);
    });

    it('tries again only what may work the next time, and only so often', async () => {
      const runs = { reconcile: 0, history: 0 };
      const jobs = [
        job('reconcile', {
          attemptsMax: 2,
          run: async () => {
            runs.reconcile += 1;
            throw retryable(true);
          },
        }),
        job('history', {
          attemptsMax: 2,
          run: async () => {
            runs.history += 1;
            throw retryable(false);
          },
        }),
      ];
      const { scheduler, ended, fatal } = world(jobs);
      await scheduler.start();
      const slot = { scheduledAtMs: clock.nowMs(), trigger: 'manual' as const };
      await scheduler.enqueue('reconcile', slot);
      await scheduler.enqueue('history', slot);
      const isEnd = (name: string) => (one: JobEnded) =>
        one.job === name && one.outcome === 'failed';
      await Promise.all([ended.until(isEnd('reconcile')), ended.until(isEnd('history'))]);
      expect(runs).toEqual({ reconcile: 2, history: 1 });
      const outcomes = ended.all.filter((one) => one.job === 'reconcile').map((one) => one.outcome);
      expect(outcomes).toEqual(['retried', 'failed']);
      expect(fatal).toEqual([]);
    });

    it('hands a broken invariant to its owner and does not try again', async () => {
      const broken = new InvariantViolation('weights sum to one, was 2');
      const failing = job('drift', {
        attemptsMax: 3,
        run: async () => {
          throw broken;
        },
      });
      const { scheduler, ended, fatal } = world([failing]);
      await scheduler.start();
      await scheduler.enqueue('drift', { scheduledAtMs: clock.nowMs(), trigger: 'schedule' });
      expect(await ended.until(() => true)).toMatchObject({ outcome: 'failed', error: broken });
      expect(fatal).toEqual([broken]);
    });

    it('does not let the margin watch wait behind a rebalance', async () => {
      let release = () => {};
      const gate = new Promise<void>((resolve) => {
        release = resolve;
      });
      const { scheduler, ended } = world([job('rebalance', { run: () => gate }), job('margin')]);
      await scheduler.start();
      const slot = { scheduledAtMs: clock.nowMs(), trigger: 'schedule' as const };
      await scheduler.enqueue('rebalance', slot);
      await scheduler.enqueue('margin', slot);
      expect((await ended.until(() => true)).job).toBe('margin');
      release();
      expect((await ended.until((one) => one.job === 'rebalance')).outcome).toBe('complete');
    });

    it('keeps its schedules over a restart and removes those that the config no longer has', async () => {
      const booking = job('booking', { schedule: { cron: '0 */8 * * *' } });
      const drift = job('drift', { schedule: { everyMs: hourMs } });
      const history = job('history', { schedule: { everyMs: hourMs } });
      const before = world([booking, drift, history]);
      await before.scheduler.start();
      await before.ended.until((one) => one.job === 'history');
      const schedules = () =>
        lookInto(`equipoise-${before.portfolio}-ticks`, async (queue) =>
          (await queue.getJobSchedulers()).sort((a, b) => a.key.localeCompare(b.key)),
        );
      const found = await schedules();
      expect(found.map((one) => one.key)).toEqual(['booking', 'drift', 'history']);
      await before.scheduler.stop(0);
      const changed = job('drift', { schedule: { everyMs: 2 * hourMs } });
      const after = world([changed, history], { portfolio: before.portfolio });
      await after.scheduler.start();
      const kept = await schedules();
      expect(kept.map((one) => [one.key, one.every])).toEqual([
        ['drift', 2 * hourMs],
        ['history', hourMs],
      ]);
      expect(kept[1]?.next).toBe(found[2]?.next);
    });

    it('puts back a schedule that was lost', async () => {
      const history = job('history', { schedule: { everyMs: hourMs } });
      const { scheduler, portfolio, ended } = world([history]);
      await scheduler.start();
      await ended.until((one) => one.job === 'history');
      await lookInto(`equipoise-${portfolio}-ticks`, async (queue) => {
        expect(await restoreSchedules(queue, [history], clock.nowMs())).toEqual([]);
        await queue.removeJobScheduler('history');
        expect(await restoreSchedules(queue, [history], clock.nowMs())).toEqual(['history']);
        expect(await restoreSchedules(queue, [history], clock.nowMs())).toEqual([]);
        // A tick that never came leaves a schedule whose next time is past.
        expect(await restoreSchedules(queue, [history], clock.nowMs() + 3 * hourMs)).toEqual([
          'history',
        ]);
      });
    });

    it('stops though a job never ends, having told it to', async () => {
      const started = heard<AbortSignal>();
      const endless = job('history', {
        run: ({ signal }) => {
          started.tell(signal);
          return new Promise(() => {});
        },
      });
      const { scheduler } = world([endless]);
      await scheduler.start();
      await scheduler.enqueue('history', { scheduledAtMs: clock.nowMs(), trigger: 'manual' });
      const signal = await started.until(() => true);
      expect(signal.aborted).toBe(false);
      await scheduler.stop(0);
      expect(signal.aborted).toBe(true);
    });

    it('says so when the queue cannot be reached', async () => {
      const url = kind === 'redis' ? 'redis://127.0.0.1:1' : 'postgres://nobody@127.0.0.1:1/none';
      const { scheduler } = world([], { queue: { kind, url }, startMs: 500 });
      const failure = await scheduler.start().catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(OperatingError);
      expect((failure as OperatingError).message).toMatch(/^the queue could not be reached, was/);
      expect(scheduler.isUp()).toBe(false);
    });
  });
}

describe('a database that cuts its connections', () => {
  it('does not end the process, and its jobs go on', async () => {
    const server = await startTestDatabase();
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    const ended = heard<JobEnded>();
    const scheduler = createScheduler({
      queue: { kind: 'database', url: server.url },
      portfolio: 'cut',
      jobs: [
        {
          name: 'rebalance',
          schedule: null,
          deadlineMs: hourMs,
          attemptsMax: 1,
          run: async () => {},
        },
      ],
      roles: both,
      clock,
      hooks: {
        jobEnded: ended.tell,
        queueCounted: () => {},
        queueFailed: () => {},
        scheduleRestored: () => {},
        fatal: () => {},
      },
    });
    await scheduler.start();
    try {
      // Statements that wait for a lock are in use when their connections are cut.
      const { rows: tables } = await client.query<{ name: string }>(
        `select format('%I.%I', schemaname, tablename) as name from pg_tables
        where schemaname not in ('pg_catalog', 'information_schema')`,
      );
      await client.query(`begin; lock table ${tables.map((one) => one.name).join(', ')}`);
      const queued = scheduler
        .enqueue('rebalance', { scheduledAtMs: clock.nowMs(), trigger: 'manual' })
        .catch(() => undefined);
      const others = `from pg_stat_activity where datname = current_database()
        and pid <> pg_backend_pid()`;
      for (let waiting = 0; waiting === 0; ) {
        const { rows } = await client.query<{ waiting: number }>(
          `select count(*)::int as waiting ${others} and wait_event_type = 'Lock'`,
        );
        waiting = rows[0]?.waiting ?? 0;
      }
      await client.query(`select pg_terminate_backend(pid) ${others}`);
      await client.query('rollback');
      await queued;
      let slot = { scheduledAtMs: clock.nowMs() + 10, trigger: 'manual' as const };
      for (let tries = 0; tries < 20; tries += 1) {
        slot = { ...slot, scheduledAtMs: slot.scheduledAtMs + 1 };
        const isQueued = await scheduler.enqueue('rebalance', slot).then(
          () => true,
          () => false,
        );
        if (isQueued) break;
      }
      await ended.until((one) => one.scheduledAtMs === slot.scheduledAtMs);
    } finally {
      await scheduler.stop(0);
      await client.end();
      await server.stop();
    }
  }, 60_000);
});

describe.skipIf(redisAbsence() !== null || process.env['REDIS_URL'] !== undefined)(
  'a lost queue',
  () => {
    it('is down at the next look, is told once, and does not keep the process from stopping', async () => {
      const server = await startTestRedis();
      const looks = heard<boolean>();
      const failures: Error[] = [];
      const scheduler = createScheduler({
        queue: { kind: 'redis', url: server.url },
        portfolio: 'lost',
        jobs: [
          { name: 'rebalance', schedule: null, deadlineMs: 1, attemptsMax: 1, run: async () => {} },
        ],
        roles: both,
        clock,
        lookEveryMs: 20,
        answerMs: 100,
        hooks: {
          jobEnded: () => {},
          queueCounted: (counts) => looks.tell(counts !== null),
          queueFailed: (error) => failures.push(error),
          scheduleRestored: () => {},
          fatal: () => {},
        },
      });
      await scheduler.start();
      await looks.until((isCounted) => isCounted);
      expect(scheduler.isUp()).toBe(true);
      await server.stop();
      await looks.until((isCounted) => !isCounted);
      expect(scheduler.isUp()).toBe(false);
      const slot = { scheduledAtMs: clock.nowMs(), trigger: 'drift' as const };
      await expect(scheduler.enqueue('rebalance', slot)).rejects.toThrow(OperatingError);
      await scheduler.stop(0);
      const told = failures.map((error) => error.message);
      expect(told.join()).toContain('the queue could not');
      expect(new Set(told).size).toBe(told.length);
    });
  },
);

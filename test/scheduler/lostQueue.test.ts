/**
 * Goal: a queue whose connections are cut, or that is gone, is told and does not end the process.
 * Method: a real PostgreSQL that ends the connections in use, and a real Redis that is killed.
 */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OperatingError } from '../../src/domain/operatingError.ts';
import type { JobEnded } from '../../src/scheduler/hooks.ts';
import { createScheduler } from '../../src/scheduler/scheduler.ts';
import { startTestDatabase } from '../adapters/database/server.ts';
import { heard } from './heard.ts';
import { redisAbsence, startTestRedis } from './redisServer.ts';
import { both, clock, hourMs } from './schedulerGiven.ts';

/** Statements that wait for a lock are in use when their connections are cut. */
const cutWhileWaiting = async (client: pg.Client, tableName: string, work: () => Promise<void>) => {
  const { rows: tables } = await client.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where tablename = $1`,
    [tableName],
  );
  expect(tables).toHaveLength(1);
  // One lock alone: who holds nothing while it waits cannot be part of a deadlock with the queue's own work.
  await client.query(`begin; lock table ${tables.map((one) => one.name).join()}`);
  const working = work();
  // Not pg_stat_activity: within a transaction it goes on showing what it showed first.
  for (let waiting = 0; waiting === 0; ) {
    const { rows } = await client.query<{ waiting: number }>(
      'select count(*)::int as waiting from pg_locks where not granted',
    );
    waiting = rows[0]?.waiting ?? 0;
  }
  await client.query(`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`);
  await client.query('rollback');
  await working;
};

describe('a database that cuts its connections', () => {
  let server: Awaited<ReturnType<typeof startTestDatabase>>;
  let client: pg.Client;

  beforeAll(async () => {
    server = await startTestDatabase();
    client = new pg.Client({ connectionString: server.url });
    await client.connect();
  });

  afterAll(async () => {
    await client.end();
    await server.stop();
  });

  const schedule = (jobEnded: (one: JobEnded) => void) =>
    createScheduler({
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
        jobEnded,
        queueCounted: () => {},
        queueFailed: () => {},
        scheduleRestored: () => {},
        fatal: () => {},
      },
    });

  it('does not end the process, and its jobs go on', async () => {
    const ended = heard<JobEnded>();
    const scheduler = schedule(ended.tell);
    await scheduler.start();
    try {
      await cutWhileWaiting(client, 'job', async () => {
        await scheduler
          .enqueue('rebalance', { scheduledAtMs: clock.nowMs(), trigger: 'manual' })
          .catch(() => undefined);
      });
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
    }
  }, 60_000);

  it('is told at the start, and does not end the process either', async () => {
    await cutWhileWaiting(client, 'migration', async () => {
      await expect(schedule(() => {}).start()).rejects.toThrow('the queue could not be reached');
    });
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

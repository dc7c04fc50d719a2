/**
 * Goal: a queue whose connections are cut, or that is gone, is told and does not end the process.
 * Method: a real PostgreSQL that ends the connections in use, and a real Redis that is killed.
 */
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { OperatingError } from '../../src/domain/operatingError.ts';
import type { JobEnded } from '../../src/scheduler/hooks.ts';
import { createScheduler } from '../../src/scheduler/scheduler.ts';
import { startTestDatabase } from '../adapters/database/server.ts';
import { heard } from './heard.ts';
import { redisAbsence, startTestRedis } from './redisServer.ts';
import { both, clock, hourMs } from './schedulerGiven.ts';

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
      // Statements that wait for a lock are in use when their connections are cut. One lock alone:
      // who holds nothing while it waits cannot be part of a deadlock with the queue's own work.
      const { rows: tables } = await client.query<{ name: string }>(
        `select format('%I.%I', schemaname, tablename) as name from pg_tables
        where tablename = 'job'`,
      );
      expect(tables).toHaveLength(1);
      await client.query(`begin; lock table ${tables.map((one) => one.name).join()}`);
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

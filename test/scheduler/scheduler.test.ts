/**
 * Goal: each slot runs once, in time or not at all, on PostgreSQL and on Redis alike.
 * Method: the real BullMQ on a real server; tests wait for what the scheduler tells its hooks, never for a time. Deriving the
 * job id from a random number instead of the slot made "runs a slot once" fail.
 */
import { expect, it } from 'vitest';
import { type JobContext, jobIdOf } from '../../src/scheduler/job.ts';
import { heard } from './heard.ts';
import { clock, job, onEachQueue } from './schedulerGiven.ts';

onEachQueue(({ world, lookInto }) => {
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
});

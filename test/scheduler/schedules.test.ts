/**
 * Goal: schedules outlive a restart, go when the config drops them, and are put back where they were lost.
 * Method: the real BullMQ on a real server; its schedules are read, and one is taken out behind the scheduler's back.
 */
import { expect, it } from 'vitest';
import { restoreSchedules } from '../../src/scheduler/schedules.ts';
import { clock, hourMs, job, onEachQueue } from './schedulerGiven.ts';

onEachQueue(({ world, lookInto }) => {
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
});

/**
 * Goal: what fails is tried again within its attempts, what is broken is not, and no job keeps another or the process waiting.
 * Method: the real BullMQ on a real server; jobs that fail, hang and wait until they are let go.
 */
import { expect, it } from 'vitest';
import { OperatingError } from '../../src/domain/operatingError.ts';
import { InvariantViolation } from '../../src/math/invariant.ts';
import type { JobEnded } from '../../src/scheduler/hooks.ts';
import { heard } from './heard.ts';
import { clock, job, onEachQueue, retryable } from './schedulerGiven.ts';

onEachQueue(({ kind, world }) => {
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
    const isEnd = (name: string) => (one: JobEnded) => one.job === name && one.outcome === 'failed';
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

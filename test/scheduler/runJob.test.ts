/**
 * Goal: a run ends at its deadline whatever its code does, and is told so.
 * Method: a clock whose sleeps end when the test says; no time passes. Without `deadline.abort` the first test fails.
 */
import { describe, expect, it } from 'vitest';
import { InvariantViolation } from '../../src/math/invariant.ts';
import type { Clock } from '../../src/rebalance/ports.ts';
import type { JobContext, JobDefinition } from '../../src/scheduler/job.ts';
import { onceAMinute } from '../../src/scheduler/onceAMinute.ts';
import { runJob } from '../../src/scheduler/runJob.ts';

/** Sleeps end in the order in which they began, one each time `wake` is called. */
function stoppedClock() {
  const sleeping: (() => void)[] = [];
  let nowMs = 1_000_000;
  const clock: Clock = {
    nowMs: () => nowMs,
    sleep: (_, signal) =>
      new Promise((resolve) => {
        sleeping.push(resolve);
        signal?.addEventListener('abort', () => resolve());
      }),
  };
  return {
    clock,
    wake: () => sleeping.shift()?.(),
    advance: (ms: number) => {
      nowMs += ms;
    },
  };
}

const slot = { scheduledAtMs: 1_000_000, trigger: 'schedule' as const };

function world(run: (context: JobContext) => Promise<void>) {
  const time = stoppedClock();
  const fatal: Error[] = [];
  const definition: JobDefinition = {
    name: 'history',
    schedule: null,
    deadlineMs: 60_000,
    attemptsMax: 3,
    run,
  };
  const options = {
    clock: time.clock,
    stopping: new AbortController().signal,
    attemptsMade: 0,
    graceMs: 5_000,
    fatal: (error: Error) => fatal.push(error),
  };
  return { ...time, fatal, start: () => runJob(definition, slot, options) };
}

describe('a run', () => {
  it('that obeys the signal at its deadline is overdue', async () => {
    const { start, wake } = world(
      ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
    );
    const run = start();
    wake();
    expect(await run.result).toMatchObject({ outcome: 'overdue' });
    expect((await run.result).error?.message).toMatch(
      /history ran past its deadline, was 60000 ms/,
    );
    await run.settled;
  });

  it('that ignores the signal is given up, and is known to go on', async () => {
    let end = () => {};
    const { start, wake } = world(
      () =>
        new Promise((resolve) => {
          end = resolve;
        }),
    );
    const run = start();
    wake();
    // The grace begins only once the deadline was noticed.
    await new Promise(setImmediate);
    wake();
    expect((await run.result).outcome).toBe('overdue');
    const first = await Promise.race([run.settled, Promise.resolve('still running')]);
    expect(first).toBe('still running');
    end();
    await run.settled;
  });

  it('whose invariant breaks after it was given up is still fatal', async () => {
    let fail: (error: Error) => void = () => {};
    const broken = new InvariantViolation('sum is zero, was 1');
    const { start, wake, fatal } = world(
      () =>
        new Promise((_, reject) => {
          fail = reject;
        }),
    );
    const run = start();
    wake();
    await new Promise(setImmediate);
    wake();
    await run.result;
    fail(broken);
    await run.settled;
    expect(fatal).toEqual([broken]);
  });

  it('of a slot at its deadline still runs, and of one past it does not', async () => {
    let runs = 0;
    const { start, advance } = world(async () => {
      runs += 1;
    });
    advance(60_000);
    expect((await start().result).outcome).toBe('complete');
    advance(1);
    expect((await start().result).outcome).toBe('late');
    expect(runs).toBe(1);
  });
});

describe('failures of the queue', () => {
  it('are told once a minute each', () => {
    const { clock, advance } = stoppedClock();
    const told: string[] = [];
    const tell = onceAMinute(clock, (error) => told.push(error.message));
    for (const message of ['refused', 'refused', 'timeout', 'refused']) tell(new Error(message));
    expect(told).toEqual(['refused', 'timeout']);
    advance(60_000);
    tell(new Error('refused'));
    expect(told).toEqual(['refused', 'timeout', 'refused']);
  });
});

/** One run of a job: late ones skipped, stopped at the deadline, told apart by what a failure means. */
import { OperatingError } from '../domain/operatingError.ts';
import { InvariantViolation } from '../math/invariant.ts';
import type { Clock } from '../rebalance/ports.ts';
import type { JobDefinition, JobOutcome, JobSlot } from './job.ts';

export type JobResult = { readonly outcome: JobOutcome; readonly error: Error | null };

export type RunOptions = {
  readonly clock: Clock;
  /** Aborts when the scheduler stops. */
  readonly stopping: AbortSignal;
  /** Attempts before this one. */
  readonly attemptsMade: number;
  /** How long a run that was told to stop may take to do so. */
  readonly graceMs: number;
  /** Told whenever it comes, even after the run was given up. */
  readonly fatal: (error: Error) => void;
};

export type JobRun = {
  readonly result: Promise<JobResult>;
  /** Resolves when the job's own code has really ended, which an overdue one may do later. */
  readonly settled: Promise<unknown>;
};

/** Never rejects. Only an OperatingError that is retryable is tried again. */
export function runJob(definition: JobDefinition, slot: JobSlot, options: RunOptions): JobRun {
  const { clock, stopping } = options;
  const ageMs = clock.nowMs() - slot.scheduledAtMs;
  if (ageMs > definition.deadlineMs) {
    const skipped = Promise.resolve<JobResult>({ outcome: 'late', error: null });
    return { result: skipped, settled: skipped };
  }
  const deadline = new AbortController();
  const settled = settle(definition, slot, AbortSignal.any([deadline.signal, stopping]), options);
  return { result: raced(definition, settled, deadline, options), settled };
}

async function settle(
  definition: JobDefinition,
  slot: JobSlot,
  signal: AbortSignal,
  { attemptsMade, fatal }: RunOptions,
): Promise<JobResult> {
  try {
    await definition.run({ ...slot, signal });
    return { outcome: 'complete', error: null };
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    if (error instanceof InvariantViolation) fatal(error);
    const isRetryable = error instanceof OperatingError && error.retryable;
    const mayRetry = isRetryable && attemptsMade + 1 < definition.attemptsMax;
    return { outcome: mayRetry ? 'retried' : 'failed', error };
  }
}

async function raced(
  { name, deadlineMs }: JobDefinition,
  settled: Promise<JobResult>,
  deadline: AbortController,
  { clock, graceMs }: RunOptions,
): Promise<JobResult> {
  const ended = new AbortController();
  try {
    const inTime = await Promise.race([settled, clock.sleep(deadlineMs, ended.signal)]);
    if (inTime !== undefined) return inTime;
    const remedy = 'look at the log for what it waited on, or raise its deadline';
    const error = new OperatingError(`job ${name} ran past its deadline, was ${deadlineMs} ms`, {
      retryable: false,
      remedy,
    });
    deadline.abort(error);
    await Promise.race([settled, clock.sleep(graceMs, ended.signal)]);
    return { outcome: 'overdue', error };
  } finally {
    ended.abort();
  }
}

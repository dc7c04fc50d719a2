/**
 * The schedules in the queue: made as the config has them, removed when it has them no longer, put back when they are lost.
 *
 * BullMQ makes a schedule's next tick when the one before is taken; a failure at that moment would end it silently.
 */
import type { JobQueue } from './connection.ts';
import { type JobDefinition, type JobSlot, jobKeyOf, type Schedule } from './job.ts';

/** A tick so much past its time is lost, not late. */
const lostAfterMs = 60_000;

/** @param queue of ticks, of one portfolio. */
export async function applySchedules(
  queue: JobQueue,
  definitions: readonly JobDefinition[],
): Promise<void> {
  const wanted = definitions.filter((definition) => definition.schedule !== null);
  const keys = new Set(wanted.map(jobKeyOf));
  for (const found of await queue.getJobSchedulers()) {
    if (!keys.has(found.key)) {
      await queue.removeJobScheduler(found.key);
    }
  }
  for (const definition of wanted) await applySchedule(queue, definition);
}

/** @returns the schedules that were gone or stuck. */
export async function restoreSchedules(
  queue: JobQueue,
  definitions: readonly JobDefinition[],
  nowMs: number,
): Promise<readonly string[]> {
  const found = new Map((await queue.getJobSchedulers()).map((one) => [one.key, one.next ?? 0]));
  const lost = definitions.filter(
    (one) => one.schedule !== null && (found.get(jobKeyOf(one)) ?? 0) < nowMs - lostAfterMs,
  );
  for (const definition of lost) await applySchedule(queue, definition);
  return lost.map(jobKeyOf);
}

async function applySchedule(queue: JobQueue, definition: JobDefinition): Promise<void> {
  const { name, schedule, portfolio } = definition;
  if (schedule === null) return;
  await queue.upsertJobScheduler(jobKeyOf(definition), repeatOf(schedule), {
    name,
    ...(portfolio === undefined
      ? {}
      : { data: { portfolio, scheduledAtMs: 0, trigger: 'schedule' as const } }),
    opts: {
      attempts: 5,
      backoff: { type: 'exponential', delay: 500 },
      removeOnComplete: { count: 50 },
      removeOnFail: { count: 50 },
    },
  });
}

const repeatOf = (schedule: Schedule) =>
  'cron' in schedule ? { pattern: schedule.cron, tz: 'UTC' } : { every: schedule.everyMs };

/** A tick's id ends in the moment for which it was made, whenever it is taken. */
export function slotOfTick(jobId: string, nowMs: number): JobSlot {
  const atMs = Number(jobId.slice(jobId.lastIndexOf(':') + 1));
  return { scheduledAtMs: Number.isSafeInteger(atMs) ? atMs : nowMs, trigger: 'schedule' };
}

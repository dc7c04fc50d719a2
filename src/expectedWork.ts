/** How old finished work may be before the daemon is not ready: what the page's readiness compares the live facts with. */
import { CronExpressionParser } from 'cron-parser';
import type { Config } from './config/schema.ts';
import type { ExpectedWork } from './dashboard/readiness.ts';
import type { ExecutionPolicy } from './domain/policy.ts';

const periodsMax = 3;

/** A decision has its own deadline; a run also holds observing, repairing and settling. */
export const orderingMs = ({
  deadlineMs,
  repairMs,
  settlingMs,
}: Pick<ExecutionPolicy, 'deadlineMs' | 'repairMs' | 'settlingMs'>): number =>
  2 * deadlineMs + 4 * (repairMs + settlingMs);

/**
 * Three periods and the time of one run. Of a cron schedule: since the newest slot whose run should have ended by now.
 *
 * @param startedAtMs slots before it were another process's.
 */
export function expectedWork(
  { watch, rebalance, execution }: Config,
  { startedAtMs, nowMs }: { readonly startedAtMs: number; readonly nowMs: number },
): ExpectedWork {
  const runMs = orderingMs({ ...execution, deadlineMs: rebalance.deadlineMs });
  const slotMs =
    rebalance.cron === undefined
      ? nowMs - periodsMax * (rebalance.every ?? 0) - runMs
      : CronExpressionParser.parse(rebalance.cron, {
          tz: 'UTC',
          currentDate: new Date(nowMs - runMs),
        })
          .prev()
          .getTime();
  return {
    reconcileAgeMsMax: periodsMax * watch.reconcileEveryMs + watch.jobDeadlineMs,
    rebalanceAgeMsMax: slotMs < startedAtMs ? null : nowMs - slotMs,
  };
}

/** The jobs of the daemon: which lines run, when, for how long. */
import type { Config } from './config/schema.ts';
import type { Policy } from './domain/policy.ts';
import type { LiveFactsKeeper } from './liveFacts.ts';
import { assessHealth } from './rebalance/assessHealth.ts';
import { bookCash } from './rebalance/bookCash.ts';
import { watchDrift } from './rebalance/driftWatch.ts';
import { watchMargin } from './rebalance/marginWatch.ts';
import type { Ports } from './rebalance/ports.ts';
import { rebalance } from './rebalance/rebalance.ts';
import { reconcileVenues } from './rebalance/reconcileVenues.ts';
import { slotOf } from './rebalance/slot.ts';
import { syncUniverse } from './rebalance/syncUniverse.ts';
import type { JobDefinition, JobName, JobSlot } from './scheduler/job.ts';
import { version } from './version.ts';

export type JobParts = {
  readonly config: Config;
  readonly policy: Policy;
  readonly ports: Ports;
  readonly live: LiveFactsKeeper;
  readonly enqueue: (name: JobName, slot: JobSlot) => Promise<void>;
};

export function jobsOf(parts: JobParts): readonly JobDefinition[] {
  const { config, policy, ports, live, enqueue } = parts;
  const { watch, rebalance: schedule } = config;
  const limits = { deadlineMs: watch.jobDeadlineMs, attemptsMax: watch.jobAttemptsMax };
  const { execution } = policy;
  return [
    {
      name: 'rebalance',
      schedule:
        schedule.cron === undefined ? { everyMs: schedule.every ?? 0 } : { cron: schedule.cron },
      // The decision has its own deadline; this one also holds observing, repairing and settling.
      deadlineMs: 2 * execution.deadlineMs + 4 * (execution.repairMs + execution.settlingMs),
      attemptsMax: watch.jobAttemptsMax,
      run: async ({ scheduledAtMs, trigger }) => {
        await syncUniverse(ports, policy);
        await rebalance(ports, policy, slotOf(policy.portfolio, trigger, scheduledAtMs), version);
      },
    },
    {
      name: 'reconcile',
      schedule: { everyMs: watch.reconcileEveryMs },
      ...limits,
      run: async () => {
        const report = await reconcileVenues(ports, policy, { adjust: true });
        if (report !== null) live.reconciled(ports.clock.nowMs());
      },
    },
    {
      name: 'history',
      schedule: { everyMs: watch.historyEveryMs },
      ...limits,
      run: async () => {
        const gaps = await syncUniverse(ports, policy);
        if (gaps.length > 0) ports.reporter.warn({ event: 'historyGaps', gaps });
        // A venue that weakens between two rebalances is seen, and says so, before the next one.
        for (const { reader } of ports.venues.values()) await assessHealth(ports, reader);
      },
    },
    {
      name: 'booking',
      schedule: { everyMs: watch.bookingEveryMs },
      ...limits,
      run: async () => {
        const booked = await bookCash(ports, policy);
        if (booked > 0) ports.reporter.event({ event: 'cashBooked', entries: booked });
      },
    },
    {
      name: 'margin',
      schedule: { everyMs: watch.marginEveryMs },
      ...limits,
      run: async () => {
        const readings = await watchMargin(ports, policy, {
          warnRatio: watch.marginWarnRatio,
          fenceRatio: watch.marginFenceRatio,
          periodMs: watch.marginEveryMs,
        });
        live.accountsRead(readings, ports.clock.nowMs());
      },
    },
    {
      name: 'drift',
      schedule: schedule.onDrift ? { everyMs: watch.driftEveryMs } : null,
      ...limits,
      run: async ({ scheduledAtMs }) => {
        const drifted = await watchDrift(ports, policy);
        if (drifted.length === 0) return;
        ports.reporter.event({ event: 'drifted', legs: drifted });
        await enqueue('rebalance', { scheduledAtMs, trigger: 'drift' });
      },
    },
  ];
}

/** The jobs of the daemon: which lines run, when, for how long. */
import type { Config } from './config/schema.ts';
import { OperatingError } from './domain/operatingError.ts';
import type { Policy } from './domain/policy.ts';
import { orderingMs } from './expectedWork.ts';
import { guardSettings, pegLimits } from './guardSettings.ts';
import type { LiveFactsKeeper } from './liveFacts.ts';
import { createDeadMan } from './rebalance/armDeadMan.ts';
import { bookCash } from './rebalance/bookCash.ts';
import { watchDrift } from './rebalance/driftWatch.ts';
import { guardMargin } from './rebalance/guard.ts';
import { leaveExits } from './rebalance/leaveExits.ts';
import { lookAtVenues } from './rebalance/lookAtVenues.ts';
import { lookFirst } from './rebalance/lookFirst.ts';
import type { Ports } from './rebalance/ports.ts';
import { rebalance } from './rebalance/rebalance.ts';
import { reconcileVenues } from './rebalance/reconcileVenues.ts';
import { slotOf } from './rebalance/slot.ts';
import { syncForDecision, syncUniverse } from './rebalance/syncUniverse.ts';
import { pegsFirst, watchPegs } from './rebalance/watchPegs.ts';
import type { JobDefinition, JobName, JobSlot } from './scheduler/job.ts';
import { untilFree } from './untilFree.ts';
import { version } from './version.ts';

export type JobParts = {
  readonly config: Config;
  readonly policy: Policy;
  readonly ports: Ports;
  readonly live: LiveFactsKeeper;
  readonly enqueue: (name: JobName, slot: JobSlot) => Promise<void>;
};

/** What is known of the jobs before anything is opened. */
export type JobPlan = Omit<JobDefinition, 'run'>;

export function jobPlans(
  { watch, solvency, rebalance: slots }: Config,
  policy: Policy,
): readonly JobPlan[] {
  const limits = { deadlineMs: watch.jobDeadlineMs, attemptsMax: watch.jobAttemptsMax };
  const runMs = orderingMs(policy.execution);
  return [
    {
      name: 'rebalance',
      schedule: slots.cron === undefined ? { everyMs: slots.every ?? 0 } : { cron: slots.cron },
      deadlineMs: runMs,
      attemptsMax: watch.jobAttemptsMax,
    },
    { name: 'reconcile', schedule: { everyMs: watch.reconcileEveryMs }, ...limits },
    { name: 'history', schedule: { everyMs: watch.historyEveryMs }, ...limits },
    { name: 'booking', schedule: { everyMs: watch.bookingEveryMs }, ...limits },
    {
      name: 'margin',
      schedule: { everyMs: watch.marginEveryMs },
      // Its own orders take as long as a decision may.
      deadlineMs: runMs + watch.guardLeaseWaitMs,
      attemptsMax: watch.jobAttemptsMax,
    },
    { name: 'solvency', schedule: { everyMs: solvency.everyMs }, ...limits },
    {
      name: 'drift',
      schedule: slots.onDrift ? { everyMs: watch.driftEveryMs } : null,
      ...limits,
    },
  ];
}

export function jobsOf(parts: JobParts): readonly JobDefinition[] {
  const { config, policy } = parts;
  const runs = runsOf(parts);
  return jobPlans(config, policy).map((plan) => ({ ...plan, run: runs[plan.name] }));
}

function runsOf(parts: JobParts): Readonly<Record<JobName, JobDefinition['run']>> {
  const { config, policy, ports, live, enqueue } = parts;
  const { deadManMs } = config.execution;
  const armDeadMan = deadManMs === undefined ? null : createDeadMan(ports, deadManMs);
  // A job that is told to stop sends nothing new, cancels what rests, and leaves the rest to the next.
  const until = (signal: AbortSignal): Ports => ({
    ...ports,
    stopping: ports.stopping === undefined ? signal : AbortSignal.any([ports.stopping, signal]),
  });
  const leave = async (): Promise<void> => {
    const slot = { scheduledAtMs: ports.clock.nowMs(), trigger: 'drift' } as const;
    const exits = await leaveExits(ports, policy, () => enqueue('rebalance', slot));
    if (exits.length > 0) ports.reporter.event({ event: 'leaving', exits });
  };
  return {
    rebalance: async ({ scheduledAtMs, trigger, signal }) => {
      await syncForDecision(ports, policy);
      await lookFirst(ports, policy, guardSettings(config));
      await pegsFirst(ports, policy, pegLimits(config));
      const slot = slotOf(policy.portfolio, trigger, scheduledAtMs);
      const ended = await untilFree(ports, policy, async () => {
        const result = await rebalance(until(signal), policy, slot, version);
        return result.kind === 'busy' && !signal.aborted ? null : result;
      });
      if (ended === null || ended.kind === 'busy') throw busy(policy.portfolio);
      live.rebalanced(ports.clock.nowMs());
    },
    reconcile: async ({ signal }) => {
      const report = await reconcileVenues(until(signal), policy, { adjust: true });
      if (report !== null) live.reconciled(ports.clock.nowMs());
    },
    history: async () => {
      const gaps = await syncUniverse(ports, policy);
      if (gaps.length > 0) ports.reporter.warn({ event: 'historyGaps', gaps });
    },
    booking: async () => {
      const booked = await bookCash(ports, policy);
      if (booked > 0) ports.reporter.event({ event: 'cashBooked', entries: booked });
    },
    margin: async ({ signal }) => {
      // Beside it: a venue that does not answer must not hold back the guard of the others. What breaks, the next round throws.
      void armDeadMan?.();
      const guard = async () => {
        const readings = await guardMargin(until(signal), policy, guardSettings(config));
        live.accountsRead(readings, ports.clock.nowMs());
      };
      const pegs = async () => {
        await watchPegs(ports, policy, pegLimits(config));
        await leave();
      };
      // A guard that fails, or is long at work, keeps no coin from being left.
      const ended = await Promise.allSettled([guard(), pegs()]);
      for (const one of ended) if (one.status === 'rejected') throw one.reason;
    },
    // A venue that weakens between two rebalances is seen, and left, before the next one.
    solvency: async () => {
      await lookAtVenues(ports);
      await leave();
    },
    drift: async ({ scheduledAtMs }) => {
      const drifted = await watchDrift(ports, policy);
      if (drifted.length === 0) return;
      ports.reporter.event({ event: 'drifted', legs: drifted });
      await enqueue('rebalance', { scheduledAtMs, trigger: 'drift' });
    },
  };
}

/** Another worker's run, or a command by hand, holds it for longer than is waited: the slot is tried again, not lost. */
const busy = (portfolio: string): OperatingError =>
  new OperatingError(`another process holds portfolio ${portfolio}`, {
    retryable: true,
    remedy: 'it is tried again; if it stays, stop the other process',
  });

/**
 * Plays a stage: the jobs run when they are due on the virtual clock, one after another, as one worker would take them.
 *
 * Watches look as often as the scene says, because a quiet day need not be looked at every ten seconds to be the same. After every
 * job it is noted what forbade increases at each venue at that time.
 */
import { OperatingError } from '../../src/domain/operatingError.ts';
import { noIncreaseCursor } from '../../src/rebalance/fence.ts';
import type { JobName, JobSlot } from '../../src/scheduler/job.ts';
import { hourMs, minuteMs, type Stage } from './stage.ts';

export type Forbidden = {
  readonly venue: string;
  readonly why: 'fence' | 'halt' | 'restrict' | 'exit';
  readonly fromMs: number;
  readonly toMs: number;
};

export type Played = {
  /** When increases were forbidden, and by what; spans between two looks that both saw it. */
  readonly forbidden: readonly Forbidden[];
  readonly failures: readonly {
    readonly job: string;
    readonly atMs: number;
    readonly what: string;
  }[];
  readonly runs: Readonly<Record<string, number>>;
};

export type Scene = {
  readonly untilMs: number;
  /** Between two looks of everything but the rebalance, at least, where nothing happens that they would see. */
  readonly watchEveryMs?: number;
};

const patient = 60 * minuteMs;

/** Goes on from where the stage stands. */
export async function play(stage: Stage, scene: Scene): Promise<Played> {
  const { jobs, simulators } = stage;
  const fromMs = simulators.nowMs();
  const periods = new Map(jobs.flatMap((job) => periodOf(job.name, job.schedule, scene)));
  // Jobs keep their beat over scenes: an hour is due at the hour.
  const due = new Map(
    [...periods].map(([name, period]) => [name, Math.ceil(fromMs / period) * period]),
  );
  const forbidden: Forbidden[] = [];
  const failures: { job: string; atMs: number; what: string }[] = [];
  const runs: Record<string, number> = {};
  let before = await whatForbids(stage);
  let lookedMs = fromMs;

  async function runJob(name: JobName, slot: JobSlot): Promise<void> {
    const job = jobs.find((one) => one.name === name);
    const signal = AbortSignal.timeout(patient);
    try {
      await job?.run({ ...slot, signal });
    } catch (error) {
      if (!(error instanceof OperatingError)) throw error;
      failures.push({ job: name, atMs: simulators.nowMs(), what: error.message });
    }
    runs[name] = (runs[name] ?? 0) + 1;
    const now = await whatForbids(stage);
    for (const { venue, why } of now)
      if (before.some((one) => one.venue === venue && one.why === why))
        forbidden.push({ venue, why, fromMs: lookedMs, toMs: simulators.nowMs() });
    before = now;
    lookedMs = simulators.nowMs();
  }

  for (;;) {
    const wished = stage.asked.shift();
    if (wished !== undefined) {
      await runJob(wished.name, wished.slot);
      continue;
    }
    const next = soonest(due);
    if (next === null || next.atMs >= scene.untilMs) break;
    if (simulators.nowMs() < next.atMs) simulators.advanceTo(next.atMs);
    await runJob(next.name, { scheduledAtMs: next.atMs, trigger: 'schedule' });
    const period = periods.get(next.name) ?? hourMs;
    const missed = Math.max(0, Math.floor((simulators.nowMs() - next.atMs) / period));
    due.set(next.name, next.atMs + Math.max(1, missed) * period);
  }
  if (simulators.nowMs() < scene.untilMs) simulators.advanceTo(scene.untilMs);
  return { forbidden, failures, runs };
}

/** History before anything that decides on it; then in the order of time. */
const order: readonly string[] = ['history', 'booking', 'margin'];

function soonest(due: ReadonlyMap<JobName, number>) {
  const rank = (one: string): number => (order.includes(one) ? order.indexOf(one) : order.length);
  const all = [...due].map(([name, atMs]) => ({ name, atMs }));
  return all.sort((a, b) => a.atMs - b.atMs || rank(a.name) - rank(b.name))[0] ?? null;
}

function periodOf(
  name: JobName,
  schedule: Stage['jobs'][number]['schedule'],
  scene: Scene,
): readonly (readonly [JobName, number])[] {
  if (schedule === null || !('everyMs' in schedule)) return [];
  if (name === 'rebalance') return [[name, schedule.everyMs]];
  return [[name, Math.max(scene.watchEveryMs ?? 0, schedule.everyMs)]];
}

async function whatForbids({ ports, policy, simulators }: Stage) {
  const nowMs = simulators.nowMs();
  const [fencedUntilMs, halt] = await Promise.all([
    ports.state.cursor(noIncreaseCursor(policy.portfolio)),
    ports.state.halt(policy.portfolio),
  ]);
  const found: { venue: string; why: Forbidden['why'] }[] = [];
  for (const venue of ports.venues.keys()) {
    const state = (await ports.state.venueState(venue))?.state;
    if (state === 'restrict' || state === 'exit') found.push({ venue, why: state });
    if (halt.halted) found.push({ venue, why: 'halt' });
    if (fencedUntilMs !== null && fencedUntilMs > nowMs) found.push({ venue, why: 'fence' });
  }
  return found;
}

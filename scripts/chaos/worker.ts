/**
 * One life of the worker: the line as the daemon composes it, over real venues' classes, PostgreSQL and the queue, until it
 * is killed. It waits for its orders on stdin, so that the next life stands ready while this one works.
 */
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../../src/adapters/database/openDatabase.ts';
import { openVenue } from '../../src/adapters/exchange/openVenue.ts';
import { createSystemClock } from '../../src/adapters/system/clock.ts';
import { composeStores } from '../../src/compose.ts';
import { type VenueId, venueId } from '../../src/domain/ids.ts';
import { OperatingError } from '../../src/domain/operatingError.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { orderingMs } from '../../src/expectedWork.ts';
import { increasesCursor } from '../../src/rebalance/fence.ts';
import { guardMargin } from '../../src/rebalance/guard.ts';
import { lookFirst } from '../../src/rebalance/lookFirst.ts';
import type { Venue } from '../../src/rebalance/ports/venue.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { rebalance } from '../../src/rebalance/rebalance.ts';
import { reconcileVenues } from '../../src/rebalance/reconcileVenues.ts';
import { recover } from '../../src/rebalance/recover.ts';
import { slotOf } from '../../src/rebalance/slot.ts';
import { syncUniverse } from '../../src/rebalance/syncUniverse.ts';
import type { JobDefinition } from '../../src/scheduler/job.ts';
import { createScheduler } from '../../src/scheduler/scheduler.ts';
import { type LifeOptions, slotsMax } from './lifeOptions.ts';
import { mortalPorts } from './mortal.ts';
import { underRules } from './rules.ts';
import { guardOfSlot, policyOfSlot } from './wishes.ts';

const recoveriesMax = 40;
const pauseMs = 150;
const slotMsMax = 30_000;
const settlingRoundsMax = 60;
const undisturbedMs = 60_000;
const undisturbedMax = 3;
const historyCursor = 'history read';
/** More than all that is held. */
const wholeUsd = 1e6;
/** Below the settling time: whoever does not answer is looked up, not waited for. */
const timeouts = { connectMs: 800, headersMs: 500, bodyMs: 500, deadlineMs: 600 };

const tell = (event: string, detail: object = {}): void => {
  const cpuMs = Math.round(process.cpuUsage().user / 1000);
  process.stdout.write(`${JSON.stringify({ event, cpuMs, ...detail })}\n`);
};

const options = await orders();
const clock = createSystemClock();
tell('begun');
const database = await again('the database', () =>
  openDatabase({ url: options.databaseUrl, dataDir: '', timeoutMs: 5_000 }),
);
const ports = mortalPorts(await openPorts(), options.death);
tell('opened');
await again('recovery', () => recover(ports, options.policy, { leverage: 5, leaseWaitMs: 3_000 }));
tell('recovered');
if (options.task === 'settle') await settle();
else await work();

async function orders(): Promise<LifeOptions> {
  const lines = createInterface({ input: process.stdin });
  // Whoever started it has gone: so does it.
  lines.on('close', () => process.exit(0));
  return await new Promise((given) => {
    lines.once('line', (line) => given(JSON.parse(line) as LifeOptions));
  });
}

/** What a supervisor would do by starting it again. */
async function again<T>(what: string, run: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof OperatingError) || tried >= recoveriesMax) throw error;
      tell('again', { what, reason: error.message });
      await sleep(pauseMs);
    }
  }
}

async function openPorts(): Promise<Ports> {
  const venues = new Map<VenueId, Venue>();
  for (const [name, endpoint] of Object.entries(options.origins)) {
    const venue = await openVenue({
      id: venueId(name),
      exchange: options.policy.venues.find((one) => one.id === name)?.exchange ?? 'bybit',
      environment: 'simulated',
      endpoint,
      acknowledgeLive: false,
      credentials: {
        source: 'the simulator’s own key',
        reveal: () => ({ apiKey: 'simulated', secret: 'simulated-secret', password: null }),
      },
      clock,
      chance: Math.random,
      timeouts,
      receiveWindowMs: Math.floor(options.policy.execution.settlingMs / 2),
      writeWaitMsMax: Math.floor(options.policy.execution.settlingMs / 8),
    });
    venues.set(venueId(name), underRules(options.rules, venue));
  }
  const nothing = (): void => undefined;
  return {
    clock,
    venues,
    ...composeStores(database, options.policy),
    reporter: {
      event: nothing,
      warn: (event) => tell('warn', event),
      orderAcked: nothing,
      orderEnded: nothing,
      orderDenied: nothing,
      slippage: nothing,
      rebalanceEnded: nothing,
    },
  };
}

/** The margin watch looks before its permission runs out: beside the worker there is none. */
async function permit(policy: Policy): Promise<void> {
  const untilMs = await ports.state.cursor(increasesCursor(policy.portfolio));
  if (untilMs !== null && untilMs > clock.nowMs() + slotMsMax) return;
  await lookFirst(ports, policy, options.guard);
}

/** Bars are of an hour: what is read once, in whichever slot comes to it, is good for the world's life. */
async function readHistory(policy: Policy): Promise<void> {
  if ((await ports.state.cursor(historyCursor)) !== null) return;
  await syncUniverse(ports, policy);
  await ports.state.setCursor(historyCursor, clock.nowMs());
}

async function work(): Promise<void> {
  const { policy } = options;
  const line: JobDefinition = {
    name: 'rebalance',
    schedule: null,
    deadlineMs: orderingMs(policy.execution),
    attemptsMax: 3,
    run: async ({ scheduledAtMs, trigger, signal }) => {
      const number = scheduledAtMs % slotsMax;
      const wished = policyOfSlot(policy, options.seed, number);
      await readHistory(wished);
      await permit(wished);
      const slot = slotOf(policy.portfolio, trigger, scheduledAtMs);
      const until = { ...ports, stopping: signal };
      const result = await rebalance(until, wished, slot, 'chaos');
      if (result.kind === 'busy') throw heldElsewhere();
      const { decision } = result.record;
      tell('decided', {
        slot: number,
        orders: decision.kind === 'trade' ? decision.orders.length : 0,
        outcome: result.kind === 'ended' ? result.outcome : result.kind,
        ...(decision.kind === 'stand' ? { code: decision.code, reason: decision.reason } : {}),
      });
    },
  };
  const reconcile: JobDefinition = {
    ...line,
    name: 'reconcile',
    run: async ({ signal }) => {
      const report = await reconcileVenues({ ...ports, stopping: signal }, policy, {
        adjust: true,
      });
      tell('reconciled', { ...report });
    },
  };
  const margin: JobDefinition = {
    ...line,
    name: 'margin',
    attemptsMax: 1,
    run: async ({ scheduledAtMs, signal }) => {
      const slot = scheduledAtMs % slotsMax;
      const wished = policyOfSlot(policy, options.seed, slot);
      const guard = guardOfSlot(options.guard, options.seed, slot);
      const readings = await guardMargin({ ...ports, stopping: signal }, wished, guard);
      tell('guarded', { slot, rungs: readings.map(({ level }) => level) });
    },
  };
  const scheduler = createScheduler({
    queue: options.queue,
    portfolio: policy.portfolio,
    jobs: [line, reconcile, margin],
    roles: { scheduler: false, worker: true },
    clock,
    hooks: {
      jobEnded: ({ job, scheduledAtMs, outcome, seconds, error }) =>
        tell('jobEnded', {
          job,
          slot: scheduledAtMs % slotsMax,
          outcome,
          seconds,
          reason: error?.message,
        }),
      queueCounted: () => undefined,
      queueFailed: (error) => tell('queueFailed', { reason: error.message }),
      scheduleRestored: () => undefined,
      fatal: (error) => {
        tell('fatal', { reason: error.message });
        process.exit(70);
      },
    },
  });
  await again('the queue', () => scheduler.start());
  tell('ready');
}

async function settle(): Promise<void> {
  const wasQuiet = await quieten();
  const wasUndisturbed = await again('the last rebalance', rebalanceUndisturbed);
  tell('settled', { quiet: (await quieten()) && wasQuiet && wasUndisturbed });
  process.exit(0);
}

/**
 * What the slots before have left is in its targets: after it nothing of theirs may stand unhedged. It has all the time that it
 * needs: while a plan is under way, legs that share an instrument have crossed what their other halves have yet to trade.
 */
async function rebalanceUndisturbed(): Promise<boolean> {
  const { limits, execution, sizing } = options.policy;
  const isMoving = (limits.walletMoveUsdMax ?? 0) > 0;
  // What a pair needs is moved whole: half of it refused for want of coins would stand in the legs' books.
  const policy = {
    ...options.policy,
    limits: isMoving ? { ...limits, walletMoveUsdMax: wholeUsd } : limits,
    execution: { ...execution, deadlineMs: undisturbedMs },
    // Small enough that no order is denied for want of cash.
    sizing: { ...sizing, targetVolatilityAnnual: 0.1, grossLeverageMax: 1 },
  };
  for (let tried = 1; tried <= undisturbedMax; tried += 1) {
    await lookFirst(ports, policy, options.guard);
    const slot = slotOf(policy.portfolio, 'manual', clock.nowMs());
    const result = await rebalance(ports, policy, slot, 'chaos');
    if (result.kind === 'busy') throw heldElsewhere();
    const { decision } = result.record;
    const outcome = result.kind === 'ended' ? result.outcome : result.kind;
    const code = decision.kind === 'stand' ? decision.code : null;
    const denied = decision.denials.map((denial) => `${denial.instrument} ${denial.code}`);
    tell('undisturbed', { outcome, code, denied });
    if (outcome === 'complete' || code === 'WITHIN_BANDS') return true;
  }
  return false;
}

const heldElsewhere = (): OperatingError =>
  new OperatingError('another process holds the portfolio', {
    retryable: true,
    remedy: 'it is tried again',
  });

/** Reconciles until nothing is open, and nothing is adjusted, twice. @returns false: the limit was reached. */
async function quieten(): Promise<boolean> {
  const { policy } = options;
  let quiet = 0;
  for (let round = 0; round < settlingRoundsMax && quiet < 2; round += 1) {
    const report = await again('reconciling', () =>
      reconcileVenues(ports, policy, { adjust: true }),
    );
    const open = await ports.decisions.unfinished(policy.portfolio);
    const isQuiet = report?.outstanding.length === 0 && report.adjusted.length === 0;
    quiet = isQuiet && open.length === 0 ? quiet + 1 : 0;
    tell('round', { round, open: open.length, ...report });
    if (quiet === 0) await sleep(pauseMs);
  }
  return quiet === 2;
}

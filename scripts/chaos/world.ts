/**
 * One world: two venues, a database and a queue, a worker that dies again and again, and the audit when all is quiet.
 *
 * What is wished, what befalls the venues and how each life ends follow from the seed. Which request a fault strikes, and
 * what is in flight when a life ends by the clock, depends on the machine's speed.
 */
import { appendFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, openDatabase } from '../../src/adapters/database/openDatabase.ts';
import { createSystemClock } from '../../src/adapters/system/clock.ts';
import { OperatingError } from '../../src/domain/operatingError.ts';
import type { QueuePlace } from '../../src/scheduler/connection.ts';
import { createScheduler, type Scheduler } from '../../src/scheduler/scheduler.ts';
import { dialectOf } from './aims.ts';
import { auditWorld, type WorldAudit } from './audit.ts';
import type { Programs } from './bundle.ts';
import { drawOf, worldSeed } from './draw.ts';
import { slotFaults } from './faults.ts';
import { keepAlive, settle } from './lifeline.ts';
import { type LifeOptions, slotsMax } from './lifeOptions.ts';
import { portfolio, readSettings } from './policy.ts';
import type { RedisServer } from './redis.ts';
import type { RuleName } from './rules.ts';
import type { DatabaseServer } from './server.ts';
import {
  aimOf,
  balancesOf,
  classesOf,
  isSlowWorld,
  kindOf,
  type VenueClasses,
  type WorldKind,
} from './universe.ts';
import { type Exchanges, startExchanges } from './venues.ts';
import { isGuarded } from './wishes.ts';

export type WorldOptions = {
  readonly seed: number;
  readonly number: number;
  readonly orders: number;
  readonly kills: number;
  readonly rules: RuleName;
  readonly programs: Programs;
  readonly server: DatabaseServer;
  /** null: the queue is in the database. */
  readonly redis: RedisServer | null;
  /** Where to write down what is said; kept when something went wrong. null: nowhere. */
  readonly log: string | null;
  readonly venues: WorldKind | 'both';
};

export type World = {
  readonly number: number;
  readonly queue: QueuePlace['kind'];
  readonly venues: readonly string[];
  /** Transfers and savings were played. */
  readonly isSlow: boolean;
  readonly slots: number;
  readonly kills: number;
  /** Kills by what the life was at: the effect that it died before or after, or the clock. */
  readonly killsAt: Readonly<Record<string, number>>;
  /** Lives that ended by themselves with an error: a supervisor starts them again. */
  readonly gaveUp: number;
  readonly databaseCrashes: number;
  readonly queueCrashes: number;
  readonly isQuiet: boolean;
  readonly ms: number;
  readonly audit: WorldAudit;
};

const slotMsMax = 20_000;
const enqueuesMax = 20;
const reconcileEvery = 3;
const slotsAlways = 20;

export async function runWorld(options: WorldOptions): Promise<World> {
  const startedMs = Date.now();
  const seed = worldSeed(options.seed, options.number);
  const { programs, server, redis } = options;
  const log = options.log === null ? null : `${options.log}.world-${options.number}`;
  const note = (text: string): void => {
    if (log !== null) appendFileSync(log, `${new Date().toISOString().slice(11, 23)} ${text}\n`);
  };
  const undo: (() => Promise<void>)[] = [];
  try {
    const classes = classesOf(kindOf(options.number, options.venues));
    const exchanges = await startExchanges(programs.exchanges, {
      seed,
      venues: mapValues(classes, (exchange) => dialectOf(aimOf(classes, exchange))),
      balances: mapValues(classes, (exchange) => balancesOf(classes, exchange)),
    });
    undo.push(() => exchanges.stop());
    const databaseUrl = await server.create(
      `world_${options.rules.replaceAll('-', '_')}_${options.number}`,
    );
    const queue: QueuePlace =
      redis === null ? { kind: 'database', url: databaseUrl } : { kind: 'redis', url: redis.url };
    const database = await openDatabase({ url: databaseUrl, dataDir: '' });
    undo.push(() => database.stop());
    const told: Omit<LifeOptions, 'death' | 'task'> = {
      seed,
      ...readSettings(classes),
      origins: exchanges.origins,
      databaseUrl,
      queue,
      rules: options.rules,
    };
    const play = { ...options, seed, classes, exchanges, database, told, note };
    const played = await playSlots(play, undo);
    await exchanges.calm();
    const isQuiet = await settle(play);
    const journals = await exchanges.journals();
    const audit = await auditWorld(database, portfolio, journals);
    const isFine = isQuiet && audit.faults.length === 0;
    for (const fault of audit.faults) note(fault);
    if (isFine && log !== null) rmSync(log, { force: true });
    const ms = Date.now() - startedMs;
    return {
      number: options.number,
      queue: queue.kind,
      venues: Object.values(classes),
      isSlow: isSlowWorld(classes),
      ...played,
      isQuiet,
      ms,
      audit,
    };
  } finally {
    for (const step of undo.reverse()) await step();
  }
}

const mapValues = <A, B>(of: Readonly<Record<string, A>>, change: (a: A) => B) =>
  Object.fromEntries(Object.entries(of).map(([key, value]) => [key, change(value)]));

type Play = WorldOptions & {
  readonly exchanges: Exchanges;
  readonly classes: VenueClasses;
  readonly database: Database;
  readonly told: Omit<LifeOptions, 'death' | 'task'>;
  readonly note: (text: string) => void;
};

type Played = Pick<
  World,
  'slots' | 'kills' | 'killsAt' | 'gaveUp' | 'databaseCrashes' | 'queueCrashes'
>;

/** Slots until there are as many orders and kills as wished. */
async function playSlots(play: Play, undo: (() => Promise<void>)[]): Promise<Played> {
  const { seed, exchanges, server, redis, note } = play;
  const scheduler = openQueue(play);
  await scheduler.start();
  undo.push(() => scheduler.stop(1_000));
  const lives = keepAlive({ ...play, isSlow: isSlowWorld(play.classes) });
  undo.push(() => lives.stop());
  const crashes = { databaseCrashes: 0, queueCrashes: 0 };
  let slot = 0;
  // Rules that end in a refusal to trade never come to as many orders as wished.
  const most = Math.min(slotsMax, slotsAlways + 3 * play.kills + Math.ceil(play.orders / 8));
  for (; slot < most; slot += 1) {
    if (lives.kills() >= play.kills && (await ordersAt(play)) >= play.orders) break;
    for (const [venue, exchange] of Object.entries(play.classes)) {
      const aimed = aimOf(play.classes, exchange);
      await exchanges.strike(venue, slotFaults(seed, venue, aimed, slot));
    }
    const crash = crashOf(seed, slot, redis !== null);
    const ended = lives.untilEnded(slot);
    // A difference that a fault made stops increases until somebody looks again, as the daemon does every minute.
    if (slot % reconcileEvery === 1) await enqueue(scheduler, 'reconcile', slot, note);
    await enqueue(scheduler, 'rebalance', slot, note);
    if (isGuarded(slot)) await enqueue(scheduler, 'margin', slot, note);
    if (crash !== null) {
      await sleep(crash.afterMs);
      note(`crash of the ${crash.what}`);
      if (crash.what === 'database') crashes.databaseCrashes += 1;
      if (crash.what === 'queue' || redis === null) crashes.queueCrashes += 1;
      await (crash.what === 'database' ? server : redis)?.crash();
    }
    await Promise.race([ended, sleep(slotMsMax)]);
  }
  await lives.stop();
  return {
    slots: slot,
    kills: lives.kills(),
    killsAt: lives.killsAt(),
    gaveUp: lives.gaveUp(),
    ...crashes,
  };
}

/** Rarely: each costs seconds in which nothing else is tried. */
function crashOf(seed: number, slot: number, hasRedis: boolean) {
  const draw = drawOf(seed, 'crashes', slot);
  const what = draw.oneOf(hasRedis ? (['database', 'queue'] as const) : (['database'] as const));
  return slot > 0 && draw.whole(1, 12) === 1 ? { what, afterMs: draw.whole(50, 1_500) } : null;
}

function openQueue({ told, note }: Play): Scheduler {
  const failed = (error: Error): void => note(`queue: ${error.message}`);
  return createScheduler({
    queue: told.queue,
    portfolio,
    jobs: (['rebalance', 'reconcile', 'margin'] as const).map((name) => ({
      name,
      schedule: null,
      deadlineMs: 60_000,
      attemptsMax: 3,
      run: async () => {},
    })),
    roles: { scheduler: false, worker: false },
    clock: createSystemClock(),
    hooks: {
      jobEnded: () => undefined,
      queueCounted: () => undefined,
      queueFailed: failed,
      scheduleRestored: () => undefined,
      fatal: failed,
    },
  });
}

async function enqueue(
  scheduler: Scheduler,
  job: 'rebalance' | 'reconcile' | 'margin',
  slot: number,
  note: Play['note'],
): Promise<void> {
  const scheduledAtMs = Math.floor(Date.now() / slotsMax) * slotsMax + slot;
  for (let tried = 1; ; tried += 1) {
    try {
      await scheduler.enqueue(job, { scheduledAtMs, trigger: 'schedule' });
      return;
    } catch (error) {
      if (!(error instanceof OperatingError) || tried >= enqueuesMax) throw error;
      note(`slot ${slot} not queued: ${error.message}`);
      await sleep(200);
    }
  }
}

async function ordersAt({ database, note }: Play): Promise<number> {
  try {
    const row = await database.queries
      .selectFrom('orders')
      .select((count) => count.fn.countAll<number>().as('sent'))
      .where('venue_order_id', 'is not', null)
      .where('action', '<>', 'transfer')
      .executeTakeFirstOrThrow();
    return row.sent;
  } catch (error) {
    note(`orders not counted: ${String(error)}`);
    return 0;
  }
}

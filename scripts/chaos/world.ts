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
import type { Dialect } from './aims.ts';
import { auditWorld, type WorldAudit } from './audit.ts';
import type { Programs } from './bundle.ts';
import { deathOf } from './deaths.ts';
import { drawOf, worldSeed } from './draw.ts';
import { slotFaults } from './faults.ts';
import { type LifeOptions, slotsMax } from './lifeOptions.ts';
import { type Life, prepareLives, type Said } from './lives.ts';
import { balanceUsdt, portfolio, readSettings, type VenueClasses } from './policy.ts';
import type { RedisServer } from './redis.ts';
import type { RuleName } from './rules.ts';
import type { DatabaseServer } from './server.ts';
import { type Exchanges, startExchanges } from './venues.ts';

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
  /** Two that speak Bybit, a Bybit and a Binance, or both in turn. */
  readonly venues: 'bybit' | 'mixed' | 'both';
};

export type World = {
  readonly number: number;
  readonly queue: QueuePlace['kind'];
  readonly venues: readonly string[];
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
const settleMsMax = 90_000;
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
    const classes = classesOf(options);
    const dialects = mapValues(classes, dialectOf);
    const exchanges = await startExchanges(programs.exchanges, {
      seed,
      venues: dialects,
      balances: { USDT: balanceUsdt },
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
    const play = { ...options, seed, dialects, exchanges, database, told, note };
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
      ...played,
      isQuiet,
      ms,
      audit,
    };
  } finally {
    for (const step of undo.reverse()) await step();
  }
}

/** The second venue speaks Binance in every other pair of worlds, so that each goes with either queue. */
const classesOf = ({ number, venues }: WorldOptions): VenueClasses => {
  const mixed = venues === 'mixed' || (venues === 'both' && Math.floor(number / 2) % 2 === 1);
  return { alpha: 'bybit', beta: mixed ? 'binanceusdm' : 'bybit' };
};

const dialectOf = (exchange: VenueClasses[string]): Dialect =>
  exchange === 'binanceusdm' ? 'binance' : 'bybit';

const mapValues = <A, B>(of: Readonly<Record<string, A>>, change: (a: A) => B) =>
  Object.fromEntries(Object.entries(of).map(([key, value]) => [key, change(value)]));

type Play = WorldOptions & {
  readonly exchanges: Exchanges;
  readonly dialects: Readonly<Record<string, Dialect>>;
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
  const lives = keepAlive(play);
  undo.push(() => lives.stop());
  const crashes = { databaseCrashes: 0, queueCrashes: 0 };
  let slot = 0;
  // Rules that end in a refusal to trade never come to as many orders as wished.
  const most = Math.min(slotsMax, slotsAlways + 3 * play.kills + Math.ceil(play.orders / 8));
  for (; slot < most; slot += 1) {
    if (lives.kills() >= play.kills && (await ordersAt(play)) >= play.orders) break;
    for (const [venue, dialect] of Object.entries(play.dialects)) {
      await exchanges.strike(venue, slotFaults(seed, venue, dialect, slot));
    }
    const crash = crashOf(seed, slot, redis !== null);
    const ended = lives.untilEnded(slot);
    // A difference that a fault made stops increases until somebody looks again, as the daemon does every minute.
    if (slot % reconcileEvery === 1) await enqueue(scheduler, 'reconcile', slot, note);
    await enqueue(scheduler, 'rebalance', slot, note);
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
    jobs: (['rebalance', 'reconcile'] as const).map((name) => ({
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
  job: 'rebalance' | 'reconcile',
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
      .executeTakeFirstOrThrow();
    return row.sent;
  } catch (error) {
    note(`orders not counted: ${String(error)}`);
    return 0;
  }
}

/** One life after another until it is stopped; each dies as the seed says, as long as kills are wished. */
function keepAlive(play: Play) {
  const { told, seed, note } = play;
  const prepared = prepareLives(play.programs.worker, (text) => note(`stderr ${text.trimEnd()}`));
  const killsAt: Record<string, number> = {};
  let kills = 0;
  let gaveUp = 0;
  let isStopping = false;
  let current: Life | null = null;
  let wake: (slot: number | null) => void = () => undefined;
  const live = async (): Promise<void> => {
    for (let number = 0; !isStopping; number += 1) {
      const death = kills < play.kills ? deathOf(seed, number) : null;
      let at = 'clock';
      const hear = (said: Said): void => {
        note(`life ${number} ${JSON.stringify(said)}`);
        if (said.event === 'dying') at = `${String(said['when'])} ${String(said['name'])}`;
        if (said.event === 'jobEnded' && said['job'] === 'rebalance') wake(Number(said['slot']));
      };
      note(`life ${number} begins, ${JSON.stringify(death)}`);
      current = prepared.begin({ ...told, death, task: 'work' }, hear);
      const timer =
        death?.kind === 'time' ? setTimeout(() => current?.kill(), death.afterMs) : null;
      const { signal } = await current.ended;
      if (timer !== null) clearTimeout(timer);
      if (isStopping) return;
      if (signal === 'SIGKILL') {
        kills += 1;
        killsAt[at] = (killsAt[at] ?? 0) + 1;
      } else {
        gaveUp += 1;
        await sleep(200);
      }
      wake(null);
    }
  };
  const living = live();
  // Awaited at the end; until then a failure waits too.
  living.catch(() => undefined);
  let stopped: Promise<void> | null = null;
  return {
    kills: () => kills,
    killsAt: () => killsAt,
    gaveUp: () => gaveUp,
    /** Until the slot's job has ended, or the life that might do it. */
    untilEnded: (slot: number): Promise<void> =>
      new Promise((resolve) => {
        wake = (ended) => {
          if (ended === null || ended === slot) resolve();
        };
      }),
    stop: (): Promise<void> => {
      stopped ??= (async () => {
        isStopping = true;
        current?.kill();
        await living;
        await prepared.close();
      })();
      return stopped;
    },
  };
}

/** A last life that is not killed recovers and reconciles until nothing is left to settle. @returns whether it got there. */
async function settle({ told, programs, note }: Play): Promise<boolean> {
  const prepared = prepareLives(programs.worker, (text) => note(`stderr ${text.trimEnd()}`));
  let isQuiet = false;
  const life = prepared.begin({ ...told, death: null, task: 'settle' }, (said) => {
    note(`settling ${JSON.stringify(said)}`);
    if (said.event === 'settled') isQuiet = said['quiet'] === true;
  });
  const timer = setTimeout(() => life.kill(), settleMsMax);
  await life.ended;
  clearTimeout(timer);
  await prepared.close();
  return isQuiet;
}

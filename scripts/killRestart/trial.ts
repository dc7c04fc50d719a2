/**
 * The trial: a daemon that rebalances all the time is killed at random moments and started again, prices moving meanwhile.
 *
 * Exchange and database live on. Each restart must be ready in time; at the end the books must be the exchange's.
 */
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, openDatabase } from '../../src/adapters/database/openDatabase.ts';
import { streamKey, uniform } from '../../src/simulator/market/random.ts';
import { ensureBuilt, runCli } from '../../test/e2e/daemonProcess.ts';
import { ended, openSite, readyAfter, type Site } from '../../test/e2e/daemonSite.ts';
import { type Audit, audit } from './audit.ts';

export type Kill = {
  readonly number: number;
  /** From readiness, or from the start itself. */
  readonly after: 'ready' | 'start';
  readonly waitedMs: number;
  /** What the killed daemon left: decisions not carried out, orders not known to have ended. */
  readonly decisionsOpen: number;
  readonly ordersOpen: number;
  /** null: not within the limit. */
  readonly readyMs: number | null;
  readonly reasons: string;
};

export type Trial = {
  readonly seed: number;
  readonly kills: readonly Kill[];
  readonly stopMs: number;
  readonly stopCode: number | null;
  readonly reconcileCode: number | null;
  readonly reconcileSaid: string;
  readonly audit: Audit;
  /** The daemon's log, where something went wrong. */
  readonly log: string;
};

export const readyMsMax = 10_000;
const patienceMs = 45_000;
const moveEveryMs = 20_000;
const coins = ['BTC', 'ETH', 'SOL'] as const;
/** Every third kill hits a daemon that is still starting. */
const earlyEvery = 3;
const earlyMsMax = 2_500;
const lateMsMax = 5_000;

/** Bands of a thousandth and a slot every two seconds: orders are on their way most of the time. */
const restless = {
  rebalance: { every: 2_000, onStart: true, driftBandShare: 0.001, deadlineMs: 4_000 },
  execution: { style: 'passive', crossAfterMs: 1_000, settlingMs: 3_000, pollMs: 100 },
  limits: {
    ordersPerMinuteMax: 10_000,
    repeatsMax: 1_000,
    drawdownHaltShare: 1,
    dailyLossHaltShare: 1,
  },
};

export async function runTrial(
  { kills, seed }: { readonly kills: number; readonly seed: number },
  tell: (kill: Kill) => void,
): Promise<Trial> {
  await ensureBuilt();
  const site = await openSite(restless);
  let daemon: ChildProcess | null = null;
  let database: Database | null = null;
  let moving: Promise<void> = Promise.resolve();
  const stopping = new AbortController();
  try {
    daemon = site.start();
    const first = await readyAfter(site, patienceMs);
    if (first.ms === null) throw new Error(`never ready: ${first.reasons}\n${site.log()}`);
    database = await openDatabase({ url: 'embedded', dataDir: join(site.dataDir, 'database') });
    moving = movePrices(site, streamKey(seed, 'prices'), stopping.signal);
    // Awaited at the end; until then a failure waits too.
    moving.catch(() => undefined);
    const done: Kill[] = [];
    const chance = streamKey(seed, 'kills');
    for (let number = 1; number <= kills; number += 1) {
      const isEarly = number % earlyEvery === 0;
      const draw = uniform(chance, number, 0);
      const waitedMs = Math.round(draw * (isEarly ? earlyMsMax : lateMsMax));
      if (isEarly) {
        await ended(daemon, 'SIGKILL');
        daemon = site.start();
      }
      await sleep(waitedMs);
      await ended(daemon, 'SIGKILL');
      const left = await leftOpen(database);
      daemon = site.start();
      const ready = await readyAfter(site, patienceMs);
      const kill: Kill = {
        number,
        after: isEarly ? 'start' : 'ready',
        waitedMs,
        ...left,
        readyMs: ready.ms,
        reasons: ready.ms === null ? ready.reasons : '',
      };
      done.push(kill);
      tell(kill);
      if (ready.ms === null) break;
    }
    stopping.abort();
    await moving;
    const stoppedMs = Date.now();
    const stopCode = await ended(daemon, 'SIGTERM');
    const stopMs = Date.now() - stoppedMs;
    const reconciled = await reconcile(site);
    const books = await audit(database, 'paper', await site.journal());
    return {
      seed,
      kills: done,
      stopMs,
      stopCode,
      reconcileCode: reconciled.code,
      reconcileSaid: reconciled.stdout.trim(),
      audit: books,
      log: site.log(),
    };
  } finally {
    stopping.abort();
    await moving.catch(() => undefined);
    if (daemon !== null) await ended(daemon, 'SIGKILL');
    await database?.stop();
    await site.close();
  }
}

async function leftOpen({ queries }: Database) {
  const decisions = await queries.selectFrom('decisions').select('outcome').execute();
  const orders = await queries
    .selectFrom('orders')
    .select('state')
    .where('state', 'in', ['intended', 'sent', 'unknown', 'working'])
    .execute();
  const decisionsOpen = decisions.filter(({ outcome }) => outcome === null).length;
  return { decisionsOpen, ordersOpen: orders.length };
}

/** Each coin goes from one level within 4 % of the generated path to the next, all the time. */
async function movePrices(site: Site, chance: number, stopping: AbortSignal): Promise<void> {
  const levels = new Map<string, number>();
  const overMs = moveEveryMs;
  for (let move = 0; !stopping.aborted; move += 1) {
    for (const [index, coin] of coins.entries()) {
      const level = 1 + 0.04 * (2 * uniform(chance, move, index) - 1);
      const change = level / (levels.get(coin) ?? 1) - 1;
      await site.inject({ kind: 'priceShock', coin, move: change, overMs });
      levels.set(coin, level);
    }
    await sleep(overMs, undefined, { signal: stopping }).catch(() => undefined);
  }
}

const reconcileMs = 60_000;

/** The person's own check; redemptions on their way may need another look. */
async function reconcile(site: Site) {
  const args = ['reconcile', '--config', site.configFile, '--json'];
  return await runCli(args, { cwd: site.folder, limitMs: reconcileMs });
}

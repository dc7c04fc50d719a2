/** Worlds side by side and one after another, each audited by itself; their sum is the answer. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundlePrograms, type Programs } from './bundle.ts';
import type { ChaosOptions } from './options.ts';
import { startRedisServer } from './redis.ts';
import { type DatabaseServer, startDatabaseServer } from './server.ts';
import { runWorld, type World } from './world.ts';

export type Ran = {
  readonly worlds: readonly World[];
  /** Worlds that could not be played to their end, by no fault of what is tried. */
  readonly broken: readonly { readonly world: number; readonly reason: string }[];
};

/** @param stopping aborted: no other world begins; those that play are played to their end. */
export async function runChaos(
  options: ChaosOptions,
  tell: (world: World) => void,
  stopping: AbortSignal = new AbortController().signal,
): Promise<Ran> {
  const programs = await bundlePrograms();
  const numbers = options.only === null ? range(options.worlds) : [options.only];
  const worlds: World[] = [];
  const broken: Ran['broken'][number][] = [];
  try {
    const ended = {
      played: (world: World): void => {
        worlds.push(world);
        tell(world);
      },
      broke: (world: number, error: unknown): void => {
        broken.push({ world, reason: error instanceof Error ? error.message : String(error) });
      },
    };
    stopping.addEventListener('abort', () => {
      numbers.splice(0);
    });
    const lane = () => runLane(options, programs, numbers, ended);
    const lanes = Math.min(options.lanes, numbers.length);
    await Promise.all(range(lanes).map(lane));
    return { worlds: worlds.sort((a, b) => a.number - b.number), broken };
  } finally {
    await programs.remove();
  }
}

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** A database server of its own, so that its crashes strike nobody else. */
async function runLane(
  options: ChaosOptions,
  programs: Programs,
  numbers: number[],
  ended: {
    readonly played: (world: World) => void;
    readonly broke: (world: number, error: unknown) => void;
  },
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'equipoise-chaos-'));
  let server: DatabaseServer | null = null;
  try {
    server = await startDatabaseServer(join(folder, 'database'));
    for (let number = numbers.shift(); number !== undefined; number = numbers.shift()) {
      try {
        ended.played(await runOne(options, programs, server, { folder, number }));
      } catch (error) {
        ended.broke(number, error);
      }
    }
  } finally {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function runOne(
  options: ChaosOptions,
  programs: Programs,
  server: DatabaseServer,
  { folder, number }: { readonly folder: string; readonly number: number },
): Promise<World> {
  const { seed, rules, worlds, log, venues } = options;
  const wantsRedis = options.queue === 'redis' || (options.queue === 'both' && number % 2 === 1);
  const home = wantsRedis ? await mkdtemp(join(folder, 'redis-')) : folder;
  const redis = wantsRedis ? await startRedisServer(home) : null;
  if (wantsRedis && redis === null && options.queue === 'redis') {
    throw new Error('there is no redis-server on the path');
  }
  try {
    const orders = Math.ceil(options.orders / worlds);
    const kills = Math.ceil(options.kills / worlds);
    return await runWorld({
      seed,
      number,
      orders,
      kills,
      rules,
      programs,
      server,
      redis,
      log,
      venues,
    });
  } finally {
    await redis?.stop();
  }
}

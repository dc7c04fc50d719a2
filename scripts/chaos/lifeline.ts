/** The worker's lives in a world, one after another, each killed as the seed says, and the last one that settles what is left. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Programs } from './bundle.ts';
import { deathOf, type Mortality } from './deaths.ts';
import type { LifeOptions } from './lifeOptions.ts';
import { type Life, prepareLives, type Said } from './lives.ts';

const settleMsMax = 240_000;

export type Living = {
  readonly programs: Programs;
  readonly told: Omit<LifeOptions, 'death' | 'task'>;
  readonly note: (text: string) => void;
};

/** One life after another until it is stopped; each dies as the seed says, as long as kills are wished. */
export function keepAlive(play: Living & Mortality) {
  const { told, note } = play;
  const prepared = prepareLives(play.programs.worker, (text) => note(`stderr ${text.trimEnd()}`));
  const killsAt: Record<string, number> = {};
  let kills = 0;
  let gaveUp = 0;
  let isStopping = false;
  let current: Life | null = null;
  let wake: (slot: number | null) => void = () => undefined;
  const live = async (): Promise<void> => {
    for (let life = 0; !isStopping; life += 1) {
      const death = kills < play.kills ? deathOf(play, life) : null;
      let at = 'clock';
      const hear = (said: Said): void => {
        note(`life ${life} ${JSON.stringify(said)}`);
        if (said.event === 'dying') at = `${String(said['when'])} ${String(said['name'])}`;
        if (said.event === 'jobEnded' && said['job'] === 'rebalance') wake(Number(said['slot']));
      };
      note(`life ${life} begins, ${JSON.stringify(death)}`);
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
export async function settle({ told, programs, note }: Living): Promise<boolean> {
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

/** The sum over the worlds of a run: what was tried, what was found. */
import { deathsAs, effectsOf } from './deaths.ts';
import type { ChaosOptions } from './options.ts';
import type { Ran } from './run.ts';
import type { World } from './world.ts';

const faultsShown = 40;
/** Kills an effect, from which on each is expected to be struck before and after: two thirds of the lives end at one. */
const killsPerEffect = 4;

export function summaryOf(options: ChaosOptions, { worlds, broken }: Ran, ms: number) {
  const sum = (of: (world: World) => number): number =>
    worlds.reduce((total, one) => total + of(one), 0);
  const killsAt: Record<string, number> = {};
  for (const world of worlds) {
    for (const [at, count] of Object.entries(world.killsAt))
      killsAt[at] = (killsAt[at] ?? 0) + count;
  }
  const lost = sum(({ audit }) => audit.lost);
  const doubled = sum(({ audit }) => audit.doubled);
  const unexplained = sum(({ audit }) => audit.unexplained);
  const nakedPairs = sum(({ audit }) => audit.nakedPairs);
  const standingLegs = sum(({ audit }) => audit.standingLegs);
  const unquiet = worlds.filter((world) => !world.isQuiet).map((world) => world.number);
  const orders = sum(({ audit }) => audit.orders);
  const kills = sum((world) => world.kills);
  const share = options.only === null ? 1 : options.worlds;
  const isTried =
    orders >= Math.ceil(options.orders / share) && kills >= Math.ceil(options.kills / share);
  const notStruck = unstruck(options, worlds, killsAt);
  const left = nakedPairs + standingLegs;
  const found = lost + doubled + unexplained + left + unquiet.length + broken.length;
  return {
    // A run that did less than was wished shows nothing.
    holds: isTried && notStruck.length === 0 && found === 0,
    rules: options.rules,
    seed: options.seed,
    worlds: worlds.length,
    orders,
    fills: sum(({ audit }) => audit.fills),
    savings: sum(({ audit }) => audit.savings),
    transfers: sum(({ audit }) => audit.transfers),
    decisions: sum(({ audit }) => audit.decisions),
    kills,
    databaseCrashes: sum((world) => world.databaseCrashes),
    queueCrashes: sum((world) => world.queueCrashes),
    gaveUp: sum((world) => world.gaveUp),
    neverAccepted: sum(({ audit }) => audit.neverAccepted),
    lost,
    doubled,
    unexplained,
    nakedUsd: Math.round(sum(({ audit }) => audit.nakedUsd)),
    nakedPairs,
    handedOnUsd: Math.round(sum(({ audit }) => audit.handedOnUsd)),
    handedOnPairs: sum(({ audit }) => audit.handedOnPairs),
    standingUsd: Math.round(sum(({ audit }) => audit.standingUsd)),
    standingLegs,
    unquiet,
    broken,
    seconds: Math.round(ms / 1000),
    killsAt: Object.fromEntries(Object.entries(killsAt).sort(([a], [b]) => a.localeCompare(b))),
    notStruck,
    faults: worlds
      .flatMap(({ number, audit }) => audit.faults.map((fault) => `world ${number}: ${fault}`))
      .slice(0, faultsShown),
  };
}

/** Of the effects that the worlds play those that no life ended at, where so many kills were wished that each should have been. */
function unstruck(
  { kills, only }: ChaosOptions,
  worlds: readonly World[],
  killsAt: Readonly<Record<string, number>>,
): readonly string[] {
  const effects = effectsOf(worlds.some((world) => world.isSlow));
  // One world played again has its own few deaths: the others' effects are not its to strike.
  if (only !== null || kills < killsPerEffect * effects.length) return [];
  const all = effects.flatMap((effect) => deathsAs.map((when) => `${when} ${effect}`));
  return all.filter((one) => killsAt[one] === undefined);
}

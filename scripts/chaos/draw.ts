/** Chance of a chaos run: every draw is named, so the plan of one world does not depend on what happened in another. */
import { streamKey, uniform } from '../../src/simulator/market/random.ts';

export type Draw = {
  /** In (0, 1). */
  share(): number;
  /** A whole number, both ends included. */
  whole(least: number, most: number): number;
  oneOf<T>(of: readonly T[]): T;
};

/** Draws one after another of the stream that seed, name and number make. */
export function drawOf(seed: number, name: string, number: number): Draw {
  const stream = streamKey(seed, name);
  let drawn = 0;
  const share = (): number => {
    drawn += 1;
    return uniform(stream, number, drawn);
  };
  const whole = (least: number, most: number): number =>
    least + Math.floor(share() * (most - least + 1));
  return { share, whole, oneOf: (of) => of[whole(0, of.length - 1)] as (typeof of)[number] };
}

/** The seed of one world of a run. */
export const worldSeed = (seed: number, world: number): number =>
  streamKey(seed, `world ${world}`) >>> 0;

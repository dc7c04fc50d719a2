/**
 * The stress set that sizing and the pre-trade checks hold an account against.
 *
 * Joint moves in both signs (all correlations one), the worst joint days on record × 1.5, a basis blow-out between
 * perpetuals and spot, a depeg of each stablecoin, the loss of each venue. Floors are configured per class, because
 * a short history holds no crash.
 */
import type { Moves } from './stress.ts';

export type StressKind = 'jointRise' | 'jointFall' | 'worstDay' | 'basis' | 'depeg' | 'venueLoss';

export type StressScenario = {
  readonly kind: StressKind;
  /** Stable name for logs, e.g. `depeg:USDT`. */
  readonly name: string;
  readonly moves: Moves;
  /** Everything held there is gone; the venues that survive are judged. */
  readonly lostVenue: string | null;
};

/** Something with a price: a perpetual's symbol, or a coin held as collateral. */
export type StressedPrice = {
  readonly key: string;
  /** Names the floor that holds for it. */
  readonly class: string;
  readonly kind: 'derivative' | 'coin' | 'stablecoin';
};

export type StressFloors = {
  /** Least joint move of a class, as a fraction above 0, e.g. {major: 0.3, alt: 0.4}. */
  readonly moveByClass: Readonly<Record<string, number>>;
  /** Fall of one stablecoin against the book's unit. */
  readonly depegShare: number;
  /** Move of every derivative against its spot. */
  readonly basisShare: number;
  readonly worstDayRatio: number;
};

/** No price falls by more than this: a position must keep a value to be liquidated at. */
export const FALL_MAX_SHARE = 0.99;

export type StressSetInput = {
  readonly prices: readonly StressedPrice[];
  readonly floors: StressFloors;
  /** Joint moves of whole days on record, the worst for books long and short; a key may be missing. */
  readonly worstDays: readonly Moves[];
  readonly venues: readonly string[];
};

/**
 * Scenarios in a stable order. A worst day is mirrored, and a key it does not hold (not listed yet) moves by
 * its class's floor with the sign of the day.
 *
 * @returns `unknownClass` where a price's class has no floor: a set with a hole is no stress set.
 */
export function stressScenarios(
  input: StressSetInput,
):
  | { readonly kind: 'scenarios'; readonly scenarios: readonly StressScenario[] }
  | { readonly kind: 'unknownClass'; readonly classes: readonly string[] } {
  const { prices, floors, worstDays, venues } = input;
  const directional = prices.filter((price) => price.kind !== 'stablecoin');
  const missing = directional.filter((price) => !Object.hasOwn(floors.moveByClass, price.class));
  if (missing.length > 0) {
    return { kind: 'unknownClass', classes: [...new Set(missing.map((price) => price.class))] };
  }
  const floorOf = (price: StressedPrice) => floors.moveByClass[price.class] ?? 0;
  const joint = (sign: 1 | -1) => movesOf(directional, (price) => sign * floorOf(price));
  const scenarios: StressScenario[] = [
    scenario('jointRise', 'jointRise', joint(1)),
    scenario('jointFall', 'jointFall', joint(-1)),
  ];
  for (const [index, day] of worstDays.entries()) {
    for (const sign of [1, -1] as const) {
      const daySign = Math.sign(meanMove(day)) || 1;
      const moves = movesOf(directional, (price) =>
        Object.hasOwn(day, price.key)
          ? sign * (day[price.key] ?? 0) * floors.worstDayRatio
          : sign * daySign * floorOf(price),
      );
      scenarios.push(
        scenario('worstDay', `worstDay:${index}${sign > 0 ? '' : ':mirrored'}`, moves),
      );
    }
  }
  const derivatives = prices.filter((price) => price.kind === 'derivative');
  for (const sign of [1, -1] as const) {
    const moves = movesOf(derivatives, () => sign * floors.basisShare);
    scenarios.push(scenario('basis', `basis:${sign > 0 ? 'widening' : 'inverting'}`, moves));
  }
  for (const coin of prices.filter((price) => price.kind === 'stablecoin')) {
    scenarios.push(scenario('depeg', `depeg:${coin.key}`, { [coin.key]: -floors.depegShare }));
  }
  for (const venue of venues) {
    scenarios.push({ kind: 'venueLoss', name: `venueLoss:${venue}`, moves: {}, lostVenue: venue });
  }
  return { kind: 'scenarios', scenarios };
}

function scenario(kind: StressKind, name: string, moves: Moves): StressScenario {
  return { kind, name, moves, lostVenue: null };
}

function movesOf(prices: readonly StressedPrice[], move: (price: StressedPrice) => number): Moves {
  return Object.fromEntries(
    prices.map((price) => [price.key, Math.max(move(price), -FALL_MAX_SHARE)]),
  );
}

function meanMove(day: Moves): number {
  const moves = Object.values(day);
  return moves.length === 0 ? 0 : moves.reduce((sum, move) => sum + move, 0) / moves.length;
}

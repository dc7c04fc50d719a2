/**
 * How far an account is from liquidation: the smallest move of prices at which maintenance reaches equity.
 *
 * Moves tried: all coins together, and each coin alone, both ways; a coin's spot and derivatives move as one, so a hedged pair
 * counts as hedged. Stablecoins stand still. Headroom along a move is followed in steps and bisected at the first crossing.
 */
import { evaluateAccount, type MarginAccount } from './account.ts';
import { FALL_MAX_SHARE } from './scenarios.ts';
import { type Moves, stressAccount } from './stress.ts';

export type Direction = {
  /** `joint` or the coin. */
  readonly name: string;
  readonly sign: 1 | -1;
  /** Symbols of positions and coins of collateral that move. */
  readonly keys: readonly string[];
};

export type Distance = { readonly share: number; readonly direction: Direction };

const STEP_SHARE = 0.02;
const BISECTIONS = 24;

/** The coin whose price moves a position; BTC/USDT:USDT is BTC. */
export const coinOfSymbol = (symbol: string): string => symbol.split('/')[0] ?? symbol;

/** The directions in which an account can be hurt. @param stablecoins coins whose price does not move here. */
export function directionsOf(
  account: MarginAccount,
  stablecoins: ReadonlySet<string>,
): readonly Direction[] {
  const keysByCoin = new Map<string, string[]>();
  const note = (coin: string, key: string) => {
    if (!stablecoins.has(coin)) keysByCoin.set(coin, [...(keysByCoin.get(coin) ?? []), key]);
  };
  for (const { symbol, quantityBase } of account.positions) {
    if (quantityBase !== 0) note(coinOfSymbol(symbol), symbol);
  }
  for (const { coin, quantity } of account.collateral ?? []) if (quantity !== 0) note(coin, coin);
  const all = [...keysByCoin.values()].flat();
  const groups = [
    { name: 'joint', keys: all },
    ...[...keysByCoin].map(([name, keys]) => ({ name, keys })),
  ];
  return groups.flatMap((group) => [
    { ...group, sign: -1 as const },
    { ...group, sign: 1 as const },
  ]);
}

export function movesAlong({ keys, sign }: Direction, share: number): Moves {
  return Object.fromEntries(keys.map((key) => [key, sign * share]));
}

/** The nearest liquidation, share 0 where the account is past it; null: no move up to 99 % liquidates. */
export function liquidationMove(
  account: MarginAccount,
  stablecoins: ReadonlySet<string>,
): Distance | null {
  if (account.positions.every((position) => position.quantityBase === 0)) return null;
  let nearest: Distance | null = null;
  const isPast = evaluateAccount(account).liquidated;
  for (const direction of directionsOf(account, stablecoins)) {
    const share = isPast ? 0 : firstCrossing(account, direction);
    if (share !== null && (nearest === null || share < nearest.share)) {
      nearest = { share, direction };
    }
  }
  return nearest;
}

function firstCrossing(account: MarginAccount, direction: Direction): number | null {
  const isLiquidatedAt = (share: number): boolean =>
    stressAccount(account, movesAlong(direction, share)).liquidated;
  let low = 0;
  for (let high = STEP_SHARE; low < FALL_MAX_SHARE; high += STEP_SHARE) {
    const share = Math.min(high, FALL_MAX_SHARE);
    if (isLiquidatedAt(share)) return bisect(isLiquidatedAt, low, share);
    low = share;
  }
  return null;
}

function bisect(isLiquidatedAt: (share: number) => boolean, safe: number, past: number): number {
  let low = safe;
  let high = past;
  for (let step = 0; step < BISECTIONS; step++) {
    const middle = (low + high) / 2;
    if (isLiquidatedAt(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * A margin account after a shock: marks and collateral prices moved, everything else held.
 *
 * Moves are relative and keyed by the position's symbol or the collateral's coin; what a shock does not name keeps its price.
 */
import { type AccountEvaluation, evaluateAccount, type MarginAccount } from './account.ts';

export type Moves = Readonly<Record<string, number>>;

/** The account evaluated at the shocked prices; −1 (a price of nothing) is the least move. */
export function stressAccount(account: MarginAccount, moves: Moves): AccountEvaluation {
  return evaluateAccount({
    ...account,
    collateral: (account.collateral ?? []).map((coin) => ({
      ...coin,
      priceUsd: coin.priceUsd * (1 + moveOf(moves, coin.coin)),
    })),
    positions: account.positions.map((position) => ({
      ...position,
      markPriceUsd: position.markPriceUsd * (1 + moveOf(moves, position.symbol)),
    })),
  });
}

function moveOf(moves: Moves, key: string): number {
  return Object.hasOwn(moves, key) ? Math.max(moves[key] ?? 0, -1) : 0;
}

/** Deposits less withdrawals in USD: what changed the equity without being earned or lost. */
import { toNumber } from '../domain/decimal.ts';
import type { Transaction } from './transaction.ts';

export type Flows =
  | { readonly kind: 'known'; readonly netUsd: number }
  /** Coins that moved and that nobody priced. */
  | { readonly kind: 'unpriced'; readonly coins: readonly string[] };

/**
 * Sum of the `external` transactions, positive: came in. An opening is no flow: it is where counting begins.
 *
 * @param transactions those since the last mark: each is valued once, near its own time.
 * @param usdByCoin today's.
 */
export function netFlows(
  transactions: readonly Transaction[],
  usdByCoin: Readonly<Record<string, number>>,
): Flows {
  const moved = transactions
    .filter((one) => one.kind === 'external')
    .flatMap((one) => one.postings.filter((posting) => posting.account === 'external'));
  const coins = new Set(moved.map((one) => one.commodity));
  const unpriced = [...coins].filter((coin) => usdByCoin[coin] === undefined);
  if (unpriced.length > 0) return { kind: 'unpriced', coins: unpriced };
  const netUsd = moved.reduce(
    (sum, one) => sum - toNumber(one.amount) * (usdByCoin[one.commodity] ?? 0),
    0,
  );
  return { kind: 'known', netUsd };
}

/**
 * Profit by line and leg: minus what the line's account holds, valued at today's marks.
 *
 * Postings sum to zero per commodity, so equity = what came from outside + the sum of the lines, exactly and always.
 */
import { type DecimalText, isZero, toNumber } from '../domain/decimal.ts';
import type { LegId, VenueId } from '../domain/ids.ts';
import type { Balance } from './book.ts';
import type { Account } from './transaction.ts';

const profitLines = ['trading', 'fees', 'funding', 'yield', 'interest', 'adjustment'] as const;
export type ProfitLine = (typeof profitLines)[number];

export type LegProfit = {
  /** null: no leg's. */
  readonly leg: LegId | null;
  /** Realised and unrealised, USD; positive: earned. */
  readonly byLineUsd: Readonly<Record<ProfitLine, number>>;
  readonly totalUsd: number;
};

export type Profit =
  | { readonly kind: 'known'; readonly legs: readonly LegProfit[] }
  /** Commodities that are held and that nobody priced. */
  | { readonly kind: 'unpriced'; readonly commodities: readonly string[] };

const isLine = (account: Account): account is ProfitLine =>
  (profitLines as readonly string[]).includes(account);

const noProfit = (): Record<ProfitLine, number> => ({
  trading: 0,
  fees: 0,
  funding: 0,
  yield: 0,
  interest: 0,
  adjustment: 0,
});

/**
 * @param priceUsd of one unit of a commodity: a coin, a perpetual's base unit at its mark, an earn product's coin;
 *   undefined where it is not known.
 */
export function profitByLeg(
  balances: Iterable<Balance>,
  priceUsd: (venue: VenueId, commodity: string) => number | undefined,
): Profit {
  const legs = new Map<LegId | null, Record<ProfitLine, number>>();
  const unpriced = new Set<string>();
  for (const { venue, account, commodity, leg, amount } of balances) {
    if (!isLine(account) || isZero(amount)) continue;
    const price = priceUsd(venue, commodity);
    if (price === undefined) unpriced.add(commodity);
    const lines = legs.get(leg) ?? noProfit();
    lines[account] -= valueUsd(amount, price ?? 0);
    legs.set(leg, lines);
  }
  if (unpriced.size > 0) return { kind: 'unpriced', commodities: [...unpriced] };
  return {
    kind: 'known',
    legs: [...legs].map(([leg, byLineUsd]) => ({
      leg,
      byLineUsd,
      totalUsd: profitLines.reduce((sum, line) => sum + byLineUsd[line], 0),
    })),
  };
}

const valueUsd = (amount: DecimalText, priceUsd: number): number => toNumber(amount) * priceUsd;

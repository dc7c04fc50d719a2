/**
 * Implementation shortfall: what trading really cost against the mark at the decision, and where it went.
 *
 *   total = side·(fill − decision)·quantity + fees = delay + spread + impact + fees
 *   delay = side·(arrival mid − decision), spread = half the spread at arrival, impact = the rest; a maker's is below 0.
 * Perold (1988). What was not filled costs nothing here: it is in the next decision's drift.
 */

import { toNumber } from '../domain/decimal.ts';
import type { Fill } from '../domain/fill.ts';
import type { OrderRecord } from '../domain/order.ts';

/** USD; positive costs. */
export type Shortfall = {
  readonly delayUsd: number;
  readonly spreadUsd: number;
  readonly impactUsd: number;
  readonly feesUsd: number;
  readonly totalUsd: number;
  /** Filled, at the decision's mark: what the costs are a share of. */
  readonly notionalUsd: number;
};

export const shortfallParts = ['delay', 'spread', 'impact', 'fees', 'total'] as const;

const none: Shortfall = {
  delayUsd: 0,
  spreadUsd: 0,
  impactUsd: 0,
  feesUsd: 0,
  totalUsd: 0,
  notionalUsd: 0,
};

/**
 * The shortfall of one attempt's fills.
 *
 * @param usd USD per coin; null: not known.
 * @returns null for earn products, which have no price, and where the arrival or a coin's worth is not known.
 */
export function shortfallOf(
  order: Pick<OrderRecord, 'action' | 'decisionPrice' | 'arrival'>,
  fills: readonly Fill[],
  quoteCoin: string,
  usd: (coin: string) => number | null,
): Shortfall | null {
  const { action, decisionPrice, arrival } = order;
  const quoteUsd = usd(quoteCoin);
  if (action !== 'buy' && action !== 'sell') return null;
  if (arrival === undefined || quoteUsd === null) return null;
  const side = action === 'buy' ? 1 : -1;
  const parts: Shortfall[] = [];
  for (const fill of fills) {
    const feeUsd = usd(fill.feeCoin);
    if (feeUsd === null) return null;
    const quantity = toNumber(fill.quantityBase) * quoteUsd;
    const delayUsd = side * (arrival.mid - decisionPrice) * quantity;
    const spreadUsd = arrival.halfSpread * quantity;
    const feesUsd = toNumber(fill.fee) * feeUsd;
    const priceUsd = side * (toNumber(fill.price) - decisionPrice) * quantity;
    parts.push({
      delayUsd,
      spreadUsd,
      impactUsd: priceUsd - delayUsd - spreadUsd,
      feesUsd,
      totalUsd: priceUsd + feesUsd,
      notionalUsd: decisionPrice * quantity,
    });
  }
  return sumShortfalls(parts);
}

export function sumShortfalls(parts: readonly Shortfall[]): Shortfall {
  return parts.reduce(
    (sum, part) => ({
      delayUsd: sum.delayUsd + part.delayUsd,
      spreadUsd: sum.spreadUsd + part.spreadUsd,
      impactUsd: sum.impactUsd + part.impactUsd,
      feesUsd: sum.feesUsd + part.feesUsd,
      totalUsd: sum.totalUsd + part.totalUsd,
      notionalUsd: sum.notionalUsd + part.notionalUsd,
    }),
    none,
  );
}

/** Each part over the notional, bps; null: nothing was filled. */
export function inBps(
  shortfall: Shortfall,
): Readonly<Record<(typeof shortfallParts)[number], number>> | null {
  const { notionalUsd } = shortfall;
  if (!(notionalUsd > 0)) return null;
  const bps = (usd: number): number => (usd / notionalUsd) * 10_000;
  return {
    delay: bps(shortfall.delayUsd),
    spread: bps(shortfall.spreadUsd),
    impact: bps(shortfall.impactUsd),
    fees: bps(shortfall.feesUsd),
    total: bps(shortfall.totalUsd),
  };
}

/**
 * The cost-aware no-trade band: how far a holding may stand from its target before the way back is worth what it costs.
 *
 * A drift of h USD costs k h^2/2 a year of expected utility, k = S·sigma^2/R for a book of risk R (USD a year) that earns S a year per
 * unit of risk; the price makes it wander by sigma·x a year. Kept within +-h by trades at cost c to the band's edge, the drift
 * costs k h^2/6 and trading c (sigma x)^2/(2h) a year; the sum is least at h^3 = 3 c R x^2/(2 S), in which sigma is gone.
 * The cube root of Rogers (2004) and of Martin and Schoeneborn (2011), who show that the edge, not the target, is where to trade to.
 */
import type { SizingPolicy } from '../domain/policy.ts';
import type { Quote } from '../domain/snapshot.ts';

/** A holding is never left further from its target than half of it. */
const SHARE_MAX = 0.5;

/** Half the spread and the taker's fee, of what is traded. */
export function tradeCostShare(quote: Quote, takerFeeRate: number): number {
  const middle = (quote.bid + quote.ask) / 2;
  const half = middle > 0 ? Math.max(0, quote.ask - quote.bid) / 2 / middle : 0;
  return takerFeeRate + half;
}

/**
 * Half the width of the band as a share of |target|; 0 where the policy trades to the target.
 *
 * @param at `equityUsd` of the book, `targetUsd` unsigned notional, `costShare` of what is traded.
 */
export function costBandShare(
  sizing: SizingPolicy,
  at: { readonly equityUsd: number; readonly targetUsd: number; readonly costShare: number },
): number {
  const { tradeTo = 'target', rewardPerRisk = 1, targetVolatilityAnnual } = sizing;
  if (tradeTo === 'target' || !(at.targetUsd > 0)) return 0;
  const riskUsd = targetVolatilityAnnual * at.equityUsd;
  const share = Math.cbrt((1.5 * at.costShare * riskUsd) / (rewardPerRisk * at.targetUsd));
  return Math.min(SHARE_MAX, share);
}

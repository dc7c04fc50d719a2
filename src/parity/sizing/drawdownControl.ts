/**
 * Less risk the further the equity is below its peak: the volatility target × clamp(1 − drawdown ÷ most, 0, 1).
 *
 * The proportional control of Grossman and Zhou (1993): the cushion above the floor sets the size, so that the floor is neared
 * and not crossed while prices move without gaps. Off unless the policy names the most.
 */
import type { Policy } from '../../domain/policy.ts';

/** @param at peak and equity in one unit. @returns a factor in 0…1; 1 where no peak is known yet. */
export function drawdownScale(
  at: { readonly equityUsd: number; readonly peakEquityUsd: number | null },
  drawdownMaxShare: number,
): number {
  const { equityUsd, peakEquityUsd } = at;
  if (peakEquityUsd === null || !(peakEquityUsd > 0)) return 1;
  const drawdown = 1 - equityUsd / peakEquityUsd;
  return Math.min(1, Math.max(0, 1 - drawdown / drawdownMaxShare));
}

/** The policy with its volatility target as the drawdown leaves it. */
export function underDrawdown(policy: Policy, at: Parameters<typeof drawdownScale>[0]): Policy {
  const { sizing } = policy;
  if (sizing.drawdownMaxShare === undefined) return policy;
  const scale = drawdownScale(at, sizing.drawdownMaxShare);
  const targetVolatilityAnnual = scale * sizing.targetVolatilityAnnual;
  return { ...policy, sizing: { ...sizing, targetVolatilityAnnual } };
}

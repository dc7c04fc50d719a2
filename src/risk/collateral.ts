/**
 * Idle collateral as fixed exposures: one per venue and settlement coin, beside the legs and outside the scaling.
 *
 * What a default takes first is the collateral that lies there. Each pool is a row of its own in the covariance, with
 * a capital of 1 per USD at its venue and the jumps of its coin, so that `contributions` over legs and pools counts it.
 */
import { jumpCovarianceAnnual } from './jumps.ts';
import type { Jump, LegRiskTraits, RiskEstimate, VenueRisk } from './riskTypes.ts';
import { venueCovarianceAnnual } from './venueFactor.ts';

export type CollateralPool = {
  readonly venueIndex: number;
  readonly volatilityAnnual: number;
  readonly jump: Jump | null;
};

/**
 * @param traits of the whole universe, as given to `estimateRisk`.
 * @returns (N+M)×(N+M): the estimate's legs first, then the pools; exposures of pools are their USD.
 */
export function withCollateral(
  estimate: RiskEstimate,
  traits: readonly LegRiskTraits[],
  venues: readonly VenueRisk[],
  pools: readonly CollateralPool[],
): readonly (readonly number[])[] {
  const legs = estimate.legIndices.map((index) => ({
    jump: traits[index]?.jump ?? null,
    venueCapital: traits[index]?.venueCapital ?? [],
  }));
  const fixed = pools.map((pool) => ({
    jump: pool.jump,
    venueCapital: [{ venueIndex: pool.venueIndex, capitalShare: 1 }],
  }));
  const all = [...legs, ...fixed];
  return all.map((a, row) =>
    all.map((b, column) => {
      const known = estimate.covarianceAnnual[row]?.[column];
      if (known !== undefined) return known;
      const own = row === column ? (pools[row - legs.length]?.volatilityAnnual ?? 0) ** 2 : 0;
      const jumps = jumpCovarianceAnnual(a.jump, b.jump);
      return own + jumps + venueCovarianceAnnual(a.venueCapital, b.venueCapital, venues);
    }),
  );
}

/**
 * Impact, slices and time to exit from volatility and volume.
 *
 * Square-root law I = Y σ √(Q/V) (Donier and Bonart 2015, over a million Bitcoin metaorders), Y of order one. As impact follows
 * the same law along the path, the average cost is two thirds of the peak.
 */
const AVERAGE_TO_PEAK = 2 / 3;

export type ImpactInput = {
  readonly quantityUsd: number;
  /** Daily volatility and daily volume of the same market. */
  readonly volatilityDaily: number;
  readonly volumeDailyUsd: number;
  /** Y; 1 until it is calibrated. */
  readonly coefficient: number;
};

/** Peak impact in bps and average cost in USD. */
export function squareRootImpact(input: ImpactInput): {
  readonly peakBps: number;
  readonly costUsd: number;
} {
  const share = input.quantityUsd / input.volumeDailyUsd;
  const peak = input.coefficient * input.volatilityDaily * Math.sqrt(share);
  return { peakBps: peak * 10_000, costUsd: AVERAGE_TO_PEAK * peak * input.quantityUsd };
}

/** The largest notional whose peak impact stays within the budget: (budget ÷ (Y σ))² × volume. */
export function capacityUsd(
  impactBudgetBps: number,
  market: Omit<ImpactInput, 'quantityUsd'>,
): number {
  const ratio = impactBudgetBps / 10_000 / (market.coefficient * market.volatilityDaily);
  return ratio * ratio * market.volumeDailyUsd;
}

/** Days to leave a position at a participation in the volume; null where nothing trades. */
export function daysToExit(
  notionalUsd: number,
  volumeDailyUsd: number,
  participationShare: number,
): number | null {
  const pace = volumeDailyUsd * participationShare;
  return pace > 0 ? notionalUsd / pace : null;
}

/** The most that can be left within a horizon at a participation in the volume. */
export function exitableUsd(
  horizonDays: number,
  volumeDailyUsd: number,
  participationShare: number,
): number {
  return horizonDays * volumeDailyUsd * participationShare;
}

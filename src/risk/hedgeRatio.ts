/**
 * The minimum-variance hedge of one holding by one instrument.
 *
 *   h* = Cov(holding, instrument) ÷ Var(instrument),  effectiveness = ρ² = 1 - Var(holding - h*·instrument) ÷ Var(holding)
 * Ederington (1979). Both from one covariance, so that the hedge and the book are measured alike.
 */
export type HedgeRatio = {
  /** Units of the instrument's value sold per unit of the holding's value. */
  readonly ratio: number;
  /** Share of the holding's variance that the hedge takes away. */
  readonly effectiveness: number;
};

/** @returns null where either does not vary: there is nothing to hedge, or nothing to hedge with. */
export function hedgeRatio(moments: {
  readonly holdingVariance: number;
  readonly instrumentVariance: number;
  readonly covariance: number;
}): HedgeRatio | null {
  const { holdingVariance, instrumentVariance, covariance } = moments;
  if (!(holdingVariance > 0 && instrumentVariance > 0)) return null;
  return {
    ratio: covariance / instrumentVariance,
    effectiveness: covariance ** 2 / (holdingVariance * instrumentVariance),
  };
}

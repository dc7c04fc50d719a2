/**
 * Value at risk and expected shortfall beyond a threshold, by the generalised Pareto tail.
 *
 *   VaR = u + b/xi ((n/k (1 - q))^-xi - 1),  ES = (VaR + b - xi u) / (1 - xi);  xi → 0: VaR = u - b ln(n/k (1 - q))
 * For a coin whose loss has never been seen: the tail's shape speaks where the sample is silent.
 * Source: McNeil, Frey and Embrechts, Quantitative risk management (2015), 5.2.
 */
import { invariant } from '../math/invariant.ts';

export type ParetoTail = {
  readonly thresholdLoss: number;
  /** Scale b above 0. */
  readonly scale: number;
  /** Shape xi below 1, or there is no shortfall. */
  readonly shape: number;
  readonly observations: number;
  readonly exceedances: number;
};

/** @param confidence q, beyond the threshold: 1 - q ≤ exceedances / observations. */
export function paretoTailRisk(
  tail: ParetoTail,
  confidence: number,
): { readonly valueAtRisk: number; readonly expectedShortfall: number } {
  const { thresholdLoss, scale, shape, observations, exceedances } = tail;
  invariant(scale > 0 && shape < 1, `scale > 0 and shape < 1, was ${scale} and ${shape}`);
  const ratio = (observations / exceedances) * (1 - confidence);
  invariant(ratio > 0 && ratio <= 1, `confidence must lie beyond the threshold, was ${confidence}`);
  const excess = shape === 0 ? -Math.log(ratio) : (ratio ** -shape - 1) / shape;
  const valueAtRisk = thresholdLoss + scale * excess;
  const expectedShortfall = (valueAtRisk + scale - shape * thresholdLoss) / (1 - shape);
  return { valueAtRisk, expectedShortfall };
}

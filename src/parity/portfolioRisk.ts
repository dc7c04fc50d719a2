/**
 * Volatility and risk shares of given weights: the verification that every answer passes.
 */
import { multiplyCompensated } from '../math/compensated.ts';
import type { SquareMatrix } from '../math/matrix.ts';

export type PortfolioRisk = {
  readonly volatility: number;
  /** w_i (Sigma w)_i / w'Sigma w, sum one. */
  readonly riskShares: number[];
};

/** Below this share of sum(|w_i| sigma_i), squared, the variance of the mix is rounding of the matrix itself. */
const risklessShare = 1e-15;
const nearlyRisklessShare = 1e-12;
const risklessLegShare = 1e-30;

/** In twice the working precision; null where the mix has no risk to share out. */
export function portfolioRisk(
  covariance: SquareMatrix,
  weights: ArrayLike<number>,
): PortfolioRisk | null {
  const w = Float64Array.from(weights);
  const { contributions, variance, undiversified } = momentsOf(covariance, w);
  if (!(variance > risklessShare * undiversified ** 2)) return null;
  const riskShares = Array.from(contributions, (value) => value / variance);
  return { volatility: Math.sqrt(variance), riskShares };
}

/** Whether the mix has lost all but a millionth of the volatility of its legs, or consists of legs without any. */
export function isNearlyRiskless(covariance: SquareMatrix, weights: Float64Array): boolean {
  const { variance, undiversified } = momentsOf(covariance, weights);
  const { n, values } = covariance;
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, values[i * n + i] as number);
  const floor = Math.max(nearlyRisklessShare * undiversified ** 2, risklessLegShare * largest);
  return !(variance > floor);
}

function momentsOf(covariance: SquareMatrix, w: Float64Array) {
  const { n, values } = covariance;
  const product = new Float64Array(n);
  multiplyCompensated(covariance, w, product);
  let variance = 0;
  let undiversified = 0;
  for (const [i, weight] of w.entries()) {
    product[i] = weight * (product[i] as number);
    variance += product[i] as number;
    undiversified += Math.abs(weight) * Math.sqrt(values[i * n + i] as number);
  }
  return { contributions: product, variance, undiversified };
}

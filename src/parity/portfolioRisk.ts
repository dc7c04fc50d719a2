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

/** In twice the working precision; null where the mix has no risk to share out. */
export function portfolioRisk(
  covariance: SquareMatrix,
  weights: readonly number[],
): PortfolioRisk | null {
  const { n, values } = covariance;
  const product = new Float64Array(n);
  multiplyCompensated(covariance, Float64Array.from(weights), product);
  let variance = 0;
  let undiversified = 0;
  for (const [i, w] of weights.entries()) {
    variance += w * (product[i] as number);
    undiversified += Math.abs(w) * Math.sqrt(values[i * n + i] as number);
  }
  if (!(variance > risklessShare * undiversified ** 2)) return null;
  const riskShares = weights.map((w, i) => (w * (product[i] as number)) / variance);
  return { volatility: Math.sqrt(variance), riskShares };
}

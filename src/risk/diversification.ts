/**
 * How many bets a book really is.
 *
 * Diversification ratio: sum |x_i| s_i over the book's volatility (Choueifaty and Coignard 2008); its square is the
 * number of equal, uncorrelated legs that would diversify as well.
 * Effective number of bets: exp(entropy) of the risk shares of the minimum-torsion factors, the uncorrelated factors
 * nearest to the legs: C^(-1/2) in units of volatility (Meucci, Santangelo and Deguest 2015, first iterate). N where
 * the legs' risk is spread evenly, 1 where one leg carries it all.
 */
import { symmetricEigen } from '../math/eigen.ts';
import { fromRows } from '../math/matrix.ts';
import { portfolioVolatility } from './contributions.ts';

export type Diversification = {
  readonly diversificationRatio: number;
  readonly effectiveBets: number;
};

/**
 * @param exposures shape (N,), signed.
 * @param covariance N×N, positive semi-definite.
 * @returns null for a riskless book.
 */
export function diversification(
  exposures: readonly number[],
  covariance: readonly (readonly number[])[],
): Diversification | null {
  const volatility = portfolioVolatility(exposures, covariance);
  if (volatility === 0) return null;
  const deviations = covariance.map((row, i) => Math.sqrt(row[i] ?? 0));
  const risks = exposures.map((value, i) => value * (deviations[i] ?? 0));
  const alone = risks.reduce((sum, value) => sum + Math.abs(value), 0);
  const shares = torsionShares(risks, covariance, deviations);
  const entropy = shares.reduce((sum, share) => sum - (share > 0 ? share * Math.log(share) : 0), 0);
  return { diversificationRatio: alone / volatility, effectiveBets: Math.exp(entropy) };
}

/** Factors C^(-1/2) z have exposures C^(1/2) y; being uncorrelated, each carries its square of the variance. */
function torsionShares(
  risks: readonly number[],
  covariance: readonly (readonly number[])[],
  deviations: readonly number[],
): readonly number[] {
  const correlation = covariance.map((row, i) =>
    row.map((value, j) => {
      const scale = (deviations[i] ?? 0) * (deviations[j] ?? 0);
      return i === j ? 1 : scale === 0 ? 0 : value / scale;
    }),
  );
  const { values, vectors } = symmetricEigen(fromRows(correlation));
  const n = risks.length;
  const squares = risks.map((_, i) => {
    let sum = 0;
    for (let k = 0; k < n; k++) {
      let projection = 0;
      for (let j = 0; j < n; j++) {
        projection += (vectors.values[j * n + k] ?? 0) * (risks[j] ?? 0);
      }
      const root = Math.sqrt(Math.max(0, values[k] ?? 0));
      sum += (vectors.values[i * n + k] ?? 0) * root * projection;
    }
    return sum * sum;
  });
  const total = squares.reduce((sum, value) => sum + value, 0);
  return squares.map((value) => (total === 0 ? 0 : value / total));
}

/**
 * Shares of a book's variance by factor, the residual last: (A'x)_k (A⁺ Sigma x)_k over x'Sigma x.
 *
 * They add up to one; a factor that hedges the others has a negative share. Source: Roncalli and Weisang (2016).
 */
import { fromRows } from '../math/matrix.ts';
import { createFactorModel, factorSharesAt } from './factorShares.ts';

/**
 * @param exposures shape (N,), not negative; at least one above 0.
 * @param covariance N×N, of legs at their signs.
 * @param loadings N×K.
 * @returns K + 1 shares; null where the loadings' columns depend on each other or the book is riskless.
 */
export function factorContributions(
  exposures: readonly number[],
  covariance: readonly (readonly number[])[],
  loadings: readonly (readonly number[])[],
): readonly number[] | null {
  const columns = loadings[0]?.length ?? 0;
  if (columns === 0) return [1];
  const model = createFactorModel(
    fromRows(covariance),
    loadings,
    Array.from({ length: columns + 1 }, () => 0),
  );
  if (model === null) return null;
  const { shares } = factorSharesAt(model, Float64Array.from(exposures, Math.log));
  return shares.every((share) => Number.isFinite(share)) ? shares : null;
}

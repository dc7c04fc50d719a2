/**
 * Loadings of legs on factors that are portfolios of the legs themselves, by regression under the legs' own covariance.
 *
 *   f = B r,  A = Sigma B' (B Sigma B')^-1
 * What ordinary least squares gives over the bars from which the covariance was estimated, with its half-lives and its
 * treatment of missing bars. A factor that the earlier ones all but explain is left out: its loadings would be noise.
 */
import { factorCholesky, solveCholesky } from '../math/cholesky.ts';

export type FactorPortfolio = {
  readonly name: string;
  /** (N,) holdings per leg. */
  readonly holdings: readonly number[];
};

export type FactorLoadings = {
  readonly names: readonly string[];
  /** N×K. */
  readonly loadings: readonly (readonly number[])[];
};

/** Below this share of its own variance that the earlier factors leave over, a factor adds nothing. */
const OWN_SHARE_MIN = 1e-3;

/** @param covariance N×N. @returns the factors that stand on their own, in the order given; none: K = 0. */
export function regressedLoadings(
  covariance: readonly (readonly number[])[],
  portfolios: readonly FactorPortfolio[],
): FactorLoadings {
  const kept: { readonly name: string; readonly weighted: readonly number[] }[] = [];
  const rows: (readonly number[])[] = [];
  for (const { name, holdings } of portfolios) {
    const weighted = covariance.map((row) => dot(row, holdings));
    const variance = dot(weighted, holdings);
    const cross = rows.map((row) => dot(row, weighted));
    const beta = solve(gramOf(rows, kept), cross);
    if (beta === null || !(variance - dot(beta, cross) > OWN_SHARE_MIN * variance)) continue;
    kept.push({ name, weighted });
    rows.push(holdings);
  }
  const gram = gramOf(rows, kept);
  const loadings = covariance.map((_, leg) => {
    const cross = kept.map(({ weighted }) => weighted[leg] ?? 0);
    return solve(gram, cross) ?? cross.map(() => 0);
  });
  return { names: kept.map(({ name }) => name), loadings };
}

/** B Sigma B'. */
const gramOf = (
  rows: readonly (readonly number[])[],
  kept: readonly { readonly weighted: readonly number[] }[],
): readonly (readonly number[])[] =>
  rows.map((row) => kept.map(({ weighted }) => dot(row, weighted)));

/** Scaled to a unit diagonal first: a peg's variance is far below the market's. */
function solve(
  gram: readonly (readonly number[])[],
  right: readonly number[],
): readonly number[] | null {
  const n = right.length;
  const scale = gram.map((row, i) => Math.sqrt(row[i] ?? 0));
  const values = Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return (gram[i]?.[j] ?? 0) / ((scale[i] ?? 1) * (scale[j] ?? 1));
  });
  if (!factorCholesky({ n, values })) return null;
  const x = Float64Array.from(right, (value, i) => value / (scale[i] ?? 1));
  solveCholesky({ n, values }, x);
  return Array.from(x, (value, i) => value / (scale[i] ?? 1));
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

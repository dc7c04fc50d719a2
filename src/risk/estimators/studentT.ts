/**
 * `student-t`: exponentially weighted covariance of a multivariate Student t about zero, by expectation-maximisation.
 *
 *   u_t = (v + N) / (v + x_t' S^-1 x_t),  S = sum w_t u_t x_t x_t' / sum w_t u_t,  covariance = S v / (v - 2)
 * (at the maximum sum w u = sum w; dividing by the former gets there in far fewer steps: Kent, Tyler and Vardi 1994)
 * A crash bar gets a small u_t, so that one bar does not set the estimate for a half-life.
 * Shapes: T×N in, N×N out. Rows with a gap are dropped and counted; needs more rows than legs.
 * Not the default: see the forecast scores; an estimate that forgives crashes is late when they cluster.
 * Source: Lange, Little and Taylor, Robust statistical modeling using the t distribution (1989).
 */
import { factorCholesky } from '../../math/cholesky.ts';
import { crossProducts } from '../crossProducts.ts';
import { effectiveBars, halfLifeWeights } from '../halfLife.ts';
import type { ReturnColumns } from '../returnColumns.ts';
import { completeRows } from './completeRows.ts';
import type { CovarianceEstimate, NoEstimate } from './covarianceEstimate.ts';

const ITERATIONS_MAX = 100;
const TOLERANCE = 1e-9;

export type StudentTSettings = {
  readonly halfLifeBars: number;
  /** Above 2. */
  readonly degreesOfFreedom: number;
};

export function studentTCovariance(
  returns: ReturnColumns,
  { halfLifeBars, degreesOfFreedom }: StudentTSettings,
): CovarianceEstimate | NoEstimate {
  const complete = completeRows(returns);
  if (complete.kind === 'insufficientHistory') return complete;
  const n = returns.legs;
  const rowWeights = halfLifeWeights(returns.bars, halfLifeBars);
  const weights = Float64Array.from(complete.bars, (bar) => rowWeights[bar] as number);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let scatter = weightedScatter(complete.raw, weights, total);
  for (let iteration = 0; iteration < ITERATIONS_MAX; iteration++) {
    const distances = mahalanobis(complete.raw, scatter, n);
    if (distances === null) {
      const reason = `needs more independent rows than legs (${n}), was ${complete.rows}`;
      return { kind: 'insufficientHistory', reason };
    }
    const tempered = weights.map(
      (weight, row) =>
        (weight * (degreesOfFreedom + n)) / (degreesOfFreedom + (distances[row] as number)),
    );
    const temperedTotal = tempered.reduce((sum, weight) => sum + weight, 0);
    const next = weightedScatter(complete.raw, tempered, temperedTotal);
    const change = largestShareOfChange(next, scatter);
    scatter = next;
    if (change < TOLERANCE) break;
  }
  const scale = degreesOfFreedom / (degreesOfFreedom - 2);
  return {
    kind: 'estimated',
    covariance: { n, values: scatter.map((value) => value * scale) },
    shrinkage: 0,
    effectiveBars: effectiveBars(weights),
    repairs: complete.repairs,
  };
}

function weightedScatter(
  columns: readonly Float64Array[],
  weights: Float64Array,
  total: number,
): Float64Array {
  const roots = weights.map(Math.sqrt);
  const scaled = columns.map((column) =>
    column.map((value, row) => value * (roots[row] as number)),
  );
  return crossProducts(scaled).map((value) => value / total);
}

/** x_t' S^-1 x_t for each row, by forward substitution of all rows at once; null where S is singular. */
function mahalanobis(
  columns: readonly Float64Array[],
  scatter: Float64Array,
  n: number,
): Float64Array | null {
  const factor = scatter.slice();
  if (!factorCholesky({ n, values: factor })) return null;
  const rows = columns[0]?.length ?? 0;
  const none = new Float64Array(rows);
  const solved: Float64Array[] = [];
  const distances = new Float64Array(rows);
  for (let i = 0; i < n; i++) {
    const column = (columns[i] as Float64Array).slice();
    // Four earlier legs a pass: the column is read and written once for four products.
    for (let k = 0; k < i; k += 4) {
      const at = i * n + k;
      const [a, b, c, d] = [solved[k], solved[k + 1], solved[k + 2], solved[k + 3]];
      subtract4(column, factor.subarray(at, at + 4), a ?? none, b ?? none, c ?? none, d ?? none);
    }
    const inverse = 1 / (factor[i * n + i] as number);
    for (let row = 0; row < rows; row++) {
      const value = (column[row] as number) * inverse;
      column[row] = value;
      distances[row] = (distances[row] as number) + value * value;
    }
    solved.push(column);
  }
  return distances;
}

function subtract4(
  target: Float64Array,
  shares: Float64Array,
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
  d: Float64Array,
): void {
  const sa = shares[0] ?? 0;
  const sb = shares[1] ?? 0;
  const sc = shares[2] ?? 0;
  const sd = shares[3] ?? 0;
  for (let row = 0; row < target.length; row++) {
    target[row] =
      (target[row] as number) -
      (sa * (a[row] as number) + sb * (b[row] as number)) -
      (sc * (c[row] as number) + sd * (d[row] as number));
  }
}

function largestShareOfChange(next: Float64Array, before: Float64Array): number {
  let change = 0;
  let size = 0;
  for (let at = 0; at < next.length; at++) {
    change = Math.max(change, Math.abs((next[at] as number) - (before[at] as number)));
    size = Math.max(size, Math.abs(next[at] as number));
  }
  return size === 0 ? 0 : change / size;
}

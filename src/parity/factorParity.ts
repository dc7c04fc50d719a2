/**
 * Factor parity: every risk factor contributes its budgeted share of the variance, by long (or signed) legs.
 *
 * Roncalli and Weisang (2016): with loadings A, factor k contributes (A'w)_k (A⁺ Sigma w)_k, and what is left of w'Sigma w is the
 * residual, a factor of its own. Many mixes can meet few budgets: the one found is near risk parity of the legs, by
 * Levenberg–Marquardt steps of least length in ln w. Budgets that no such mix meets are answered `notConverged`.
 */
import { factorCholesky, solveCholesky } from '../math/cholesky.ts';
import { invariant } from '../math/invariant.ts';
import type { SquareMatrix } from '../math/matrix.ts';
import {
  createFactorModel,
  type FactorModel,
  type FactorShares,
  factorSharesAt,
} from './factorShares.ts';
import { riskParity } from './riskParity.ts';
import type { ObjectiveOutcome } from './weightsAnswer.ts';

const iterationsMax = 500;
const dampingMax = 1e8;

/**
 * @param covariance n×n of the legs at their signs.
 * @param loadings shape (n, K), of the legs at their signs.
 * @param factorBudgets K shares of the factors' part, or K + 1 of the whole with the residual last; sum one.
 */
export function factorParity(
  covariance: SquareMatrix,
  loadings: readonly (readonly number[])[],
  options: { readonly factorBudgets: readonly number[] | null; readonly tolerance: number },
): ObjectiveOutcome {
  const { tolerance } = options;
  const budgets = options.factorBudgets ?? [];
  const model = createFactorModel(covariance, loadings, budgets);
  if (model === null) {
    const reason = `loadings of the active legs must have full column rank, was ${loadings.length} legs`;
    return {
      kind: 'infeasible',
      reason: `${reason} with ${loadings[0]?.length ?? 0} dependent columns`,
    };
  }
  let best: Search | null = null;
  let iterations = 0;
  for (const start of startLogs(covariance)) {
    const found = search(model, start, tolerance);
    iterations += found.iterations;
    if (best === null || found.at.gap < best.at.gap) best = found;
    if (best.at.gap <= tolerance) break;
  }
  invariant(best !== null, 'factor parity must have a start, was none');
  const { logs, at } = best;
  const method = 'levenberg-marquardt';
  if (!(at.gap <= tolerance)) {
    const reason = `factor shares must meet their budgets to ${tolerance} with every leg at its sign, was ${at.gap}`;
    return { kind: 'notConverged', reason, worstGap: at.gap, method, iterations };
  }
  const highest = Math.max(...logs);
  return {
    kind: 'solved',
    magnitudes: logs.map((value) => Math.exp(value - highest)),
    method,
    iterations,
    worstGap: at.gap,
    factorShares: at.shares,
  };
}

type Search = {
  readonly logs: Float64Array;
  readonly at: FactorShares;
  readonly iterations: number;
};

/** Damped steps from one start until the budgets are met or nothing improves. */
function search(model: FactorModel, start: Float64Array, tolerance: number): Search {
  let logs = start;
  let at = factorSharesAt(model, logs);
  let damping = 1e-3;
  let iterations = 0;
  while (iterations < iterationsMax && !(at.gap <= 1e-3 * tolerance) && damping < dampingMax) {
    iterations += 1;
    const step = leastStep(at, damping);
    const next = step && logs.map((value, i) => value + clip(step[i] as number));
    const reached = next && factorSharesAt(model, next);
    if (next && reached && reached.squares < at.squares) {
      logs = next;
      at = reached;
      damping = Math.max(damping / 8, 1e-15);
    } else {
      damping = Math.max(damping, 1e-12) * 8;
    }
  }
  return { logs, at, iterations };
}

const clip = (change: number) => Math.max(-2, Math.min(2, change));

/** Logarithms of leg risk-parity, inverse-volatility and equal weights, in this order. */
function startLogs(covariance: SquareMatrix): Float64Array[] {
  const { n, values } = covariance;
  const scale = Float64Array.from({ length: n }, (_, i) => Math.sqrt(values[i * n + i] as number));
  const budgets = new Float64Array(n).fill(1 / n);
  const parity = riskParity({ covariance, scale, budgets }, 1e-8);
  const others = [scale.map((sigma) => -Math.log(sigma)), new Float64Array(n)];
  return parity.isConverged ? [parity.state.z.map(Math.log), ...others] : others;
}

/** The shortest step in ln w that removes the misses, damped: -J'(JJ' + damping) misses. */
function leastStep({ misses, jacobian }: FactorShares, damping: number): Float64Array | null {
  const size = misses.length;
  const values = new Float64Array(size * size);
  for (const [a, rowA] of jacobian.entries()) {
    for (const [b, rowB] of jacobian.entries()) {
      values[a * size + b] = rowA.reduce((sum, x, i) => sum + x * (rowB[i] as number), 0);
    }
  }
  let trace = 0;
  for (let a = 0; a < size; a++) trace += values[a * size + a] as number;
  for (let a = 0; a < size; a++) {
    values[a * size + a] = (values[a * size + a] as number) + (damping + 1e-14) * (trace + 1e-300);
  }
  if (!factorCholesky({ n: size, values })) return null;
  const prices = Float64Array.from(misses);
  solveCholesky({ n: size, values }, prices);
  const first = jacobian[0] as Float64Array;
  return first.map((_, i) =>
    jacobian.reduce((sum, row, a) => sum - (row[i] as number) * (prices[a] as number), 0),
  );
}

/**
 * Expected-shortfall parity: every leg contributes its budgeted share of the historical CVaR of the portfolio.
 *
 * min CVaR(w) - sum(b_i ln w_i), CVaR in the linear form of Rockafellar and Uryasev (2000). Its minimum has
 * w_i E[-r_i | tail] = b_i, Euler's contributions, with the bars that tie at the edge of the tail counted in the parts
 * that the dual gives them. Solved by `cvarInteriorPoint`; the answer is checked against the sorted losses.
 */
import { type ShortfallPoint, solveShortfall } from './cvarInteriorPoint.ts';
import type { ObjectiveOutcome } from './weightsAnswer.ts';

/** A scaled weight beyond this means that the shortfall can be driven to nothing. */
const weightMax = 1e9;

/**
 * @param returns shape (T, n), of the legs at their signs.
 * @param budgets shape (n,), positive, summing to one.
 */
export function cvarParity(
  returns: readonly (readonly number[])[],
  budgets: Float64Array,
  { confidence, tolerance }: { readonly confidence: number; readonly tolerance: number },
): ObjectiveOutcome {
  const bars = returns.length;
  const scale = budgets.map((_, i) =>
    Math.sqrt(returns.reduce((sum, row) => sum + (row[i] as number) ** 2, 0) / bars),
  );
  const still = scale.indexOf(0);
  if (still >= 0) {
    const reason = `active leg ${still} must have returns other than 0, was a leg that never moved`;
    return { kind: 'infeasible', reason };
  }
  const scaled = returns.map((row) => Float64Array.from(scale, (s, i) => (row[i] as number) / s));
  const cap = 1 / ((1 - confidence) * bars);
  const point = solveShortfall(scaled, budgets, cap);
  const method = 'interior-point';
  const { iterations } = point;
  if (Math.max(...point.weights) > weightMax) {
    const reason =
      'every mix of these legs must have a positive expected shortfall, was one that gains';
    return { kind: 'infeasible', reason, method, iterations };
  }
  const { shares, total } = eulerShares(scaled, point);
  const gap = shares.reduce(
    (most, s, i) => Math.max(most, Math.abs(s - (budgets[i] as number))),
    0,
  );
  const shortfall = sortedShortfall(scaled, point.weights, cap);
  const tailError = Math.abs(shortfall - total) / Math.abs(shortfall);
  if (!(Math.max(gap, tailError) <= tolerance)) {
    const reason = `shares of the shortfall must be met to ${tolerance}, was ${Math.max(gap, tailError)}`;
    return { kind: 'notConverged', reason, worstGap: gap, method, iterations };
  }
  const magnitudes = point.weights.map((x, i) => x / (scale[i] as number));
  const gross = magnitudes.reduce((sum, value) => sum + value, 0);
  return {
    kind: 'solved',
    magnitudes,
    method,
    iterations,
    riskShares: shares,
    worstGap: gap,
    expectedShortfall: shortfall / gross,
  };
}

/** Shares w_i E[-r_i] under the tail's bars, and their total, the shortfall as the dual states it. */
function eulerShares(returns: readonly Float64Array[], { weights, tail }: ShortfallPoint) {
  const mass = tail.reduce((sum, q) => sum + q, 0);
  const contributions = weights.map(
    (w, i) =>
      -w *
      returns.reduce((sum, row, t) => sum + ((tail[t] as number) / mass) * (row[i] as number), 0),
  );
  const total = contributions.reduce((sum, value) => sum + value, 0);
  return { shares: contributions.map((value) => value / total), total };
}

/** Mean of the worst losses up to a probability of one, each bar counting for at most cap. */
function sortedShortfall(returns: readonly Float64Array[], weights: Float64Array, cap: number) {
  const losses = returns
    .map((row) => -row.reduce((sum, r, i) => sum + r * (weights[i] as number), 0))
    .sort((a, b) => b - a);
  let left = 1;
  let sum = 0;
  for (const loss of losses) {
    const share = Math.min(cap, left);
    sum += share * loss;
    left -= share;
    if (left <= 0) break;
  }
  return sum;
}

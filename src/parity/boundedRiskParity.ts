/**
 * Risk parity within bounds: min sqrt(x'Ax) - lambda sum(b_i ln x_i), lower ≤ x ≤ upper, lambda such that sum(x) = 1.
 *
 * Richard and Roncalli (2019). With mu = lambda sqrt(x'Ax) the conditions are those of x'Ax / 2 - mu sum(b_i ln x_i); mu
 * is found by Newton on its logarithm inside a bracket. A leg at its bound misses its budget by design; the free
 * legs keep x_i (Ax)_i = mu b_i.
 */
import { multiplyCompensated } from '../math/compensated.ts';
import {
  type BarrierProblem,
  freeLegs,
  minimiseBarrier,
  solveLogarithmic,
} from './boundedBarrier.ts';
import type { ObjectiveOutcome } from './weightsAnswer.ts';

const muStepsMax = 200;
const sumRounding = 4e-16;
/** How far below its start ln mu is searched: by then x is the least risky point of the box. */
const logMuDepth = 60;

/**
 * @param start magnitudes to begin at, shape (n,), sum one.
 * @param tolerance of the optimality conditions, in shares of the portfolio's variance, and of sum(x) - 1.
 */
export function boundedRiskParity(
  problem: BarrierProblem,
  start: Float64Array,
  tolerance: number,
): ObjectiveOutcome {
  const x = start.map((value, i) =>
    Math.min(Math.max(value, problem.lower[i] as number), problem.upper[i] as number),
  );
  let logMu = Math.log(varianceOf(problem, x));
  const lowest = logMu - logMuDepth;
  let low = -Infinity;
  let high = Infinity;
  let iterations = 0;
  let best = { x: x.slice(), miss: Infinity, mu: 0 };
  for (let step = 0; step < muStepsMax; step++) {
    const mu = Math.exp(logMu);
    iterations += minimiseBarrier(problem, mu, x);
    const miss = x.reduce((sum, value) => sum + value, 0) - 1;
    if (Math.abs(miss) < Math.abs(best.miss)) best = { x: x.slice(), miss, mu };
    if (Math.abs(miss) <= sumRounding * x.length) break;
    if (miss < 0) low = logMu;
    else high = logMu;
    if (high - low < 1e-15 * Math.abs(logMu)) break;
    logMu = nextLogMu(problem, x, { logMu, low, high, miss });
    if (!(logMu > lowest && logMu < -lowest + 2 * logMuDepth)) break;
  }
  return judge(problem, best, iterations, tolerance);
}

/** Newton on sum(x) = 1 against ln mu; the middle of the bracket, or a step outwards, where that leads astray. */
function nextLogMu(
  problem: BarrierProblem,
  x: Float64Array,
  at: { logMu: number; low: number; high: number; miss: number },
): number {
  const mu = Math.exp(at.logMu);
  const free = freeLegs(problem, x);
  const right = Float64Array.from(free, (i) => mu * (problem.budgets[i] as number));
  const rates = free.length > 0 ? solveLogarithmic(problem, mu, x, free, right) : null;
  let slope = 0;
  for (const [k, i] of free.entries()) slope += (x[i] as number) * (rates?.[k] ?? 0);
  const proposal = slope > 0 ? at.logMu - at.miss / slope : Number.NaN;
  const isBracketed = Number.isFinite(at.low) && Number.isFinite(at.high);
  if (proposal > at.low && proposal < at.high && Math.abs(proposal - at.logMu) < 4) return proposal;
  if (isBracketed) return (at.low + at.high) / 2;
  return at.logMu + (at.miss < 0 ? 3 : -3);
}

function varianceOf(problem: BarrierProblem, x: Float64Array): number {
  const product = new Float64Array(x.length);
  multiplyCompensated(problem.covariance, x, product);
  return x.reduce((sum, value, i) => sum + value * (product[i] as number), 0);
}

/** Verifies the conditions at the point found; they are stated in shares of the portfolio's variance. */
function judge(
  problem: BarrierProblem,
  { x, miss, mu }: { x: Float64Array; miss: number; mu: number },
  iterations: number,
  tolerance: number,
): ObjectiveOutcome {
  const method = 'bounded-coordinate-descent+newton';
  if (!(Math.abs(miss) <= tolerance)) {
    const text = 'some lambda must bring the weights within these bounds to a sum of 1';
    const reason = `${text}, was a sum of ${1 + miss} at the nearest`;
    return { kind: 'infeasible', reason, method, iterations };
  }
  const product = new Float64Array(x.length);
  multiplyCompensated(problem.covariance, x, product);
  const variance = varianceOf(problem, x);
  let residual = 0;
  for (const [i, value] of x.entries()) {
    const over = (value * (product[i] as number) - mu * (problem.budgets[i] as number)) / variance;
    if (over > 0 && value <= (problem.lower[i] as number)) continue;
    if (over < 0 && value >= (problem.upper[i] as number)) continue;
    if (!(Math.abs(over) <= residual)) residual = Math.abs(over);
  }
  if (residual <= tolerance) return { kind: 'solved', magnitudes: x, method, iterations };
  const reason = `the bounded optimum's conditions must hold to ${tolerance}, was ${residual}`;
  return { kind: 'notConverged', reason, method, iterations };
}

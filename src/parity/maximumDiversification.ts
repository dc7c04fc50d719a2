/**
 * Maximum diversification: max w'sigma / sqrt(w'Sigma w), long only (Choueifaty and Coignard 2008).
 *
 * Without bounds: minimum variance on the correlation matrix, then division by volatility. Within bounds the ratio is
 * maximised by Dinkelbach's (1967) steps: each a quadratic problem w'Sigma w / 2 - t w'sigma with t of the last point.
 */
import { multiply } from '../math/matrix.ts';
import { solveQuadratic } from './activeSet.ts';
import type { BoundedLegs } from './minimumVariance.ts';
import type { ObjectiveOutcome } from './weightsAnswer.ts';

const ratioStepsMax = 100;

export function maximumDiversification(legs: BoundedLegs, tolerance: number): ObjectiveOutcome {
  const { n, values } = legs.covariance;
  const volatility = Float64Array.from({ length: n }, (_, i) =>
    Math.sqrt(values[i * n + i] as number),
  );
  const correlation = values.map(
    (value, at) =>
      value / (volatility[Math.floor(at / n)] as number) / (volatility[at % n] as number),
  );
  const free = solveQuadratic(
    {
      matrix: { n, values: correlation },
      linear: new Float64Array(n),
      lower: new Float64Array(n),
      upper: new Float64Array(n).fill(1),
    },
    tolerance,
  );
  const raw = free.weights.map((y, i) => y / (volatility[i] as number));
  const total = raw.reduce((sum, value) => sum + value, 0);
  const weights = raw.map((value) => value / total);
  const isInside = weights.every(
    (w, i) => w >= (legs.lower[i] as number) && w <= (legs.upper[i] as number),
  );
  if (!isInside) return withinBounds(legs, volatility, tolerance);
  return outcome(weights, free.residual, free.iterations, tolerance);
}

function withinBounds(
  legs: BoundedLegs,
  volatility: Float64Array,
  tolerance: number,
): ObjectiveOutcome {
  const { covariance, lower, upper } = legs;
  const product = new Float64Array(covariance.n);
  let trade = 0;
  let iterations = 0;
  for (let step = 0; step < ratioStepsMax; step++) {
    const linear = volatility.map((value) => trade * value);
    const solved = solveQuadratic({ matrix: covariance, linear, lower, upper }, tolerance);
    iterations += solved.iterations;
    multiply(covariance, solved.weights, product);
    let variance = 0;
    let average = 0;
    for (const [i, w] of solved.weights.entries()) {
      variance += w * (product[i] as number);
      average += w * (volatility[i] as number);
    }
    const next = variance / average;
    if (Math.abs(next - trade) <= 0.1 * tolerance * next) {
      return outcome(solved.weights, solved.residual, iterations, tolerance);
    }
    trade = next;
  }
  return outcome(product, Infinity, iterations, tolerance);
}

function outcome(
  magnitudes: Float64Array,
  residual: number,
  iterations: number,
  tolerance: number,
): ObjectiveOutcome {
  if (residual <= tolerance)
    return { kind: 'solved', magnitudes, method: 'active-set', iterations };
  const reason = `the optimality conditions must hold to ${tolerance}, was ${residual}`;
  return { kind: 'notConverged', reason, method: 'active-set', iterations };
}

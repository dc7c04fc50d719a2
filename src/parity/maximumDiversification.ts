/**
 * Maximum diversification: max w'sigma / sqrt(w'Sigma w), long only (Choueifaty and Coignard 2008).
 *
 * Without bounds: minimum variance on the correlation matrix, then division by volatility. Within bounds the optimum is
 * on the path of min w'Sigma w / 2 - t w'sigma, at the one t that equals w'Sigma w / w'sigma: a bracketed secant finds it.
 */
import { multiply, type SquareMatrix } from '../math/matrix.ts';
import { solveQuadratic } from './activeSet.ts';
import type { BoundedLegs } from './minimumVariance.ts';
import { isNearlyRiskless } from './portfolioRisk.ts';
import type { ObjectiveOutcome } from './weightsAnswer.ts';

const tradeStepsMax = 100;

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
  if (isNearlyRiskless({ n, values: correlation }, free.weights)) {
    const reason =
      'every mix must carry risk for its diversification to be finite, was one without any';
    return { kind: 'infeasible', reason, method: 'active-set', iterations: free.iterations };
  }
  if (!isInside) return withinBounds(legs, volatility, tolerance);
  return outcome(weights, free.residual, free.iterations, tolerance);
}

function withinBounds(
  legs: BoundedLegs,
  volatility: Float64Array,
  tolerance: number,
): ObjectiveOutcome {
  const { covariance, lower, upper } = legs;
  let iterations = 0;
  const solveAt = (trade: number) => {
    const linear = volatility.map((value) => trade * value);
    const solved = solveQuadratic({ matrix: covariance, linear, lower, upper }, tolerance);
    iterations += solved.iterations;
    return {
      ...solved,
      trade,
      excess: wantedTrade(covariance, volatility, solved.weights) - trade,
    };
  };
  let low = solveAt(0);
  let high = solveAt(low.excess);
  for (let count = 0; high.excess > 0 && count < tradeStepsMax; count++) {
    low = high;
    high = solveAt(2 * high.trade);
  }
  for (let count = 0; count < tradeStepsMax; count++) {
    // The secant, kept off the ends of the bracket, and the middle in turns.
    const secant = low.excess / (low.excess - high.excess);
    const share = count % 3 === 2 ? 0.5 : Math.min(Math.max(secant, 1e-9), 1 - 1e-9);
    const next = solveAt(low.trade + share * (high.trade - low.trade));
    if (next.excess > 0) low = next;
    else high = next;
    const isMet = Math.abs(next.excess) <= 0.01 * tolerance * next.trade;
    if (isMet || high.trade - low.trade <= 1e-15 * high.trade) {
      return outcome(next.weights, next.residual, iterations, tolerance);
    }
  }
  return outcome(high.weights, Infinity, iterations, tolerance);
}

/** The trade w'Sigma w / w'sigma at which w would be the maximum. */
function wantedTrade(covariance: SquareMatrix, volatility: Float64Array, w: Float64Array): number {
  const product = new Float64Array(w.length);
  multiply(covariance, w, product);
  let variance = 0;
  let average = 0;
  for (const [i, weight] of w.entries()) {
    variance += weight * (product[i] as number);
    average += weight * (volatility[i] as number);
  }
  return variance / average;
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

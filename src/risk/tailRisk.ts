/**
 * Component value at risk and expected shortfall, normal and Cornish–Fisher: who contributes what to the tail.
 *
 *   risk = -m + s E(S, K): m, s, S, K the book's mean, deviation, skewness and excess kurtosis over the window
 *   normal:          VaR E = -z, ES E = f(z) / a           (a = 1 - confidence, z its quantile, f the density)
 *   Cornish–Fisher:  VaR E = -g(z), ES as in Boudt, Peterson and Croux, Estimation and decomposition of downside risk
 *                    for portfolios with non-normal returns (2008)
 * Components are x_i times the derivative, and add up to the risk (Euler). Losses are positive.
 */
import { invariant } from '../math/invariant.ts';
import { type BookMoments, bookMoments } from './bookMoments.ts';
import { normalCumulative, normalDensity, normalQuantile } from './normal.ts';

export type TailMeasure = 'value-at-risk' | 'expected-shortfall';
export type TailMethod = 'normal' | 'cornish-fisher';

export type TailRisk = {
  /** In the exposures' unit, per bar; a loss is positive. */
  readonly risk: number;
  readonly components: readonly number[];
};

/**
 * @param exposures shape (N,), signed.
 * @param returnsByLeg N × T complete simple returns.
 * @param options.confidence 0.5…1, such as 0.99.
 */
export function componentTailRisk(
  exposures: readonly number[],
  returnsByLeg: readonly ArrayLike<number>[],
  options: {
    readonly measure: TailMeasure;
    readonly method: TailMethod;
    readonly confidence: number;
  },
): TailRisk {
  return tailOfMoments(bookMoments(exposures, returnsByLeg), options);
}

/** The same from the book's moments, where several figures are wanted of one book. */
export function tailOfMoments(
  book: BookMoments,
  options: {
    readonly measure: TailMeasure;
    readonly method: TailMethod;
    readonly confidence: number;
  },
): TailRisk {
  const { measure, method, confidence } = options;
  invariant(confidence > 0.5 && confidence < 1, `must lie in 0.5…1, was ${confidence}`);
  if (book.deviation === 0) {
    return { risk: -book.mean, components: book.meanParts.map((part) => -part) };
  }
  const factor = (skewness: number, kurtosis: number): number =>
    method === 'normal'
      ? tailFactor(measure, 1 - confidence, 0, 0)
      : tailFactor(measure, 1 - confidence, skewness, kurtosis);
  const { skewness, kurtosis } = book;
  const level = factor(skewness, kurtosis);
  const bySkewness = slope((value) => factor(value, kurtosis), skewness);
  const byKurtosis = slope((value) => factor(skewness, value), kurtosis);
  const components = book.meanParts.map(
    (_, leg) =>
      -(book.meanParts[leg] as number) +
      (book.deviationParts[leg] as number) * level +
      book.deviation *
        (bySkewness * (book.skewnessParts[leg] as number) +
          byKurtosis * (book.kurtosisParts[leg] as number)),
  );
  return { risk: -book.mean + book.deviation * level, components };
}

function tailFactor(measure: TailMeasure, tail: number, skewness: number, kurtosis: number) {
  const z = normalQuantile(tail);
  const g =
    z +
    ((z * z - 1) * skewness) / 6 +
    ((z ** 3 - 3 * z) * kurtosis) / 24 -
    ((2 * z ** 3 - 5 * z) * skewness ** 2) / 36;
  if (measure === 'value-at-risk') return -g;
  const density = normalDensity(g);
  const integral = (power: number) => partialMoment(power, g);
  const kurtosisTerm = integral(4) - 6 * integral(2) + 3 * density;
  const skewnessTerm = integral(3) - 3 * integral(1);
  const squareTerm = integral(6) - 15 * integral(4) + 45 * integral(2) - 15 * density;
  const shortfall =
    density +
    (kurtosisTerm * kurtosis) / 24 +
    (skewnessTerm * skewness) / 6 +
    (squareTerm * skewness ** 2) / 72;
  return shortfall / tail;
}

/** The integral of -x^q times the derivative of the normal density up to g: I(q) of the paper's appendix. */
function partialMoment(power: number, g: number): number {
  let value = power % 2 === 0 ? normalDensity(g) : g * normalDensity(g) - normalCumulative(g);
  for (let q = power % 2 === 0 ? 2 : 3; q <= power; q += 2) {
    value = g ** q * normalDensity(g) + q * value;
  }
  return value;
}

/** Central difference; components add up whatever its error, since skewness and kurtosis have no scale. */
function slope(f: (x: number) => number, at: number): number {
  const step = 1e-5 * Math.max(1, Math.abs(at));
  return (f(at + step) - f(at - step)) / (2 * step);
}

/**
 * The standard normal distribution: density, cumulative probability, quantile.
 *
 * Cumulative: Hart's rational approximation as given by West, Better approximations to cumulative normal functions
 * (2005), absolute error under 1e-15. Quantile: a first guess (Abramowitz and Stegun 26.2.23), then Halley's steps.
 */
import { invariant } from '../math/invariant.ts';

export const normalDensity = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

const upper = [
  3.52624965998911e-2, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871,
  221.213596169931, 220.206867912376,
];
const lower = [
  8.83883476483184e-2, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674,
  637.333633378831, 793.826512519948, 440.413735824752,
];

export function normalCumulative(x: number): number {
  const size = Math.abs(x);
  if (size > 37) return x > 0 ? 1 : 0;
  const horner = (sum: number, coefficient: number) => sum * size + coefficient;
  const tail =
    size < 7.07106781186547
      ? (Math.exp((-size * size) / 2) * upper.reduce(horner, 0)) / lower.reduce(horner, 0)
      : normalDensity(size) / continuedFraction(size);
  return x > 0 ? 1 - tail : tail;
}

/** @param probability strictly between 0 and 1. */
export function normalQuantile(probability: number): number {
  invariant(probability > 0 && probability < 1, `must lie in 0…1, was ${probability}`);
  if (probability > 0.5) return -normalQuantile(1 - probability);
  const t = Math.sqrt(-2 * Math.log(probability));
  let x =
    (2.515517 + t * (0.802853 + t * 0.010328)) /
      (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) -
    t;
  for (let step = 0; step < 3; step++) {
    const error = (normalCumulative(x) - probability) / normalDensity(x);
    x -= error / (1 + (x * error) / 2);
  }
  return x;
}

const continuedFraction = (x: number): number => x + 1 / (x + 2 / (x + 3 / (x + 4 / (x + 0.65))));

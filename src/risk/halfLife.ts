/**
 * Exponential weights by half-life: w_k = 2^(-k / halfLife), k bars back from the newest, missing or not.
 *
 * A half-life says what it does; lambda = 2^(-1 / halfLife) does not. Weights are normalised over what is there
 * by whoever sums them, so a short history is not silently short of weight.
 */

/** Weights (T,), oldest first, the newest 1; an infinite half-life weighs all bars alike. */
export function halfLifeWeights(bars: number, halfLifeBars: number): Float64Array {
  const weights = new Float64Array(bars).fill(1);
  if (halfLifeBars === Number.POSITIVE_INFINITY) return weights;
  for (let bar = 0; bar < bars; bar++) weights[bar] = 2 ** (-(bars - 1 - bar) / halfLifeBars);
  return weights;
}

/** Kish's effective number of bars: (sum w)^2 / sum w^2, over the bars where the column is present. */
export function effectiveBars(weights: Float64Array, column?: Float64Array): number {
  let sum = 0;
  let squares = 0;
  for (let bar = 0; bar < weights.length; bar++) {
    if (column !== undefined && Number.isNaN(column[bar])) continue;
    const weight = weights[bar] ?? 0;
    sum += weight;
    squares += weight * weight;
  }
  return squares === 0 ? 0 : (sum * sum) / squares;
}

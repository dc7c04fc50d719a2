/**
 * Who contributes what to the book's volatility (Euler): per leg, and summed by group, venue or anything else.
 *
 *   volatility = sqrt(x'Sx),  marginal_i = (Sx)_i / volatility,  absolute_i = x_i marginal_i,  share_i = absolute_i / volatility
 * Absolute contributions add up to the volatility, shares to one. Source: Litterman (1996), Tasche (1999).
 */

export type Contributions = {
  /** In the covariance's period and the exposures' unit. */
  readonly volatility: number;
  readonly marginal: readonly number[];
  readonly absolute: readonly number[];
  /** Empty book or riskless: all 0. */
  readonly riskShares: readonly number[];
};

/**
 * @param exposures shape (N,), signed: weights, or USD per leg.
 * @param covariance N×N in the same order.
 */
export function contributions(
  exposures: readonly number[],
  covariance: readonly (readonly number[])[],
): Contributions {
  const products = covariance.map((row) =>
    row.reduce((sum, value, column) => sum + value * (exposures[column] ?? 0), 0),
  );
  const variance = exposures.reduce((sum, value, row) => sum + value * (products[row] ?? 0), 0);
  const volatility = Math.sqrt(Math.max(0, variance));
  const marginal = products.map((product) => (volatility === 0 ? 0 : product / volatility));
  const absolute = marginal.map((value, row) => value * (exposures[row] ?? 0));
  const riskShares = absolute.map((value) => (volatility === 0 ? 0 : value / volatility));
  return { volatility, marginal, absolute, riskShares };
}

/** sqrt(x'Sx). */
export function portfolioVolatility(
  exposures: readonly number[],
  covariance: readonly (readonly number[])[],
): number {
  return contributions(exposures, covariance).volatility;
}

/** Sums of values by label, e.g. risk shares by group or venue; labels in the order in which they first come. */
export function sumByLabel(
  values: readonly number[],
  labels: readonly string[],
): Readonly<Record<string, number>> {
  const sums = new Map<string, number>();
  values.forEach((value, index) => {
    const label = labels[index] ?? '';
    sums.set(label, (sums.get(label) ?? 0) + value);
  });
  return Object.fromEntries(sums);
}

/**
 * Bipower variation: the variance of a series without its jumps.
 *
 *   continuous = pi/2 · sum w_t |r_t||r_(t-1)| / sum w_t,  realised = sum w_t r_t² / sum w_t,  jump = max(0, realised - continuous)
 * One jump is multiplied by a quiet neighbour and drops out. What it drops must come back as jump variance
 * (`jumps.ts`), or a book is sized as if crashes did not exist.
 * Source: Barndorff-Nielsen and Shephard, Power and bipower variation with stochastic volatility and jumps (2004).
 */

export type BipowerSplit = {
  /** All per bar. */
  readonly realised: number;
  readonly continuous: number;
  readonly jump: number;
};

/**
 * @param column (T,) simple returns, oldest first, NaN = missing; pairs with a missing bar are left out.
 * @param weights (T,), from `halfLifeWeights`.
 * @returns null below two neighbouring bars.
 */
export function bipowerSplit(column: Float64Array, weights: Float64Array): BipowerSplit | null {
  let squares = 0;
  let products = 0;
  let total = 0;
  for (let bar = 1; bar < column.length; bar++) {
    const here = column[bar] as number;
    const before = column[bar - 1] as number;
    if (Number.isNaN(here + before)) continue;
    const weight = weights[bar] as number;
    squares += weight * here * here;
    products += weight * Math.abs(here * before);
    total += weight;
  }
  if (total === 0) return null;
  const realised = squares / total;
  const continuous = ((Math.PI / 2) * products) / total;
  return { realised, continuous, jump: Math.max(0, realised - continuous) };
}

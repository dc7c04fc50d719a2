/**
 * Desmoothing of stale prices: r*_t = (r_t - phi r_(t-1)) / (1 - phi), phi the lag-one autocorrelation.
 *
 * A price that is marked late shows yesterday's move again today and looks quieter than it is (Geltner 1991).
 * Only positive autocorrelation is taken for staleness: a bounce between bid and ask is real noise and stays.
 */

/** Above this a series is a drift rather than a smoothed price, and 1 / (1 - phi) would run away. */
const PHI_MAX = 0.9;

export type Desmoothed = {
  /** (T,); the first bar after a gap is missing (NaN). */
  readonly column: Float64Array;
  readonly phi: number;
};

/** @param column (T,) simple returns, oldest first, NaN = missing. */
export function desmooth(column: Float64Array): Desmoothed {
  const phi = Math.min(PHI_MAX, Math.max(0, lagOneAutocorrelation(column)));
  if (phi === 0) return { column, phi };
  const out = new Float64Array(column.length).fill(Number.NaN);
  for (let bar = 1; bar < column.length; bar++) {
    out[bar] = ((column[bar] as number) - phi * (column[bar - 1] as number)) / (1 - phi);
  }
  return { column: out, phi };
}

/** Over neighbouring bars that are both present; 0 where there are fewer than three or nothing moves. */
export function lagOneAutocorrelation(column: Float64Array): number {
  let count = 0;
  let sum = 0;
  for (const value of column) {
    if (Number.isNaN(value)) continue;
    count++;
    sum += value;
  }
  if (count < 3) return 0;
  const mean = sum / count;
  let lagged = 0;
  let pairs = 0;
  let squares = 0;
  for (let bar = 0; bar < column.length; bar++) {
    const here = (column[bar] as number) - mean;
    if (Number.isNaN(here)) continue;
    squares += here * here;
    const before = bar === 0 ? Number.NaN : (column[bar - 1] as number) - mean;
    if (Number.isNaN(before)) continue;
    lagged += here * before;
    pairs++;
  }
  const variance = squares / count;
  if (pairs === 0 || variance <= 1e-20 * mean * mean) return 0;
  return lagged / pairs / variance;
}

/**
 * The sample covariance (ddof 1) that `returns` stand for in a weighting problem.
 */
import type { SquareMatrix } from '../math/matrix.ts';

/** A variance below this share of the mean square is rounding of a constant series. */
const constantShare = 1e-20;

/** sum((x_i - mean_i)(x_j - mean_j)) / (T - 1); returns T×N complete, T ≥ 2. */
export function sampleCovariance(returns: readonly (readonly number[])[]): SquareMatrix {
  const bars = returns.length;
  const n = (returns[0] as readonly number[]).length;
  const values = new Float64Array(n * n);
  const columns = Array.from({ length: n }, (_, i) => {
    const column = Float64Array.from(returns, (row) => row[i] as number);
    const mean = column.reduce((sum, x) => sum + x / bars, 0);
    const rest = column.reduce((sum, x) => sum + (x - mean), 0) / bars;
    const centred = column.map((x) => x - mean - rest);
    const square = centred.reduce((sum, x) => sum + x * x, 0);
    return square <= constantShare * bars * mean * mean ? centred.fill(0) : centred;
  });
  for (let i = 0; i < n; i++) {
    const a = columns[i] as Float64Array;
    for (let j = 0; j <= i; j++) {
      const b = columns[j] as Float64Array;
      let sum = 0;
      for (let t = 0; t < bars; t++) sum += (a[t] as number) * (b[t] as number);
      values[i * n + j] = sum / (bars - 1);
      values[j * n + i] = sum / (bars - 1);
    }
  }
  return { n, values };
}

/**
 * Inverse volatility: w_i proportional to 1 / sigma_i; risk parity where all correlations are equal.
 */
import type { SquareMatrix } from '../math/matrix.ts';
import type { ObjectiveOutcome } from './weightsAnswer.ts';

/** Magnitudes 1 / sigma_i; the diagonal must be positive. */
export function inverseVolatility({ n, values }: SquareMatrix): ObjectiveOutcome {
  const magnitudes = Float64Array.from(
    { length: n },
    (_, i) => 1 / Math.sqrt(values[i * n + i] as number),
  );
  return { kind: 'solved', magnitudes, method: 'closed-form', iterations: 0 };
}

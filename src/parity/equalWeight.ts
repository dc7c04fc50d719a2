/**
 * Equal weight: every active leg holds the same share of the gross.
 */
import type { ObjectiveOutcome } from './weightsAnswer.ts';

/** n equal magnitudes. */
export function equalWeight(n: number): ObjectiveOutcome {
  const magnitudes = new Float64Array(n).fill(1);
  return { kind: 'solved', magnitudes, method: 'closed-form', iterations: 0 };
}

/** Notionals of the legs that are not sized: what a held one keeps, nothing for one that is out. */
import { type Cap, usedUsd } from './caps.ts';
import type { LegStanding } from './legState.ts';

/**
 * A held leg keeps what it has, or falls to its own size where that is known to be right; where the held legs alone
 * break a cap they fall together until it holds.
 *
 * @returns unsigned USD, universe order; 0 for legs that are sized.
 */
export function fixLegs(
  standings: readonly LegStanding[],
  uncappedUsd: readonly number[],
  caps: readonly Cap[],
): readonly number[] {
  let fixed = standings.map(({ state, heldUsd }, index) => {
    if (state.kind !== 'held') return 0;
    if (state.fixedUsd !== undefined) return state.fixedUsd;
    return state.keeps ? heldUsd : Math.min(heldUsd, uncappedUsd[index] ?? 0);
  });
  for (const cap of caps) {
    const used = usedUsd(cap, fixed);
    if (used <= cap.limitUsd) continue;
    const scale = Math.max(0, cap.limitUsd) / used;
    fixed = fixed.map((usd, index) => ((cap.coefficients[index] ?? 0) > 0 ? usd * scale : usd));
  }
  return fixed;
}

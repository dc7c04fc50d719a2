/** Notionals of the legs that are not sized: what a held one keeps, nothing for one that is out. */
import type { StressScenario } from '../../margin/scenarios.ts';
import type { Book } from './book.ts';
import { type Cap, usedUsd } from './caps.ts';
import type { LegStanding } from './legState.ts';
import type { Reason } from './scaling.ts';
import { stressReason, stressScale } from './stressScale.ts';

export type FixedLegs = {
  /** Unsigned, universe order; 0 for legs that are sized. */
  readonly notionalsUsd: readonly number[];
  /** The cap that took some of what its state leaves a leg; null: none did. */
  readonly heldBackBy: readonly (Reason | null)[];
};

/**
 * A held leg keeps what it has, or falls to its own size where that is known to be right; where the held legs alone
 * break a cap, or at a venue the stressed-margin rule, they fall together until it holds: however thin the book, whatever
 * is not known of them, a liquidation is worse.
 */
export function fixLegs(
  book: Book,
  at: {
    readonly standings: readonly LegStanding[];
    readonly uncappedUsd: readonly number[];
    readonly caps: readonly Cap[];
    readonly scenarios: readonly StressScenario[];
  },
): FixedLegs {
  const { standings, uncappedUsd, caps, scenarios } = at;
  let fixed: readonly number[] = standings.map(({ state, heldUsd }, index) => {
    if (state.kind !== 'held') return 0;
    if (state.fixedUsd !== undefined) return state.fixedUsd;
    return state.keeps ? heldUsd : Math.min(heldUsd, uncappedUsd[index] ?? 0);
  });
  const heldBackBy: (Reason | null)[] = fixed.map(() => null);
  const cut = (scale: number, why: Reason, concerns: (index: number) => boolean) => {
    fixed = fixed.map((usd, index) => {
      if (usd === 0 || !concerns(index)) return usd;
      heldBackBy[index] = why;
      return usd * scale;
    });
  };
  for (const cap of caps) {
    const used = usedUsd(cap, fixed);
    if (used <= cap.limitUsd) continue;
    cut(Math.max(0, cap.limitUsd) / used, cap, (index) => (cap.coefficients[index] ?? 0) > 0);
  }
  for (const { venue } of book.venues) {
    const isThere = (index: number) => book.legs[index]?.venue === venue;
    const own = fixed;
    if (!own.some((usd, index) => usd > 0 && isThere(index))) continue;
    // What is held elsewhere is not judged here.
    const scaled = (share: number) => own.map((usd) => share * usd);
    const scale = stressScale(book, scenarios, scaled, venue);
    if (scale < 1) cut(scale, stressReason, isThere);
  }
  return { notionalsUsd: fixed, heldBackBy };
}

/**
 * The two ways under the caps: all sized legs scaled together (`parity`), or only those that a cap concerns (`exposure`).
 *
 * Linear caps are closed forms; stressed margin is searched for.
 */
import type { Binding } from '../../domain/decision.ts';
import { type Cap, usedUsd } from './caps.ts';
import { overRows, type SizingProblem, volatilityUsd } from './sizingProblem.ts';
import { stressReason, stressScale } from './stressScale.ts';
import { scaleToVolatility } from './weigh.ts';

export type Reason = Pick<Binding, 'code' | 'lifts'>;

export type Scaling = {
  /** Unsigned, universe order, fixed legs included. */
  readonly notionalsUsd: readonly number[];
  /** What holds each sized leg below its uncapped size; null: nothing. */
  readonly heldBackBy: readonly (Reason | null)[];
};

/** Stay under a cap by more than rounding. */
const INSIDE = 1 - 1e-12;

const volatilityReason: Reason = {
  code: 'TARGET_VOLATILITY',
  lifts: 'the risk of the legs beside it, or a higher sizing.targetVolatilityAnnual',
};

/** The largest multiple of `weights` that no cap, no leg's uncapped size and not the volatility target forbids. */
export function scaleTogether(problem: SizingProblem, weights: readonly number[]): Scaling {
  const { book, scenarios, fixedUsd, uncappedUsd } = problem;
  let scale = Number.POSITIVE_INFINITY;
  let reason: Reason | null = null;
  const hold = (limit: number, why: Reason | null) => {
    if (limit >= scale) return;
    scale = Math.max(0, limit);
    reason = why;
  };
  for (const [index, weight] of weights.entries()) {
    if (weight > 0) hold((uncappedUsd[index] ?? 0) / weight, volatilityReason);
  }
  if (!Number.isFinite(scale))
    return { notionalsUsd: fixedUsd, heldBackBy: weights.map(() => null) };
  hold(volatilityScale(problem, weights), volatilityReason);
  for (const cap of problem.caps) {
    const used = usedUsd(cap, weights);
    if (used > 0) hold(((cap.limitUsd - usedUsd(cap, fixedUsd)) / used) * INSIDE, cap);
  }
  const at = (multiple: number) => weights.map((each, i) => multiple * each + (fixedUsd[i] ?? 0));
  hold(stressScale(book, scenarios, (share) => at(share * scale)) * scale, stressReason);
  return {
    notionalsUsd: at(scale),
    heldBackBy: weights.map((weight) => (weight > 0 ? reason : null)),
  };
}

/** Uncapped sizes, cut cap by cap; every cut only lowers, so an earlier cap stays met. */
export function scaleEach(problem: SizingProblem): Scaling {
  const { book, scenarios, fixedUsd, standings, uncappedUsd } = problem;
  let own = uncappedUsd.map((usd, index) => (standings[index]?.state.kind === 'sized' ? usd : 0));
  const heldBackBy: (Reason | null)[] = own.map(() => null);
  const cut = (scale: number, why: Reason, concerns: (index: number) => boolean) => {
    if (!(scale < 1)) return;
    own = own.map((usd, index) => {
      if (!concerns(index) || usd === 0) return usd;
      heldBackBy[index] = why;
      return usd * Math.max(0, scale);
    });
  };
  const total = (each: readonly number[]) => each.map((usd, i) => usd + (fixedUsd[i] ?? 0));
  for (const cap of problem.caps) {
    const room = roomFor(cap, own, fixedUsd);
    cut(room, cap, (index) => (cap.coefficients[index] ?? 0) > 0);
  }
  for (const { venue } of book.venues) {
    const isThere = (index: number) => book.legs[index]?.venue === venue;
    const at = (share: number) => total(own.map((usd, i) => (isThere(i) ? share * usd : usd)));
    cut(stressScale(book, scenarios, at, venue), stressReason, isThere);
  }
  // Cutting a leg that offset another may have raised the whole.
  cut(volatilityScale(problem, own), volatilityReason, () => true);
  cut(
    stressScale(book, scenarios, (share) => total(own.map((usd) => share * usd))),
    stressReason,
    () => true,
  );
  return { notionalsUsd: total(own), heldBackBy };
}

function roomFor(cap: Cap, own: readonly number[], fixedUsd: readonly number[]): number {
  const used = usedUsd(cap, own);
  if (used <= 0) return 1;
  return ((cap.limitUsd - usedUsd(cap, fixedUsd)) / used) * INSIDE;
}

function volatilityScale(problem: SizingProblem, own: readonly number[]): number {
  const { book, estimate, fixedUsd } = problem;
  const limitUsd = book.policy.sizing.targetVolatilityAnnual * book.equityUsd;
  const rows = overRows(estimate, own);
  if (rows.every((usd) => usd === 0)) return 1;
  const whole = volatilityUsd(
    estimate,
    own.map((usd, i) => usd + (fixedUsd[i] ?? 0)),
  );
  if (whole <= limitUsd && whole > limitUsd * INSIDE) return 1;
  return scaleToVolatility(estimate, rows, overRows(estimate, fixedUsd), limitUsd);
}

/**
 * Slices: a quantity split into orders of at most a given value, equal to a step.
 *
 * Every slice is at least the venue's least quantity, so a quantity near it stays whole.
 */
import { type DecimalText, divide, multiply, toNumber, toStep } from '../domain/decimal.ts';

/** A plan longer than this goes on in the next decision. */
export const SLICES_MAX = 20;

export type SliceLimits = {
  readonly stepBase: DecimalText;
  readonly leastBase: DecimalText;
  /** null: the venue has none. */
  readonly mostBase: DecimalText | null;
  readonly markUsd: number;
  /** Largest value of one order. */
  readonly valueUsdMax: number;
  /** Absent: SLICES_MAX. */
  readonly slicesMax?: number;
};

/**
 * @param quantityBase on the step.
 * @param isReduction a reduction is never cut short: beyond the most slices they grow instead.
 * @returns quantities on the step, larger ones first, at least one; their sum is the quantity, or less where an increase
 * would need more slices.
 */
export function sliceQuantity(
  quantityBase: DecimalText,
  limits: SliceLimits,
  isReduction: boolean,
): readonly DecimalText[] {
  const { slicesMax = SLICES_MAX } = limits;
  const perOrderBase = Math.min(
    limits.valueUsdMax > 0 ? limits.valueUsdMax / limits.markUsd : Number.POSITIVE_INFINITY,
    limits.mostBase === null ? Number.POSITIVE_INFINITY : toNumber(limits.mostBase),
  );
  const steps = toNumber(toStep(divide(quantityBase, limits.stepBase), oneStep, 'down'));
  const leastSteps = Math.max(1, Math.ceil(toNumber(divide(limits.leastBase, limits.stepBase))));
  const stepsEach = Math.max(
    leastSteps,
    Number.isFinite(perOrderBase)
      ? Math.floor(perOrderBase / toNumber(limits.stepBase) + 1e-9)
      : steps,
  );
  const wanted = Math.ceil(steps / stepsEach);
  const count = Math.max(1, Math.min(wanted, slicesMax, Math.floor(steps / leastSteps)));
  const total = isReduction ? steps : Math.min(steps, count * Math.max(stepsEach, 1));
  const base = Math.floor(total / count);
  const larger = total % count;
  return Array.from({ length: count }, (_, index) =>
    multiply(base + (index < larger ? 1 : 0), limits.stepBase),
  );
}

const oneStep = '1' as DecimalText;

/**
 * What is to be traded of each instrument: as far towards its target as is worth an order.
 *
 * Smaller than a lot or than the venue's least order is withheld.
 */
import {
  absolute,
  compare,
  type DecimalText,
  isZero,
  multiply,
  sign,
  subtract,
  toStep,
} from '../domain/decimal.ts';
import type { InstrumentTarget } from '../domain/decision.ts';
import type { Book, BookInstrument } from '../parity/sizing/book.ts';
import type { Netted } from '../parity/sizing/netting.ts';
import { type BandGuard, reachOf } from './reach.ts';

export type Drift = {
  readonly target: Netted;
  readonly held: BookInstrument;
  /** Signed, on the lot, never beyond the target; 0 where it is withheld. */
  readonly deltaBase: DecimalText;
  readonly withheld: InstrumentTarget['withheld'];
};

/** One row per target, in its order. */
export function drifts(book: Book, targets: readonly Netted[], guard: BandGuard): readonly Drift[] {
  const reach = reachOf(book, targets, guard, (target, toBase) => {
    const held = book.instrumentById.get(target.instrument);
    return held === undefined ? zeroBase : driftOf(target, held, toBase).deltaBase;
  });
  return targets.flatMap((target) => {
    const held = book.instrumentById.get(target.instrument);
    return held === undefined ? [] : [driftOf(target, held, reach.get(target.instrument) ?? null)];
  });
}

const zeroBase = '0' as DecimalText;

/** @param toBase null: it stays. */
function driftOf(target: Netted, held: BookInstrument, toBase: DecimalText | null): Drift {
  const none = (withheld: Drift['withheld']): Drift => ({
    target,
    held,
    deltaBase: zeroBase,
    withheld,
  });
  if (isZero(subtract(target.targetBase, target.positionBase))) return none(null);
  if (toBase === null || toBase === target.positionBase) return none('band');
  const gap = subtract(toBase, target.positionBase);
  const deltaBase = toStep(gap, held.instrument.quantityStepBase, 'down');
  if (isZero(deltaBase)) return none('lot');
  const closes = isZero(target.targetBase) && held.instrument.kind === 'perpetual';
  const reduces =
    isTowardsZero(target.positionBase, deltaBase) &&
    compare(absolute(deltaBase), absolute(target.positionBase)) <= 0;
  return isBelowMinimum(held, deltaBase, closes || (reduces && reducesFreely(held)))
    ? none('minimum')
    : { target, held, deltaBase, withheld: null };
}

/** Whether the venue takes orders that only reduce whatever they are worth. */
export const reducesFreely = ({ instrument }: BookInstrument): boolean =>
  instrument.kind === 'perpetual' && instrument.reducesBelowMinimum === true;

/** @param isExempt from the least order value, as venues exempt closing a whole perpetual, and some every reduction. */
export function isBelowMinimum(
  held: BookInstrument,
  deltaBase: DecimalText,
  isExempt: boolean,
): boolean {
  const { quantityMinBase, notionalMinQuote } = held.instrument;
  const quantity = absolute(deltaBase);
  if (compare(quantity, quantityMinBase) < 0) return true;
  if (isExempt || held.markUsd === null) return false;
  return compare(multiply(quantity, held.markUsd / held.quoteUsd), notionalMinQuote) < 0;
}

/** Whether a change of the position takes it nearer to zero, as far as it does not cross it. */
export function isTowardsZero(positionBase: DecimalText, deltaBase: DecimalText): boolean {
  return sign(positionBase) !== 0 && sign(positionBase) !== sign(deltaBase);
}

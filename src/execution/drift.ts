/**
 * What is to be traded of each instrument: target less position, if that is worth an order.
 *
 * A drift within the band is left alone, but a band protects no target of zero and no breached cap, and where one half of
 * a pair has to move the other may move with it. Smaller than a lot or than the venue's least order is withheld too.
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
import type { InstrumentId } from '../domain/ids.ts';
import { exposures } from '../domain/leg.ts';
import type { Book, BookInstrument } from '../parity/sizing/book.ts';
import type { Netted } from '../parity/sizing/netting.ts';

export type Drift = {
  readonly target: Netted;
  readonly held: BookInstrument;
  /** Signed, on the lot, never beyond the target; 0 where it is withheld. */
  readonly deltaBase: DecimalText;
  readonly withheld: InstrumentTarget['withheld'];
};

/** One row per target, in its order. @param breached per leg of the universe: it stands above a cap now. */
export function drifts(
  book: Book,
  targets: readonly Netted[],
  breached: readonly boolean[],
): readonly Drift[] {
  const exposed = new Set<InstrumentId>(
    book.legs.flatMap((leg, index) =>
      breached[index] ? exposures(leg).map((each) => each.instrument) : [],
    ),
  );
  const moving = new Set<InstrumentId>();
  for (const target of targets) {
    const isAbove = compare(absolute(target.positionBase), absolute(target.targetBase)) > 0;
    if (exceedsBand(book, target) || (isAbove && exposed.has(target.instrument))) {
      moving.add(target.instrument);
    }
  }
  // Coins too few to be sold move nothing.
  const traded = new Set(
    targets
      .filter((target) => moving.has(target.instrument))
      .filter((target) => {
        const held = book.instrumentById.get(target.instrument);
        return held !== undefined && driftOf(target, held, true).withheld === null;
      })
      .map((target) => target.instrument),
  );
  for (const leg of book.legs) {
    const ids = exposures(leg).map((each) => each.instrument);
    if (ids.length > 1 && ids.some((id) => traded.has(id))) for (const id of ids) moving.add(id);
  }
  return targets.flatMap((target) => {
    const held = book.instrumentById.get(target.instrument);
    return held === undefined ? [] : [driftOf(target, held, moving.has(target.instrument))];
  });
}

/** The band of a target of zero is nothing wide. */
function exceedsBand(book: Book, target: Netted): boolean {
  const delta = absolute(subtract(target.targetBase, target.positionBase));
  const band = multiply(absolute(target.targetBase), book.policy.sizing.driftBandShare);
  return compare(delta, band) > 0;
}

function driftOf(target: Netted, held: BookInstrument, isMoving: boolean): Drift {
  const none = (withheld: Drift['withheld']): Drift => ({
    target,
    held,
    deltaBase: '0' as DecimalText,
    withheld,
  });
  const gap = subtract(target.targetBase, target.positionBase);
  if (isZero(gap)) return none(null);
  if (!isMoving) return none('band');
  const deltaBase = toStep(gap, held.instrument.quantityStepBase, 'down');
  if (isZero(deltaBase)) return none('lot');
  const closes = isZero(target.targetBase) && held.instrument.kind === 'perpetual';
  return isBelowMinimum(held, deltaBase, closes)
    ? none('minimum')
    : { target, held, deltaBase, withheld: null };
}

/** Closing a whole perpetual is not held to the least order value: venues exempt it. */
export function isBelowMinimum(
  held: BookInstrument,
  deltaBase: DecimalText,
  closesWhole: boolean,
): boolean {
  const { quantityMinBase, notionalMinQuote } = held.instrument;
  const quantity = absolute(deltaBase);
  if (compare(quantity, quantityMinBase) < 0) return true;
  if (closesWhole || held.markUsd === null) return false;
  return compare(multiply(quantity, held.markUsd / held.quoteUsd), notionalMinQuote) < 0;
}

/** Whether a change of the position takes it nearer to zero, as far as it does not cross it. */
export function isTowardsZero(positionBase: DecimalText, deltaBase: DecimalText): boolean {
  return sign(positionBase) !== 0 && sign(positionBase) !== sign(deltaBase);
}

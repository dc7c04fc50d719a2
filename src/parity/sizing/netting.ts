/**
 * What the legs together want of each instrument, with each leg's part.
 *
 * A leg's quantity is its notional at the mark of its first instrument, so both halves of a pair are of one quantity, on a
 * step that both instruments have. Targets are rounded towards zero: never more than was sized. The coins of a funding
 * spot market (where a lent coin is bought) are cash, not a leg's: they are wanted only as far as this decision lends them.
 */
import {
  add,
  compare,
  type DecimalText,
  decimal,
  divide,
  subtract,
  toStep,
  zero,
} from '../../domain/decimal.ts';
import type { InstrumentTarget } from '../../domain/decision.ts';
import type { InstrumentId } from '../../domain/ids.ts';
import { exposures } from '../../domain/leg.ts';
import { fundingSpot, stablecoinsOf } from '../../domain/universe.ts';
import type { Quantities } from './accounts.ts';
import type { Book, BookInstrument } from './book.ts';

export type Netted = Pick<
  InstrumentTarget,
  'instrument' | 'targetBase' | 'positionBase' | 'markUsd' | 'parts'
>;

/** Base units per instrument of these notionals, not rounded. @param notionalsUsd unsigned, universe order. */
export function quantitiesOf(book: Book, notionalsUsd: readonly number[]): Quantities {
  const quantities = new Map<InstrumentId, number>();
  for (const [index, leg] of book.legs.entries()) {
    const quantity = legQuantity(book, index, notionalsUsd[index] ?? 0);
    for (const { instrument, sign } of exposures(leg)) {
      quantities.set(instrument, (quantities.get(instrument) ?? 0) + sign * quantity);
    }
  }
  return quantities;
}

/** So that a quantity that was on its step before it became USD and back is on it still. */
const ROUNDING_SLACK = 1 + 1e-9;

function legQuantity(book: Book, index: number, notionalUsd: number): number {
  const leg = book.legs[index];
  const first = leg === undefined ? undefined : exposures(leg)[0];
  const seen = first === undefined ? undefined : book.instrumentById.get(first.instrument);
  const markUsd = seen === undefined ? null : decidingMarkUsd(book, seen);
  return markUsd === null ? 0 : notionalUsd / markUsd;
}

/** A stablecoin held spot is sized at what it is worth at the venues together; its own venue's mark is what it is liquidated on. */
function decidingMarkUsd(book: Book, { instrument, markUsd }: BookInstrument): number | null {
  const { unit } = book.snapshot;
  const medianUsd = unit.kind === 'known' ? unit.usdByCoin[instrument.baseCoin] : undefined;
  const isStable =
    instrument.kind === 'spot' && stablecoinsOf(book.policy).has(instrument.baseCoin);
  return isStable && markUsd !== null && medianUsd !== undefined ? medianUsd : markUsd;
}

/** Targets of the legs' instruments and their funding spots, as far as they have a mark, in the snapshot's order. @param notionalsUsd unsigned, universe order. */
export function netTargets(book: Book, notionalsUsd: readonly number[]): readonly Netted[] {
  const exact = new Map<InstrumentId, DecimalText>();
  const parts = new Map<InstrumentId, Netted['parts'][number][]>();
  for (const [index, leg] of book.legs.entries()) {
    const step = pairStep(book, index);
    const quantity = legQuantity(book, index, notionalsUsd[index] ?? 0);
    const slack = quantity * ROUNDING_SLACK;
    const rounded = step === null ? decimal(slack) : toStep(slack, step, 'down');
    for (const { instrument, sign } of exposures(leg)) {
      const signed = sign > 0 ? rounded : subtract(zero, rounded);
      exact.set(instrument, add(exact.get(instrument) ?? zero, signed));
      const own = parts.get(instrument) ?? [];
      own.push({ leg: leg.id, targetBase: sign * quantity });
      parts.set(instrument, own);
    }
  }
  const lent = lentCoins(book, exact);
  return book.instruments.flatMap((each) => {
    const { id, quantityStepBase } = each.instrument;
    // What is observed for its mark only, such as the coins of the book's unit, is nobody's to trade.
    if (each.markUsd === null || !(exact.has(id) || lent.has(id))) return [];
    const wanted = add(exact.get(id) ?? zero, lent.get(id) ?? zero);
    return [
      {
        instrument: id,
        targetBase: toStep(wanted, quantityStepBase, 'down'),
        positionBase: each.positionBase,
        markUsd: each.markUsd,
        parts: parts.get(id) ?? [],
      },
    ];
  });
}

/** The step of a leg of several instruments: the least quantity that all of them can trade; null for a single one. */
function pairStep(book: Book, index: number): DecimalText | null {
  const leg = book.legs[index];
  const steps = (leg === undefined ? [] : exposures(leg)).flatMap(({ instrument }) => {
    const step = book.instrumentById.get(instrument)?.instrument.quantityStepBase;
    return step === undefined ? [] : [step];
  });
  const [first, second] = steps;
  return first === undefined || second === undefined ? null : commonStep(first, second);
}

/** The least common multiple of two steps; their product's bound is a thousand steps, else the larger one. */
export function commonStep(a: DecimalText, b: DecimalText): DecimalText {
  const [larger, smaller] = compare(a, b) >= 0 ? [a, b] : [b, a];
  let multiple = larger;
  for (let times = 0; times < 1000; times++) {
    const ratio = divide(multiple, smaller);
    if (compare(toStep(ratio, decimal(1), 'nearest'), ratio) === 0) return multiple;
    multiple = add(multiple, larger);
  }
  return larger;
}

/** Coins that each funding spot must hold so that the lending legs can grow to their targets. */
function lentCoins(
  book: Book,
  exact: ReadonlyMap<InstrumentId, DecimalText>,
): ReadonlyMap<InstrumentId, DecimalText> {
  const lent = new Map<InstrumentId, DecimalText>();
  for (const leg of book.legs) {
    const spot = leg.kind === 'lending' ? fundingSpot(book.policy, leg) : null;
    const product = exposures(leg)[0]?.instrument;
    if (spot === null || product === undefined) continue;
    const held = book.instrumentById.get(product)?.positionBase ?? zero;
    const growth = subtract(exact.get(product) ?? zero, held);
    lent.set(spot, compare(growth, 0) > 0 ? growth : zero);
  }
  return lent;
}

/**
 * What to give up so that an account is safe again: most margin freed per risk lost first, hedged pairs as one.
 *
 * Margin freed: by how much closing raises the headroom (equity less maintenance) where it is shortest, now or after the move that
 * threatens. Risk lost: the stressed loss that the closed part stood for. A part is closed only as far as it is needed, and never
 * where that takes the headroom elsewhere; nothing that is closed increases the stressed loss.
 */
import {
  compare,
  type DecimalText,
  isZero,
  multiply,
  subtract,
  toStep,
} from '../domain/decimal.ts';
import type { VenueId } from '../domain/ids.ts';
import { stablecoinsOf } from '../domain/universe.ts';
import { evaluateAccount } from '../margin/account.ts';
import { directionsOf, movesAlong } from '../margin/distance.ts';
import { stressAccount } from '../margin/stress.ts';
import { accountsAt, heldQuantities, type Quantities } from '../parity/sizing/accounts.ts';
import type { Book } from '../parity/sizing/book.ts';
import { type ClosableUnit, closableUnits } from './closableUnits.ts';
import { type CoinStress, coinStress, stressedLossUsd } from './orderRisk.ts';
import { afterClosing } from './unitOrders.ts';

/** Where the account is to be afterwards. */
export type SafeMargin = { readonly ratio: number; readonly distanceShare: number };

export type Closing = {
  readonly unit: ClosableUnit;
  readonly quantityBase: DecimalText;
  readonly freedUsd: number;
  readonly riskLostUsd: number;
};

export type Deleveraging = {
  /** In the order in which they are worth it. */
  readonly closings: readonly Closing[];
  /** Headroom that is still missing where it is shortest, 0 where the account is safe. */
  readonly shortUsd: number;
};

/** Shares of what is needed that are tried where the whole takes headroom elsewhere. */
const PARTS = [1, 0.5, 0.25, 0.1, 0.02] as const;
const BISECTIONS = 20;
/** Below this, USD is rounding. */
const ROUNDING_USD = 1e-6;

export function deleverage(book: Book, venue: VenueId, safe: SafeMargin): Deleveraging {
  const situation: Situation = { book, venue, safe, stress: coinStress(book) };
  let quantities = heldQuantities(book);
  let left = closableUnits(book, venue).map((unit) => ({ unit, leftBase: unit.quantityBase }));
  const closings: Closing[] = [];
  // Each round closes a unit or ends what was shortest: there are not more than a few of both.
  const roundsMax = 4 * left.length + 4;
  for (let round = 0; round < roundsMax && shortest(situation, quantities) !== null; round++) {
    const best = bestClosing(situation, quantities, left);
    if (best === null) break;
    closings.push(best);
    quantities = afterClosing(book, quantities, best.unit, best.quantityBase);
    left = left.map((one) =>
      one.unit === best.unit
        ? { unit: one.unit, leftBase: subtract(one.leftBase, best.quantityBase) }
        : one,
    );
  }
  const worst = shortest(situation, quantities);
  return { closings: merged(closings), shortUsd: worst === null ? 0 : -worst.usd };
}

type Situation = {
  readonly book: Book;
  readonly venue: VenueId;
  readonly safe: SafeMargin;
  readonly stress: CoinStress;
};

type Remaining = { readonly unit: ClosableUnit; readonly leftBase: DecimalText };

/** Headroom at the marks and along every move, USD; the same keys for any quantities of one book. */
function headrooms({ book, venue, safe }: Situation, quantities: Quantities): readonly number[] {
  const of = (at: Quantities) => accountsAt(book, at).find((each) => each.venue === venue)?.account;
  const account = of(quantities);
  const before = of(heldQuantities(book));
  if (account === undefined || before === undefined) return [];
  const now = evaluateAccount(account);
  const moved = directionsOf(before, stablecoinsOf(book.policy)).map((direction) => {
    const after = stressAccount(account, movesAlong(direction, safe.distanceShare));
    return after.equityUsd - after.maintenanceMarginUsd;
  });
  return [now.equityUsd * safe.ratio - now.maintenanceMarginUsd, ...moved];
}

function shortest(situation: Situation, quantities: Quantities) {
  const all = headrooms(situation, quantities);
  const usd = Math.min(...all, Number.POSITIVE_INFINITY);
  return usd < -ROUNDING_USD ? { usd, index: all.indexOf(usd) } : null;
}

function bestClosing(
  situation: Situation,
  quantities: Quantities,
  left: readonly Remaining[],
): Closing | null {
  let best: Closing | null = null;
  for (const one of left) {
    if (isZero(one.leftBase)) continue;
    const found = closingOf(situation, quantities, one);
    if (found !== null && (best === null || worth(found) > worth(best))) best = found;
  }
  return best;
}

/** Lent coins free margin and lose no risk. */
const worth = ({ freedUsd, riskLostUsd }: Closing): number =>
  riskLostUsd > ROUNDING_USD ? freedUsd / riskLostUsd : Number.POSITIVE_INFINITY;

function closingOf(situation: Situation, quantities: Quantities, one: Remaining): Closing | null {
  const { book, venue, stress } = situation;
  const { unit, leftBase } = one;
  const before = headrooms(situation, quantities);
  const worst = before.indexOf(Math.min(...before));
  const after = (quantityBase: DecimalText) => afterClosing(book, quantities, unit, quantityBase);
  const freed = (quantityBase: DecimalText): number =>
    (headrooms(situation, after(quantityBase))[worst] ?? 0) - (before[worst] ?? 0);
  if (freed(leftBase) <= ROUNDING_USD) return null;
  const needed = neededOf(one, (quantity) => freed(quantity) + (before[worst] ?? 0) >= 0);
  for (const part of PARTS) {
    const quantityBase = onStep(one, multiply(needed, part));
    const then = headrooms(situation, after(quantityBase));
    const isHarmless = then.every(
      (usd, index) => usd >= Math.min(0, before[index] ?? 0) - ROUNDING_USD,
    );
    const riskLostUsd =
      stressedLossUsd(book, stress, venue, quantities) -
      stressedLossUsd(book, stress, venue, after(quantityBase));
    if (!isHarmless || riskLostUsd < -ROUNDING_USD) continue;
    return { unit, quantityBase, freedUsd: freed(quantityBase), riskLostUsd };
  }
  return null;
}

/** The least quantity that is enough, or all that is left. */
function neededOf({ leftBase }: Remaining, isEnough: (quantity: DecimalText) => boolean) {
  if (!isEnough(leftBase)) return leftBase;
  let low = 0;
  let high = 1;
  for (let step = 0; step < BISECTIONS; step++) {
    const middle = (low + high) / 2;
    if (isEnough(multiply(leftBase, middle))) high = middle;
    else low = middle;
  }
  return multiply(leftBase, high);
}

/** Up to the step, and all of it where less than the venue's least order would be left. */
function onStep({ unit, leftBase }: Remaining, quantity: DecimalText): DecimalText {
  const least = unit.halves
    .map(({ held }) => held.instrument.quantityMinBase)
    .reduce((a, b) => (compare(a, b) >= 0 ? a : b));
  const up = toStep(compare(quantity, least) < 0 ? least : quantity, unit.stepBase, 'up');
  return compare(subtract(leftBase, up), least) < 0 ? leftBase : up;
}

/** One closing per unit, where it was first worth it. */
function merged(closings: readonly Closing[]): readonly Closing[] {
  const byUnit = new Map<ClosableUnit, Closing>();
  for (const closing of closings) {
    const before = byUnit.get(closing.unit);
    byUnit.set(
      closing.unit,
      before === undefined
        ? closing
        : {
            unit: closing.unit,
            quantityBase: subtract(before.quantityBase, multiply(closing.quantityBase, -1)),
            freedUsd: before.freedUsd + closing.freedUsd,
            riskLostUsd: before.riskLostUsd + closing.riskLostUsd,
          },
    );
  }
  return [...byUnit.values()];
}

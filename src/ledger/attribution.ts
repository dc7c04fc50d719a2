/**
 * Attribution: exact parts of one amount for the legs that share it.
 *
 * Legs share one netted position per instrument. What the venue did is divided by the legs' wanted changes; where legs
 * want opposite changes they cross internally first. Parts are cut to 12 decimals, the last one takes the rest.
 */
import {
  absolute,
  add,
  compare,
  type DecimalText,
  decimal,
  divide,
  isZero,
  minimum,
  multiply,
  negate,
  sign,
  subtract,
  toStep,
  zero,
} from '../domain/decimal.ts';
import type { LegId } from '../domain/ids.ts';

/** A leg's say, any scale, signed; leg null: what belongs to no leg. */
export type Weight = { readonly leg: LegId | null; readonly weight: DecimalText | number };
export type Part = { readonly leg: LegId | null; readonly amount: DecimalText };

const resolution = decimal('0.000000000001');
/** Signed weights that cancel to less than this share of their sizes have no say: they are rounding. */
const cancelledShare = 1e-9;

const total = (amounts: readonly (DecimalText | number)[]): DecimalText =>
  amounts.reduce<DecimalText>((sum, amount) => add(sum, amount), zero);

/**
 * Parts in proportion to the weights: amount·w_i ÷ Σw, towards zero; the last leg with a weight takes the remainder.
 *
 * @param amount any sign.
 * @param weights signed; all of one sign give parts of the amount's sign.
 * @returns parts that sum to the amount exactly; one part for no leg where the weights sum to nothing.
 */
export function attribute(amount: DecimalText, weights: readonly Weight[]): readonly Part[] {
  const said = weights.filter((one) => !isZero(one.weight));
  const sum = total(said.map((one) => one.weight));
  const size = total(said.map((one) => absolute(one.weight)));
  const last = said.at(-1);
  if (last === undefined || compare(absolute(sum), multiply(size, cancelledShare)) <= 0) {
    return isZero(amount) ? [] : [{ leg: null, amount }];
  }
  const parts: Part[] = said.slice(0, -1).map((one) => ({
    leg: one.leg,
    amount: toStep(divide(multiply(amount, one.weight), sum), resolution, 'down'),
  }));
  const rest = subtract(amount, total(parts.map((part) => part.amount)));
  return [...parts, { leg: last.leg, amount: rest }].filter((part) => !isZero(part.amount));
}

/** What a leg wants of an instrument beyond what it holds, base units. */
export type WantedChange = { readonly leg: LegId | null; readonly changeBase: DecimalText };

/**
 * Target − held per leg. Holdings of no leg are to be given up: their target is zero.
 *
 * @param targets base units, float64; cut to 12 decimals here.
 */
export function wantedChanges(
  targets: readonly { readonly leg: LegId; readonly targetBase: number }[],
  held: readonly Part[],
): readonly WantedChange[] {
  const heldBy = (leg: LegId | null): DecimalText =>
    total(held.filter((part) => part.leg === leg).map((part) => part.amount));
  const named = new Set<LegId | null>(targets.map((target) => target.leg));
  const rest = [...new Set(held.map((part) => part.leg))].filter((leg) => !named.has(leg));
  return [
    ...targets.map(({ leg, targetBase }) => ({
      leg,
      changeBase: subtract(toStep(targetBase, resolution, 'nearest'), heldBy(leg)),
    })),
    ...rest.map((leg) => ({ leg, changeBase: negate(heldBy(leg)) })),
  ].filter((wanted) => !isZero(wanted.changeBase));
}

export type NettedChanges = {
  /** What legs pass to each other, base units; sums to zero exactly. */
  readonly crosses: readonly Part[];
  /** Whose the fills are: the legs that want what the net wants. */
  readonly weights: readonly Weight[];
};

/**
 * Opposite wants cross: the smaller side in full, the larger side pro rata; what is left of the larger side is traded.
 *
 * @param leastBase crosses below this are left out, as no order of that size could be sent either.
 */
export function netChanges(wanted: readonly WantedChange[], leastBase: DecimalText): NettedChanges {
  const ofSign = (which: number): readonly Weight[] =>
    wanted
      .filter((one) => sign(one.changeBase) === which)
      .map((one) => ({ leg: one.leg, weight: one.changeBase }));
  const buyers = ofSign(1);
  const sellers = ofSign(-1);
  const bought = total(buyers.map((one) => one.weight));
  const sold = absolute(total(sellers.map((one) => one.weight)));
  const crossed = minimum(bought, sold);
  const crosses =
    isZero(crossed) || compare(crossed, leastBase) < 0
      ? []
      : [...attribute(crossed, buyers), ...attribute(negate(crossed), sellers)];
  return { crosses, weights: compare(bought, sold) >= 0 ? buyers : sellers };
}

/**
 * Whose a fill is. Legs on the side of the net want, whichever way it goes: a repair that undoes what was traded for them is
 * theirs, also where they hold nothing by then. Failing any want (an order that is not ours) the holders, by their signed
 * share, where it reduces what they hold; else no leg.
 */
export function fillWeights(
  wanted: readonly WantedChange[],
  held: readonly Part[],
  signedBase: DecimalText,
): readonly Weight[] {
  const { weights } = netChanges(wanted, zero);
  if (weights.length > 0) return weights;
  const holders = held.map((part) => ({ leg: part.leg, weight: part.amount }));
  return sign(total(held.map((part) => part.amount))) === -sign(signedBase) ? holders : [];
}

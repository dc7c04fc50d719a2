/** One holding at average cost: what it cost, and what closing parts of it has realised. */
import {
  absolute,
  add,
  type DecimalText,
  divide,
  isZero,
  minimum,
  multiply,
  negate,
  sign,
  subtract,
  zero,
} from '../domain/decimal.ts';

export type Holding = {
  /** Signed. */
  readonly quantityBase: DecimalText;
  /** Signed like the quantity, quote coin: quantity × average entry price. */
  readonly costQuote: DecimalText;
  /** Without fees and funding. */
  readonly realisedQuote: DecimalText;
};

export const emptyHolding: Holding = { quantityBase: zero, costQuote: zero, realisedQuote: zero };

/**
 * One trade of `quantity` for `value` (signed alike). The part that reduces leaves at average cost and realises the
 * difference; the part beyond flat opens at its own price. realised − cost = −Σ values, to 18 decimals of one division.
 */
export function trade(holding: Holding, quantity: DecimalText, value: DecimalText): Holding {
  if (isZero(quantity)) return holding;
  const { quantityBase, costQuote, realisedQuote } = holding;
  const after = add(quantityBase, quantity);
  if (sign(quantityBase) * sign(quantity) >= 0) {
    return { quantityBase: after, costQuote: add(costQuote, value), realisedQuote };
  }
  const closed = minimum(absolute(quantity), absolute(quantityBase));
  const proceeds = portion(value, closed, absolute(quantity));
  const cost = portion(costQuote, closed, absolute(quantityBase));
  const opened = subtract(value, proceeds);
  return {
    quantityBase: after,
    costQuote: add(subtract(costQuote, cost), opened),
    realisedQuote: subtract(realisedQuote, add(proceeds, cost)),
  };
}

/** amount × part ÷ whole, the whole itself without a division. */
const portion = (amount: DecimalText, part: DecimalText, whole: DecimalText): DecimalText =>
  isZero(subtract(whole, part)) ? amount : divide(multiply(amount, part), whole);

/** Average entry price, quote coin; null when flat. */
export const averageEntry = (holding: Holding): DecimalText | null =>
  isZero(holding.quantityBase) ? null : divide(holding.costQuote, holding.quantityBase);

/** @param mark quote coin. */
export const unrealisedQuote = (holding: Holding, mark: DecimalText): DecimalText =>
  add(multiply(holding.quantityBase, mark), negate(holding.costQuote));

/**
 * Exact decimals as text, for money and quantities at rest; arithmetic by big.js.
 *
 * Statistics stay float64; the border between the two is rounding to lots, and the ledger.
 */
import Big from 'big.js';

declare const brand: unique symbol;
/** Plain decimal notation, no exponent: "0.012", "-5". */
export type DecimalText = string & { readonly [brand]: 'DecimalText' };

type Operand = DecimalText | string | number;

const text = (value: Big): DecimalText => value.toFixed() as DecimalText;

/** @throws Error when the input is not a finite decimal number. */
export const decimal = (value: Operand): DecimalText => text(new Big(value));

export const zero: DecimalText = decimal(0);

export const add = (a: Operand, b: Operand): DecimalText => text(new Big(a).plus(b));
export const subtract = (a: Operand, b: Operand): DecimalText => text(new Big(a).minus(b));
export const multiply = (a: Operand, b: Operand): DecimalText => text(new Big(a).times(b));
export const negate = (a: Operand): DecimalText => text(new Big(a).neg());
export const absolute = (a: Operand): DecimalText => text(new Big(a).abs());

/** -1, 0 or 1. */
export const compare = (a: Operand, b: Operand): number => new Big(a).cmp(b);
export const sign = (a: Operand): number => new Big(a).cmp(0);
export const minimum = (a: DecimalText, b: DecimalText): DecimalText =>
  compare(a, b) <= 0 ? a : b;
export const isZero = (a: Operand): boolean => new Big(a).eq(0);

export const toNumber = (a: DecimalText): number => Number(a);

/** Constructors with a precision of their own; made once, since making one costs more than what it is asked. */
const quotient = Big();
quotient.DP = 18;
quotient.RM = 2;
const steps = Big();
steps.DP = 20;

/** a ÷ b, to 18 decimals, half even. */
export const divide = (a: Operand, b: Operand): DecimalText => text(new quotient(a).div(b));

/** The multiple of `step` nearest to `value` in the direction given: down (towards zero), up (away from it), nearest. */
export function toStep(
  value: Operand,
  step: DecimalText,
  direction: 'down' | 'up' | 'nearest',
): DecimalText {
  const rounding = { down: 0, nearest: 1, up: 3 } as const;
  return text(new steps(value).div(step).round(0, rounding[direction]).times(step));
}

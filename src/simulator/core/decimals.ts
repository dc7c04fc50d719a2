/**
 * The border between float prices of the market and the exact decimal text of orders and wallets.
 *
 * A price or quantity on a grid is a whole number of steps; text with the step's decimals names it exactly.
 */
import Big from 'big.js';

/** Decimals of the money that a wallet keeps. */
const moneyDecimals = 8;

/** Number of decimals of a step written without an exponent: 3 for '0.001', 0 for '1' and for '10'. */
export function decimalsOf(step: string): number {
  const point = step.indexOf('.');
  return point < 0 ? 0 : step.length - point - 1;
}

/**
 * The grid point at, below or above a float, as text with the step's decimals.
 *
 * A float within 1e-9 of a step of a grid point counts as that point: 0.07 * 100 is 7.
 */
export function toGrid(value: number, step: string, mode: 'floor' | 'ceil' | 'nearest'): string {
  const size = Number(step);
  const steps = value / size;
  const count =
    mode === 'floor'
      ? Math.floor(steps + 1e-9)
      : mode === 'ceil'
        ? Math.ceil(steps - 1e-9)
        : Math.round(steps);
  return (count * size).toFixed(decimalsOf(step));
}

/** True when the decimal text is a whole number of steps. */
export function isOnGrid(value: string, step: string): boolean {
  return new Big(value).mod(step).eq(0);
}

/** Money as a wallet keeps it: 8 decimals, half away from zero, no trailing zeros. */
export function money(value: Big): string {
  return value.round(moneyDecimals, Big.roundHalfUp).toFixed();
}

/** True for plain decimal text such as '12.5' or '-3'; exponents, blanks and signs other than '-' are not. */
export function isDecimal(text: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(text);
}

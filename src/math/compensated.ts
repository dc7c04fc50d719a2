/**
 * Products and sums as if computed in twice the working precision, for residuals that cancel.
 *
 * Dot2 of Ogita, Rump and Oishi (2005), with the product split by Veltkamp and Dekker since JavaScript has no fused
 * multiply-add. Valid while no product leaves the range 1e-290 … 1e290.
 */
import type { SquareMatrix } from './matrix.ts';

const splitter = 134217729; // 2^27 + 1

/** The sum of values[offset + j] x_j over j < n, in twice the working precision, rounded once. */
function compensatedRowDot(values: Float64Array, offset: number, x: Float64Array, n: number) {
  let sum = 0;
  let correction = 0;
  for (let j = 0; j < n; j++) {
    const a = values[offset + j] as number;
    const b = x[j] as number;
    const product = a * b;
    const aWide = splitter * a;
    const aHigh = aWide - (aWide - a);
    const aLow = a - aHigh;
    const bWide = splitter * b;
    const bHigh = bWide - (bWide - b);
    const bLow = b - bHigh;
    const productError = aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
    const next = sum + product;
    const part = next - sum;
    correction += sum - (next - part) + (product - part) + productError;
    sum = next;
  }
  return sum + correction;
}

/** out = A x with each element rounded once, shapes (n, n) and (n,). */
export function multiplyCompensated(matrix: SquareMatrix, x: Float64Array, out: Float64Array) {
  const { n, values } = matrix;
  for (let i = 0; i < n; i++) out[i] = compensatedRowDot(values, i * n, x, n);
}

/**
 * All dot products of N columns: the N×N matrix X'X, four by two columns at a time.
 *
 * Eight accumulators keep the processor's registers full and read each value once per block, which is what makes
 * this several times faster than one dot product after another.
 */

/**
 * @param columns N columns of T numbers, nothing missing.
 * @returns N×N row-major, symmetric.
 */
export function crossProducts(columns: readonly Float64Array[]): Float64Array {
  const n = columns.length;
  const bars = columns[0]?.length ?? 0;
  const zero = new Float64Array(bars);
  const at = (index: number): Float64Array => columns[index] ?? zero;
  const products = new Float64Array(n * n);
  const block = new Float64Array(8);
  for (let row = 0; row < n; row += 4) {
    for (let column = row; column < n; column += 2) {
      block4x2(at(row), at(row + 1), at(row + 2), at(row + 3), at(column), at(column + 1), block);
      for (let k = 0; k < 8; k++) {
        const i = row + (k >> 1);
        const j = column + (k & 1);
        if (i >= n || j >= n) continue;
        const value = block[k] ?? 0;
        products[i * n + j] = value;
        products[j * n + i] = value;
      }
    }
  }
  return products;
}

function block4x2(
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
  d: Float64Array,
  x: Float64Array,
  y: Float64Array,
  out: Float64Array,
): void {
  let ax = 0;
  let ay = 0;
  let bx = 0;
  let by = 0;
  let cx = 0;
  let cy = 0;
  let dx = 0;
  let dy = 0;
  for (let t = 0; t < x.length; t++) {
    const xt = x[t] as number;
    const yt = y[t] as number;
    const at = a[t] as number;
    const bt = b[t] as number;
    const ct = c[t] as number;
    const dt = d[t] as number;
    ax += at * xt;
    ay += at * yt;
    bx += bt * xt;
    by += bt * yt;
    cx += ct * xt;
    cy += ct * yt;
    dx += dt * xt;
    dy += dt * yt;
  }
  out[0] = ax;
  out[1] = ay;
  out[2] = bx;
  out[3] = by;
  out[4] = cx;
  out[5] = cy;
  out[6] = dx;
  out[7] = dy;
}

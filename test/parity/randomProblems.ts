/** Seeded matrices for the tests of this folder: chance is an argument, so every failure can be had again. */

export type Chance = () => number;

/** Mulberry32: uniform in 0…1 from a 32-bit seed. */
export function chanceFrom(seed: number): Chance {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Standard normal by Box and Muller. */
export function normalFrom(chance: Chance): number {
  return Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance());
}

/** A random correlation matrix with eigenvalues spread log-uniformly down to about 1 / condition. */
export function randomCorrelation(n: number, condition: number, chance: Chance): number[][] {
  const basis = orthonormalRows(n, chance);
  const eigenvalues = basis.map((_, k) => condition ** (n === 1 ? 0 : -k / (n - 1)));
  const raw = basis.map((_, i) =>
    basis.map((_, j) =>
      eigenvalues.reduce(
        (sum, value, k) => sum + value * (basis[k]?.[i] as number) * (basis[k]?.[j] as number),
        0,
      ),
    ),
  );
  const scale = raw.map((row, i) => Math.sqrt(row[i] as number));
  return raw.map((_, i) =>
    raw.map((_, j) => {
      const [low, high] = i < j ? [i, j] : [j, i];
      const entry = raw[low]?.[high] as number;
      return i === j ? 1 : entry / ((scale[low] as number) * (scale[high] as number));
    }),
  );
}

/** Covariance from correlation and volatilities, exactly symmetric. */
export function covarianceFrom(correlation: number[][], volatility: number[]): number[][] {
  return correlation.map((row, i) =>
    row.map((entry, j) => entry * ((volatility[i] as number) * (volatility[j] as number))),
  );
}

/** Shares w_i (Sigma w)_i / w'Sigma w, in plain double precision. */
export function sharesOf(covariance: number[][], weights: readonly number[]): number[] {
  const contributions = covariance.map(
    (row, i) =>
      (weights[i] as number) * row.reduce((sum, s, j) => sum + s * (weights[j] as number), 0),
  );
  const total = contributions.reduce((sum, value) => sum + value, 0);
  return contributions.map((value) => value / total);
}

/** Gram–Schmidt, twice, on random normal rows. */
function orthonormalRows(n: number, chance: Chance): number[][] {
  const rows: number[][] = [];
  for (let k = 0; k < n; k++) {
    let row = Array.from({ length: n }, () => normalFrom(chance));
    for (const other of [...rows, ...rows]) {
      const along = row.reduce((sum, value, i) => sum + value * (other[i] as number), 0);
      row = row.map((value, i) => value - along * (other[i] as number));
    }
    const length = Math.hypot(...row);
    rows.push(row.map((value) => value / length));
  }
  return rows;
}

/**
 * Anderson acceleration of coordinate descent with a memory of two sweeps (Anderson 1965; Walker and Ni 2011).
 *
 * Each sweep maps z to g(z). The next start is the combination of the last three images whose steps f = g(z) - z, in units of
 * volatility, cancel best. It is taken only where every element stays within a factor of its image.
 */
import type { ParityState, ParitySystem } from './paritySystem.ts';

/** Work space of one problem: one block of seven vectors, as allocations cost more than sweeps of small books. */
export type Accelerator = {
  /** [0, n): z before the sweep; then steps and images of the last three sweeps in turn. */
  readonly block: Float64Array;
  count: number;
};

const factorMax = 4;
const dependentShare = 1e-10;

export function createAccelerator(n: number): Accelerator {
  return { block: new Float64Array(7 * n), count: 0 };
}

/** Keeps z as it is before a sweep. */
export function remember(accelerator: Accelerator, state: ParityState): void {
  accelerator.block.set(state.z);
}

/** Moves z from the image of the last sweep to the combination; allocates nothing. */
export function accelerate(
  accelerator: Accelerator,
  system: ParitySystem,
  state: ParityState,
): void {
  const { block, count } = accelerator;
  const { z } = state;
  const { scale } = system;
  const n = z.length;
  const f = (1 + (count % 3)) * n;
  const f1 = (1 + ((count + 2) % 3)) * n;
  const f2 = (1 + ((count + 1) % 3)) * n;
  const toImage = 3 * n;
  for (let i = 0; i < n; i++) {
    const image = z[i] as number;
    block[f + toImage + i] = image;
    block[f + i] = (image - (block[i] as number)) * (scale[i] as number);
  }
  accelerator.count = count + 1;
  if (count < 2) return;
  let a11 = 0;
  let a12 = 0;
  let a22 = 0;
  let r1 = 0;
  let r2 = 0;
  for (let i = 0; i < n; i++) {
    const fi = block[f + i] as number;
    const middle = block[f1 + i] as number;
    const d1 = fi - middle;
    const d2 = middle - (block[f2 + i] as number);
    a11 += d1 * d1;
    a12 += d1 * d2;
    a22 += d2 * d2;
    r1 += d1 * fi;
    r2 += d2 * fi;
  }
  const determinant = a11 * a22 - a12 * a12;
  if (!(determinant > dependentShare * a11 * a22)) return;
  const share1 = (r1 * a22 - r2 * a12) / determinant;
  const share2 = (r2 * a11 - r1 * a12) / determinant;
  for (let i = 0; i < n; i++) {
    const image = block[f + toImage + i] as number;
    const middle = block[f1 + toImage + i] as number;
    const oldest = block[f2 + toImage + i] as number;
    const next = image - share1 * (image - middle) - share2 * (middle - oldest);
    const ratio = next / image;
    if (!(ratio > 1 / factorMax && ratio < factorMax)) return;
    block[i] = next;
  }
  for (let i = 0; i < n; i++) z[i] = block[i] as number;
}

/**
 * Cyclical coordinate descent for risk parity: each leg in turn takes the exact minimiser of
 * z'Sigma z / 2 - sum(b_i ln |z_i|) along its own axis.
 *
 * Griveau-Billion, Richard and Roncalli (2013), on the convex form of Spinu (2013). Four rows share one pass over the
 * vector; the steps inside the four are carried over exactly, so the iterates are those of the plain method.
 */
import { rowDot } from '../math/matrix.ts';
import type { ParityState, ParitySystem } from './paritySystem.ts';

/**
 * One sweep over all legs; moves z only, each at its sign, and allocates nothing.
 *
 * @returns the largest |z_i (Sigma z)_i - b_i| met on the way, each before its own step.
 */
export function sweep(system: ParitySystem, state: ParityState): number {
  const { n, values } = system.covariance;
  const { budgets } = system;
  const { z } = state;
  let residual = 0;
  let i = 0;
  for (; i + 3 < n; i += 4) {
    const row0 = i * n;
    const row1 = row0 + n;
    const row2 = row1 + n;
    const row3 = row2 + n;
    let sum0 = 0;
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    for (let j = 0; j < n; j++) {
      const zj = z[j] as number;
      sum0 += (values[row0 + j] as number) * zj;
      sum1 += (values[row1 + j] as number) * zj;
      sum2 += (values[row2 + j] as number) * zj;
      sum3 += (values[row3 + j] as number) * zj;
    }
    const z0 = z[i] as number;
    const z1 = z[i + 1] as number;
    const z2 = z[i + 2] as number;
    const z3 = z[i + 3] as number;
    const b0 = budgets[i] as number;
    const b1 = budgets[i + 1] as number;
    const b2 = budgets[i + 2] as number;
    const b3 = budgets[i + 3] as number;
    const next0 = minimiser(values[row0 + i] as number, z0, sum0, b0);
    const move0 = next0 - z0;
    sum1 += (values[row1 + i] as number) * move0;
    sum2 += (values[row2 + i] as number) * move0;
    sum3 += (values[row3 + i] as number) * move0;
    const next1 = minimiser(values[row1 + i + 1] as number, z1, sum1, b1);
    const move1 = next1 - z1;
    sum2 += (values[row2 + i + 1] as number) * move1;
    sum3 += (values[row3 + i + 1] as number) * move1;
    const next2 = minimiser(values[row2 + i + 2] as number, z2, sum2, b2);
    sum3 += (values[row3 + i + 2] as number) * (next2 - z2);
    z[i] = next0;
    z[i + 1] = next1;
    z[i + 2] = next2;
    z[i + 3] = minimiser(values[row3 + i + 3] as number, z3, sum3, b3);
    const worst01 = Math.max(Math.abs(z0 * sum0 - b0), Math.abs(z1 * sum1 - b1));
    const worst23 = Math.max(Math.abs(z2 * sum2 - b2), Math.abs(z3 * sum3 - b3));
    residual = Math.max(residual, worst01, worst23);
  }
  for (; i < n; i++) {
    const before = z[i] as number;
    const budget = budgets[i] as number;
    const sum = rowDot(values, i * n, z, n);
    z[i] = minimiser(values[i * n + i] as number, before, sum, budget);
    residual = Math.max(residual, Math.abs(before * sum - budget));
  }
  return residual;
}

/** Below this relative change one Newton step along the axis stands in for the root. */
const smallChange = 0.125;

/**
 * The root of variance z² + c z - budget = 0 on z's side of zero, c = sum - variance z, without cancellation.
 *
 * Next to the root a Newton step is as good, and its division does not wait for the sum: half the time of a small sweep.
 */
function minimiser(variance: number, z: number, sum: number, budget: number): number {
  const change = (budget - z * sum) * (1 / (variance * z * z + budget));
  if (change < smallChange && change > -smallChange) return z + z * change;
  const rest = sum - variance * z;
  const c = z > 0 ? rest : -rest;
  const root = Math.sqrt(c * c + 4 * variance * budget);
  const magnitude = c > 0 ? (2 * budget) / (c + root) : (root - c) / (2 * variance);
  return z > 0 ? magnitude : -magnitude;
}

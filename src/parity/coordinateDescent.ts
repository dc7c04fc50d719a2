/**
 * Cyclical coordinate descent for risk parity: each leg in turn takes the exact minimiser of
 * y'Cy / 2 - sum(b_i ln y_i) along its own axis.
 *
 * Griveau-Billion, Richard and Roncalli (2013), on the convex form of Spinu (2013). Four rows share one pass over the
 * vector; the steps inside the four are carried over exactly, so the iterates are those of the plain method.
 */
import { rowDot } from '../math/matrix.ts';
import type { ParityState, ParitySystem } from './paritySystem.ts';

/**
 * One sweep over all legs; allocates nothing.
 *
 * @returns the largest |y_i (Cy)_i - b_i| met on the way, each before its own step.
 */
export function sweep(system: ParitySystem, state: ParityState): number {
  const { n, values } = system.covariance;
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
    residual = Math.max(residual, Math.abs(residualOf(system, state, i, sum0)));
    const step0 = stepLeg(system, state, i, sum0);
    sum1 += (values[row1 + i] as number) * step0;
    sum2 += (values[row2 + i] as number) * step0;
    sum3 += (values[row3 + i] as number) * step0;
    residual = Math.max(residual, Math.abs(residualOf(system, state, i + 1, sum1)));
    const step1 = stepLeg(system, state, i + 1, sum1);
    sum2 += (values[row2 + i + 1] as number) * step1;
    sum3 += (values[row3 + i + 1] as number) * step1;
    residual = Math.max(residual, Math.abs(residualOf(system, state, i + 2, sum2)));
    const step2 = stepLeg(system, state, i + 2, sum2);
    sum3 += (values[row3 + i + 2] as number) * step2;
    residual = Math.max(residual, Math.abs(residualOf(system, state, i + 3, sum3)));
    stepLeg(system, state, i + 3, sum3);
  }
  for (; i < n; i++) {
    const sum = rowDot(values, i * n, z, n);
    residual = Math.max(residual, Math.abs(residualOf(system, state, i, sum)));
    stepLeg(system, state, i, sum);
  }
  return residual;
}

/** y_i (Cy)_i - b_i, where sum = (Sigma z)_i. */
function residualOf(system: ParitySystem, state: ParityState, i: number, sum: number): number {
  return (state.z[i] as number) * sum - (system.budgets[i] as number);
}

/** Moves y_i to the positive root of y² + c y - b = 0, c = (Cy)_i - y_i; returns the change of z_i. */
function stepLeg(system: ParitySystem, state: ParityState, i: number, sum: number): number {
  const scale = system.scale[i] as number;
  const budget = system.budgets[i] as number;
  const before = state.z[i] as number;
  const c = sum / scale - (state.y[i] as number);
  const root = Math.sqrt(c * c + 4 * budget);
  const y = c > 0 ? (2 * budget) / (c + root) : (root - c) / 2;
  const after = y / scale;
  state.y[i] = y;
  state.z[i] = after;
  return after - before;
}

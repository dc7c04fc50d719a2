/**
 * Damped Newton for risk parity in logarithmic steps: (Y C Y + diag b) u = b - Y C y, then y_i += t y_i u_i.
 *
 * The function y'Cy / 2 - sum(b_i ln y_i) is convex and self-concordant (Spinu 2013), so with a line search this
 * converges from anywhere that has a minimum; near it, quadratically. The line search is on the slope along the step,
 * which is exact where differences of the function have drowned in rounding.
 */
import { factorCholesky, solveCholesky } from '../math/cholesky.ts';
import { multiply, type SquareMatrix } from '../math/matrix.ts';
import { evaluate, type ParityState, type ParitySystem, setElement } from './paritySystem.ts';

/** Work space of one problem. */
export type NewtonSpace = {
  readonly hessian: SquareMatrix;
  readonly step: Float64Array;
  readonly stepScaled: Float64Array;
  readonly stepProduct: Float64Array;
};

export function createNewtonSpace(n: number): NewtonSpace {
  return {
    hessian: { n, values: new Float64Array(n * n) },
    step: new Float64Array(n),
    stepScaled: new Float64Array(n),
    stepProduct: new Float64Array(n),
  };
}

/**
 * One step from a state whose gradient is current; the gradient is current again afterwards.
 *
 * @param isCompensated residuals in twice the working precision: the polish of nearly singular problems.
 * @returns false where the matrix is not positive definite even with the barrier, and no step was taken.
 */
export function newtonStep(
  system: ParitySystem,
  state: ParityState,
  space: NewtonSpace,
  isCompensated: boolean,
): boolean {
  fillHessian(system, state, space.hessian);
  if (!factorCholesky(space.hessian)) return false;
  const { n } = system.covariance;
  const { y, gradient } = state;
  const { step } = space;
  for (let i = 0; i < n; i++) {
    step[i] = (system.budgets[i] as number) - (y[i] as number) * (gradient[i] as number);
  }
  solveCholesky(space.hessian, step);
  const length = lineSearch(system, state, space);
  for (let i = 0; i < n; i++) {
    setElement(system, state, i, (y[i] as number) * (1 + length * (step[i] as number)));
  }
  evaluate(system, state, isCompensated);
  return true;
}

/** The lower triangle of Y C Y + diag b, which is z_i Sigma_ij z_j + b_i on the diagonal. */
function fillHessian(system: ParitySystem, state: ParityState, hessian: SquareMatrix): void {
  const { n, values } = system.covariance;
  const { z } = state;
  for (let i = 0; i < n; i++) {
    const zi = z[i] as number;
    const row = i * n;
    for (let j = 0; j <= i; j++) {
      hessian.values[row + j] = zi * (values[row + j] as number) * (z[j] as number);
    }
    hessian.values[row + i] = (hessian.values[row + i] as number) + (system.budgets[i] as number);
  }
}

/** The longest of 1, 1/2, 1/4 … short of the wall y = 0 that does not climb again by half of the first slope. */
function lineSearch(system: ParitySystem, state: ParityState, space: NewtonSpace): number {
  const { n } = system.covariance;
  const { step, stepScaled, stepProduct } = space;
  let length = 1;
  for (let i = 0; i < n; i++) {
    const u = step[i] as number;
    if (u < 0) length = Math.min(length, -0.95 / u);
    stepScaled[i] = (state.z[i] as number) * u;
  }
  multiply(system.covariance, stepScaled, stepProduct);
  const atStart = Math.abs(slope(system, state, space, 0));
  for (let tries = 0; tries < 40; tries++) {
    if (slope(system, state, space, length) <= 0.5 * atStart + 1e-16) return length;
    length /= 2;
  }
  return length;
}

/** The derivative of the function at y (1 + length u) along the step. */
function slope(system: ParitySystem, state: ParityState, space: NewtonSpace, length: number) {
  const { n } = system.covariance;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const u = space.step[i] as number;
    const linear = (state.y[i] as number) * u * (state.gradient[i] as number);
    const square = (space.stepScaled[i] as number) * (space.stepProduct[i] as number);
    sum += linear + length * square - ((system.budgets[i] as number) * u) / (1 + length * u);
  }
  return sum;
}

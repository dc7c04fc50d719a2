/**
 * The system that risk parity solves, and its residual.
 *
 * Solve y_i (Cy)_i = b_i, y > 0, for the correlation matrix C at the given signs. C is never formed: with
 * z_i = y_i / s_i and s_i the signed volatility, (Cy)_i = (Sigma z)_i / s_i. So the arithmetic is scale-free, the
 * covariance is read once per product, and the residual is that of the original space.
 */
import { multiplyCompensated } from '../math/compensated.ts';
import { multiply, type SquareMatrix } from '../math/matrix.ts';

/** Legs with a positive budget only. */
export type ParitySystem = {
  /** n×n, symmetric, positive diagonal. */
  readonly covariance: SquareMatrix;
  /** Signed volatility of each leg: sign × sqrt(covariance[i][i]), shape (n,). */
  readonly scale: Float64Array;
  /** Risk budgets, positive, summing to one, shape (n,). */
  readonly budgets: Float64Array;
};

/** The iterate and the products that belong to it, allocated once per problem. */
export type ParityState = {
  /** Volatility-scaled magnitudes |z| sigma, positive, shape (n,); as of the last product. */
  readonly y: Float64Array;
  /** y / scale: weights before they are normalised, signed. */
  readonly z: Float64Array;
  /** Cy, as of the last product. */
  readonly gradient: Float64Array;
};

/** A start at y (copied), or where every leg would stand if the legs were uncorrelated. */
export function createState(system: ParitySystem, start?: Float64Array): ParityState {
  const n = system.covariance.n;
  const state = { y: new Float64Array(n), z: new Float64Array(n), gradient: new Float64Array(n) };
  for (let i = 0; i < n; i++) {
    const plain = Math.sqrt(system.budgets[i] as number);
    const given = start?.[i] ?? plain;
    setElement(system, state, i, given > 1e-9 * plain && given < 1e9 * plain ? given : plain);
  }
  return state;
}

/** Sets y_i and the z_i that belongs to it. */
export function setElement(system: ParitySystem, state: ParityState, i: number, value: number) {
  state.y[i] = value;
  state.z[i] = value / (system.scale[i] as number);
}

/**
 * Recomputes y and the gradient from z and returns the quadratic form y'Cy.
 *
 * @param isCompensated in twice the working precision, where the legs nearly cancel.
 */
export function evaluate(system: ParitySystem, state: ParityState, isCompensated: boolean): number {
  const { n } = system.covariance;
  const { y, z, gradient } = state;
  if (isCompensated) multiplyCompensated(system.covariance, z, gradient);
  else multiply(system.covariance, z, gradient);
  let form = 0;
  for (let i = 0; i < n; i++) {
    const scale = system.scale[i] as number;
    y[i] = (z[i] as number) * scale;
    gradient[i] = (gradient[i] as number) / scale;
    form += (y[i] as number) * (gradient[i] as number);
  }
  return form;
}

/** Scales the state so that y'Cy = 1, given its present value. */
export function normalise(system: ParitySystem, state: ParityState, form: number): void {
  const factor = 1 / Math.sqrt(form);
  const { n } = system.covariance;
  for (let i = 0; i < n; i++) {
    setElement(system, state, i, (state.y[i] as number) * factor);
    state.gradient[i] = (state.gradient[i] as number) * factor;
  }
}

/** The largest distance of a risk share y_i (Cy)_i / y'Cy from its budget. */
export function gapOf(system: ParitySystem, state: ParityState, form: number): number {
  const { n } = system.covariance;
  let gap = 0;
  for (let i = 0; i < n; i++) {
    const share = ((state.y[i] as number) * (state.gradient[i] as number)) / form;
    const distance = Math.abs(share - (system.budgets[i] as number));
    if (!(distance <= gap)) gap = distance;
  }
  return gap;
}

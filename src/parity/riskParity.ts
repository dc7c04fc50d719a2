/**
 * Risk-parity weights: every leg contributes its budgeted share of portfolio risk.
 *
 * Minimises the convex y'Cy / 2 - sum(b_i ln y_i) of Spinu (2013) in correlation space: cyclical coordinate descent
 * (Griveau-Billion, Richard and Roncalli 2013), accelerated, while that is the cheaper way, Newton with a line search
 * where it is not, and Newton on compensated residuals as the polish of nearly singular problems.
 */
import { accelerate, createAccelerator, remember } from './acceleration.ts';
import { sweep } from './coordinateDescent.ts';
import { createNewtonSpace, newtonStep } from './newton.ts';
import {
  createState,
  evaluate,
  gapOf,
  normalise,
  type ParityState,
  type ParitySystem,
} from './paritySystem.ts';

const sweepsMax = 5000;
const newtonStepsMax = 100;
const polishStepsMax = 12;

/** A state with y'Cy = 1, and how far it is from the budgets. */
export type RiskParitySolution = {
  readonly isConverged: boolean;
  readonly state: ParityState;
  /** The largest |risk share - budget|, recomputed from the final state. */
  readonly gap: number;
  readonly method: string;
  readonly iterations: number;
};

/** Progress of one solve. */
type Progress = { method: string; iterations: number; gap: number };

/**
 * Solves y_i (Cy)_i = b_i for y > 0; z of the state is then proportional to the weights.
 *
 * @param tolerance the gap to reach, a share of the portfolio's risk.
 * @param start y of an earlier solution, shape (n,), any scale.
 * @returns the solution, or the last state with `isConverged` false; never NaN in an answer that converged.
 */
export function riskParity(
  system: ParitySystem,
  tolerance: number,
  start?: Float64Array,
): RiskParitySolution {
  const state = createState(system, start);
  const progress: Progress = { method: 'coordinate-descent', iterations: 0, gap: Infinity };
  settle(system, state, progress, false);
  if (!(progress.gap <= tolerance)) descend(system, state, progress, tolerance);
  if (!(progress.gap <= tolerance)) newton(system, state, progress, tolerance);
  if (isCancelling(state, tolerance)) polish(system, state, progress, tolerance);
  return { isConverged: progress.gap <= tolerance, state, ...progress };
}

/** Recomputes gradient and gap, and scales the state to y'Cy = 1 where it has risk. */
function settle(
  system: ParitySystem,
  state: ParityState,
  progress: Progress,
  isCompensated: boolean,
): void {
  const form = evaluate(system, state, isCompensated);
  progress.gap = form > 0 ? gapOf(system, state, form) : Infinity;
  if (form > 0) normalise(system, state, form);
}

/** Sweeps until the gap is met or Newton would be the cheaper way to go on. */
function descend(
  system: ParitySystem,
  state: ParityState,
  progress: Progress,
  tolerance: number,
): void {
  const newtonStepSweeps = system.covariance.n / 6 + 4;
  const accelerator = createAccelerator(system.covariance.n);
  let previous = progress.gap;
  for (let count = 1; count <= sweepsMax; count++) {
    remember(accelerator, state);
    const residual = sweep(system, state);
    progress.iterations += 1;
    const contraction = Math.min(residual / previous, 0.999);
    // A combination that led away is dropped with the memory that it came from.
    if (residual > previous) accelerator.count = 0;
    previous = residual;
    if (residual * Math.max(contraction, 0.05) <= 0.5 * tolerance) {
      settle(system, state, progress, false);
      if (progress.gap <= tolerance) return;
    }
    if (count >= 5) {
      const sweepsLeft = Math.log(tolerance / residual) / Math.log(contraction);
      const newtonSteps = residual < 1e-5 ? 3 : 5;
      if (!(sweepsLeft <= newtonSteps * newtonStepSweeps)) break;
    }
    accelerate(accelerator, system, state);
  }
  settle(system, state, progress, false);
}

function newton(
  system: ParitySystem,
  state: ParityState,
  progress: Progress,
  tolerance: number,
): void {
  const space = createNewtonSpace(system.covariance.n);
  progress.method = 'coordinate-descent+newton';
  let stalled = 0;
  for (let count = 0; count < newtonStepsMax && stalled < 4; count++) {
    const before = progress.gap;
    if (!newtonStep(system, state, space, false)) return;
    progress.iterations += 1;
    settle(system, state, progress, false);
    if (progress.gap <= tolerance) return;
    stalled = progress.gap < 1e-4 && progress.gap > 0.5 * before ? stalled + 1 : 0;
  }
}

/** Whether rounding in y_i (Cy)_i, about eps × max y × sum y at y'Cy = 1, could hide a gap of the tolerance. */
function isCancelling(state: ParityState, tolerance: number): boolean {
  let largest = 0;
  let sum = 0;
  for (let i = 0; i < state.y.length; i++) {
    const y = state.y[i] as number;
    largest = Math.max(largest, y);
    sum += y;
  }
  return !(16 * Number.EPSILON * largest * sum <= tolerance);
}

/** Newton on compensated residuals, for as long as the gap shrinks. */
function polish(
  system: ParitySystem,
  state: ParityState,
  progress: Progress,
  tolerance: number,
): void {
  const space = createNewtonSpace(system.covariance.n);
  progress.method = 'coordinate-descent+newton+polish';
  settle(system, state, progress, true);
  const best = { y: state.y.slice(), gap: progress.gap };
  for (let count = 0; count < polishStepsMax; count++) {
    if (!newtonStep(system, state, space, true)) break;
    progress.iterations += 1;
    settle(system, state, progress, true);
    if (!(progress.gap < best.gap)) break;
    best.y.set(state.y);
    best.gap = progress.gap;
    if (best.gap <= 1e-3 * tolerance) break;
  }
  state.y.set(best.y);
  for (const [i, scale] of system.scale.entries()) state.z[i] = (best.y[i] as number) / scale;
  settle(system, state, progress, true);
}

/**
 * The answers to a weighting problem: a weight that misses its tolerance is never among them.
 */
import type { Fault } from './weightsProblem.ts';

/** What had to be done to the input before it could be answered. */
export type WeightsRepair = {
  readonly code: 'COVARIANCE_REPAIRED';
  /** Of the correlation matrix as it came. */
  readonly minEigenvalue: number;
  readonly correlationChangeMax: number;
};

export type WeightsConverged = {
  readonly kind: 'converged';
  /** N, signed, sum of magnitudes one. */
  readonly weights: number[];
  /** N, sum one: w_i (Sigma w)_i / w'Sigma w; for cvar-parity shares of the expected shortfall. */
  readonly riskShares: number[];
  /** sqrt(w'Sigma w), in the covariance's own period. */
  readonly volatility: number;
  /** The largest |riskShare - budget|; for factor-parity of the factors' shares. */
  readonly worstGap: number;
  readonly method: string;
  readonly iterations: number;
  readonly repairs: readonly WeightsRepair[];
  /** factor-parity: K + 1 shares of the variance, the residual last. */
  readonly factorShares?: number[];
  /** cvar-parity: the expected shortfall of the weights, per bar. */
  readonly expectedShortfall?: number;
};

export type WeightsRefusal = {
  readonly kind: 'notConverged' | 'infeasible';
  readonly reason: string;
  readonly worstGap?: number;
  readonly method?: string;
  readonly iterations?: number;
  readonly repairs: readonly WeightsRepair[];
};

export type WeightsInvalid = { readonly kind: 'invalid'; readonly faults: readonly Fault[] };

export type WeightsAnswer = WeightsConverged | WeightsRefusal | WeightsInvalid;

/** What an objective hands back: magnitudes of the active legs (any scale), or why there are none. */
export type ObjectiveOutcome =
  | {
      readonly kind: 'solved';
      readonly magnitudes: ArrayLike<number>;
      readonly method: string;
      readonly iterations: number;
      /** Where the objective's own risk measure is not the variance. */
      readonly riskShares?: ArrayLike<number>;
      readonly worstGap?: number;
      readonly factorShares?: number[];
      readonly expectedShortfall?: number;
    }
  | {
      readonly kind: 'notConverged' | 'infeasible';
      readonly reason: string;
      readonly worstGap?: number;
      readonly method?: string;
      readonly iterations?: number;
    };

/**
 * What a weighting problem is, as a caller states it and as the solvers see it once checked.
 */
import type { Linkage, WeightsObjective } from '../domain/objective.ts';
import type { SquareMatrix } from '../math/matrix.ts';

type Vector = readonly number[];

/** N legs, in universe order; the names are those of the `weights` command's JSON. */
export type WeightsProblem = {
  /** N×N; this or `returns` (both only for cvar-parity). */
  readonly covariance?: readonly Vector[] | SquareMatrix;
  /** T×N, oldest first; stands for its sample covariance (ddof 1). */
  readonly returns?: readonly Vector[];
  /** Default risk-parity. */
  readonly objective?: WeightsObjective;
  /** N, not negative, normalised to sum one; zero leaves the leg out. Default equal. */
  readonly budgets?: Vector;
  /** Legs of each group; one group may lie inside another. */
  readonly groups?: Readonly<Record<string, Vector>>;
  /** Share of each group in the budget of the group around it, or of the portfolio. */
  readonly groupBudgets?: Readonly<Record<string, number>>;
  /** N of 1 or -1. Default 1. */
  readonly signs?: Vector;
  /** N, on signed weights; the side of zero that the sign excludes does not bind. */
  readonly lowerBounds?: Vector;
  readonly upperBounds?: Vector;
  /** cvar-parity: the tail is the worst 1 - confidence of the bars. Default 0.95. */
  readonly confidence?: number;
  /** factor-parity: N×K. */
  readonly loadings?: readonly Vector[];
  /** K shares of the factors' risk, or K + 1 shares of the whole with the residual last. Default K equal. */
  readonly factorBudgets?: Vector;
  /** hierarchical-risk-parity. Default single. */
  readonly linkage?: Linkage;
  /** The largest |risk share - budget| that counts as met. Default 1e-10. */
  readonly tolerance?: number;
  /** N weights of an earlier answer, where the search starts. */
  readonly warmStart?: Vector;
};

/** A problem without faults, defaults filled in, covariance symmetric. */
export type CheckedProblem = {
  readonly objective: WeightsObjective;
  readonly n: number;
  readonly covariance: SquareMatrix;
  readonly returns: readonly Vector[] | null;
  /** Sum one. */
  readonly budgets: Vector;
  readonly signs: Vector;
  /** On magnitudes |w|: 0 ≤ lower, upper ≤ 1. */
  readonly lower: Vector;
  readonly upper: Vector;
  readonly confidence: number;
  readonly loadings: readonly Vector[] | null;
  readonly factorBudgets: Vector | null;
  readonly linkage: Linkage;
  readonly tolerance: number;
  readonly warmStart: Vector | null;
};

/** One thing wrong with the input. `path` is as in JSON, e.g. covariance[0][1]. */
export type Fault = { readonly path: string; readonly code: FaultCode; readonly message: string };

export type FaultCode =
  | 'MISSING'
  | 'UNKNOWN_KEY'
  | 'WRONG_TYPE'
  | 'WRONG_LENGTH'
  | 'NOT_FINITE'
  | 'OUT_OF_RANGE'
  | 'NOT_SYMMETRIC'
  | 'NOT_POSITIVE_SEMIDEFINITE'
  | 'BOUNDS_CROSSED'
  | 'BUDGETS_EMPTY'
  | 'GROUPS_OVERLAP'
  | 'GROUP_UNKNOWN'
  | 'LEG_REPEATED'
  | 'NOT_APPLICABLE'
  | 'NOT_JSON'
  | 'TOO_MANY_FAULTS';

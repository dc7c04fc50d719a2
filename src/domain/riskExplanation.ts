/** The risk part of an explanation: who contributes what to the book's risk, forecast and realised. */
import type { LegId, VenueId } from './ids.ts';

/** Euler's: the absolute ones of everything add up to the volatility of the whole, the relative ones to one. */
export type RiskContribution = {
  /** Change of the volatility per USD more, a year. */
  readonly marginal: number;
  /** USD a year. */
  readonly absoluteUsd: number;
  readonly relativeShare: number;
};

/** What a later estimate needs of this one. */
export type LastLegEstimate = {
  readonly baseVolatilityAnnual: number;
  /** By the other legs that were estimated then. */
  readonly correlation: Readonly<Record<string, number>>;
};

export type LegContribution = RiskContribution & {
  readonly leg: LegId;
  /** Null: there was no estimate. */
  readonly estimate: LastLegEstimate | null;
};

/** Coins that lie at a venue for no leg: what its default, or theirs, takes beside the legs. */
export type CollateralContribution = RiskContribution & {
  readonly venue: VenueId;
  readonly coin: string;
  readonly idleUsd: number;
};

export type SharedContribution = {
  readonly name: string;
  readonly absoluteUsd: number;
  readonly relativeShare: number;
};

/** Losses within a day are positive, USD; components by leg in universe order, adding up. */
export type TailFigure = {
  readonly valueAtRiskUsd: number;
  readonly expectedShortfallUsd: number;
  readonly shortfallByLegUsd: readonly number[];
};

export type RealisedRisk =
  | {
      readonly kind: 'realised';
      readonly bars: number;
      /** Of what was held over these bars, share of today's equity. */
      readonly volatilityAnnual: number;
      /** By leg, universe order, summing to one; beside it stand the budgets. */
      readonly riskShares: readonly number[];
    }
  | { readonly kind: 'insufficientHistory'; readonly bars: number };

export type RiskExplanation = {
  /** Legs at their targets with the collateral that then lies idle; the ceiling holds for the legs alone. */
  readonly volatilityAnnual: number;
  readonly legs: readonly LegContribution[];
  readonly collateral: readonly CollateralContribution[];
  /** Legs of one group; legs without one under their id. */
  readonly groups: readonly SharedContribution[];
  /** Legs and collateral. */
  readonly venues: readonly SharedContribution[];
  /** Of the legs' variance; `residual` last. */
  readonly factors: readonly SharedContribution[];
  /** Of the legs; null: nothing is held. */
  readonly effectiveBets: number | null;
  readonly diversificationRatio: number | null;
  readonly tail: {
    readonly confidence: number;
    readonly horizonMs: number;
    /** By the forecast covariance of the legs. */
    readonly normal: TailFigure;
    /** By the days of the look-back; null: too few of them with every leg. */
    readonly cornishFisher: TailFigure | null;
    readonly historical: TailFigure | null;
    readonly days: number;
  };
  readonly realised: RealisedRisk;
};

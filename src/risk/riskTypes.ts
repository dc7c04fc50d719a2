/** What the daemon's risk estimate takes and gives. Vectors follow the universe on the way in. */
import type { CovarianceRepair } from './positiveSemiDefinite.ts';

/** Jumps of a coin against the book's unit: a Poisson rate and the root mean square of the size. */
export type Jump = {
  /** The coin that jumps: legs with the same factor fall together. */
  readonly factor: string;
  readonly ratePerYear: number;
  /** Share of the leg's notional. */
  readonly sizeRms: number;
};

/** Capital that lies at a venue because of the leg, per USD of its notional. */
export type VenueCapital = { readonly venueIndex: number; readonly capitalShare: number };

export type VenueRisk = {
  readonly defaultProbabilityAnnual: number;
  readonly lossGivenDefault: number;
};

/** From an earlier `LegRisk`, see `lastEstimateOf`. */
export type LastEstimate = {
  readonly baseVolatilityAnnual: number;
  /** By leg of the universe; null: not known then. */
  readonly correlation: readonly (number | null)[];
};

export type LegRiskTraits = {
  readonly volatilityFloorAnnual: number;
  readonly jump: Jump | null;
  readonly desmooth: boolean;
  readonly venueCapital: readonly VenueCapital[];
  readonly held: boolean;
  readonly lastEstimate: LastEstimate | null;
  /** Implied by options on the underlying, where there are any. */
  readonly impliedVolatilityAnnual?: number;
  /** What hedging demand adds to the forecast, a share of it; capped by `demandRaiseShareMax`, never below 0. */
  readonly demandRaiseShare?: number;
};

export type RiskSettings = {
  readonly barsPerYear: number;
  readonly volatilityHalfLifeBars: number;
  readonly correlationHalfLifeBars: number;
  /** Towards the leg's variance over the whole window, 0…1. */
  readonly volatilityShrinkageShare: number;
  /** Towards no correlation, 0…1. */
  readonly correlationShrinkageShare: number;
  readonly historyBarsMin: number;
  /** A leg whose newest bar is older than this has stopped. */
  readonly staleBarsMax: number;
  /** Weight of the implied variance where there is one, 0…1. */
  readonly impliedShare: number;
  readonly demandRaiseShareMax: number;
};

export type RiskInput = {
  /** N legs × T simple returns, oldest first, null = missing. */
  readonly returnsByLeg: readonly (readonly (number | null)[])[];
  readonly legs: readonly LegRiskTraits[];
  readonly venues: readonly VenueRisk[];
  readonly settings: RiskSettings;
};

export type LeftOutLeg =
  | {
      readonly legIndex: number;
      readonly held: boolean;
      readonly code: 'HISTORY_TOO_SHORT';
      readonly barsPresent: number;
      readonly barsRequired: number;
    }
  | {
      readonly legIndex: number;
      readonly held: boolean;
      readonly code: 'DATA_STOPPED';
      readonly barsSinceLast: number;
      readonly barsAllowed: number;
    }
  | {
      readonly legIndex: number;
      readonly held: boolean;
      readonly code: 'NO_VARIANCE';
      readonly barsPresent: number;
    };

/** How one leg's volatility came about: total² = base² + jump + venue. */
export type LegRisk = {
  readonly legIndex: number;
  /** `lastEstimate`: data stopped while held; the position may not grow. */
  readonly source: 'sample' | 'lastEstimate';
  readonly barsPresent: number;
  readonly effectiveBars: number;
  readonly sampleVolatilityAnnual: number;
  /** Lag-one autocorrelation taken out; 0: none. */
  readonly desmoothingPhi: number;
  readonly floorApplied: boolean;
  /** max(sample after blend and demand, floor). */
  readonly baseVolatilityAnnual: number;
  readonly jumpVarianceAnnual: number;
  readonly venueVarianceAnnual: number;
};

export type RiskRepair =
  | CovarianceRepair
  | {
      /** The pair had too few common bars: its last estimate, or the mean of the known ones, stands in. */
      readonly code: 'CORRELATION_ASSUMED';
      readonly legIndices: readonly [number, number];
      readonly correlation: number;
      readonly commonBars: number;
    };

export type RiskEstimate = {
  readonly kind: 'estimated';
  /** Element k of every vector below belongs to leg `legIndices[k]` of the universe. */
  readonly legIndices: readonly number[];
  readonly volatilityAnnual: readonly number[];
  readonly correlation: readonly (readonly number[])[];
  readonly covarianceAnnual: readonly (readonly number[])[];
  /** Before jumps and venues: what a later estimate falls back on. */
  readonly baseCorrelation: readonly (readonly number[])[];
  readonly legs: readonly LegRisk[];
  readonly leftOut: readonly LeftOutLeg[];
  readonly repairs: readonly RiskRepair[];
};

export type InsufficientHistory = {
  readonly kind: 'insufficientHistory';
  readonly leftOut: readonly LeftOutLeg[];
};

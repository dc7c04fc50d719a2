/** The policy: what a person decided beforehand. The config file, parsed; stored beside every decision. */
import type { Leg } from './leg.ts';
import type { Environment } from './venue.ts';

export type Objective = {
  readonly kind:
    | 'risk-parity'
    | 'inverse-volatility'
    | 'equal-weight'
    | 'minimum-variance'
    | 'maximum-diversification'
    | 'hierarchical-risk-parity';
  /** Risk parity only: share by group, normalised; null: groups have no say. */
  readonly groupBudgets: Readonly<Record<string, number>> | null;
  readonly tolerance: number;
};

export type RiskPolicy = {
  readonly barMs: number;
  readonly lookbackBars: number;
  readonly historyBarsMin: number;
  readonly volatilityHalfLifeBars: number;
  readonly correlationHalfLifeBars: number;
  /** Towards no correlation. */
  readonly correlationShrinkage: number;
  /** Least annual volatility of a stablecoin leg and of any other. */
  readonly stableVolatilityFloorAnnual: number;
  readonly volatilityFloorAnnual: number;
  /** Jumps per stablecoin; a coin that is not named has the module's prior. */
  readonly jumps: Readonly<
    Record<string, { readonly ratePerYear: number; readonly sizeShare: number }>
  >;
};

export type SizingPolicy = {
  readonly targetVolatilityAnnual: number;
  readonly grossLeverageMax: number;
  readonly whenCapped: 'parity' | 'exposure';
  /** Share of equity that funded legs and margin may use together. */
  readonly usableEquityShare: number;
  /** In every stress scenario, equity ≥ maintenance × this. */
  readonly stressedMarginBuffer: number;
  /** Floors of the joint moves in the stress set. */
  readonly stressPerpetualShare: number;
  readonly stressStableShare: number;
  readonly stressBasisShare: number;
  readonly worstDayMultiple: number;
  /** Least share of equity between a venue and its liquidation in leverage terms: initial margin ÷ equity at most. */
  readonly initialMarginShareMax: number;
  readonly venueShareMax: number;
  readonly issuerShareMax: number;
  readonly legShareMax: number;
  /** Loss budget for a venue's default, share of NAV: cap = budget ÷ (PD·LGD). */
  readonly venueLossBudgetShare: number;
  readonly lossGivenDefaultShare: number;
  readonly driftBandShare: number;
  /** Funding + basis a carry leg must earn to open, and to stay open. */
  readonly carryOpenAnnual: number;
  readonly carryCloseAnnual: number;
};

export type ExecutionPolicy = {
  readonly style: 'ioc' | 'passive';
  readonly crossAfterMs: number;
  readonly slippageBpsMax: number;
  readonly attemptsMax: number;
  readonly pollMs: number;
  /** How long an order that cannot be found may yet appear: past the venue's receive window. */
  readonly settlingMs: number;
  readonly deadlineMs: number;
  readonly unhedgedUsdMax: number;
  readonly repairMs: number;
  readonly participationShareMax: number;
};

export type LimitsPolicy = {
  readonly orderUsdMax: number;
  readonly orderQuantityShareOfDepthMax: number;
  readonly ordersPerMinuteMax: number;
  readonly priceCollarBps: number;
  readonly repeatsMax: number;
  readonly drawdownHaltShare: number;
  readonly dailyLossHaltShare: number;
  readonly dataAgeMsMax: number;
  /** Of the newest bar's close. */
  readonly barAgeMsMax: number;
  readonly clockOffsetMsMax: number;
  readonly liquidationDistanceShareMin: number;
  /** Symbols or coins that may only be reduced. */
  readonly restricted: readonly string[];
};

export type VenuePolicy = {
  readonly id: string;
  readonly exchange: string;
  readonly environment: Environment;
};

export type Policy = {
  readonly portfolio: string;
  readonly bookUnit: 'stablecoin-median' | 'usdt';
  readonly venues: readonly VenuePolicy[];
  readonly legs: readonly Leg[];
  readonly objective: Objective;
  readonly risk: RiskPolicy;
  readonly sizing: SizingPolicy;
  readonly execution: ExecutionPolicy;
  readonly limits: LimitsPolicy;
};

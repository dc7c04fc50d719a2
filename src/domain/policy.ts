/** The policy: what a person decided beforehand. The config file, parsed; stored beside every decision. */
import type { Leg } from './leg.ts';
import type { Linkage, WeightsObjective } from './objective.ts';
import type { SignalsPolicy } from './signalsPolicy.ts';
import type { Environment } from './venue.ts';

export type Objective = {
  readonly kind: WeightsObjective;
  /**
   * Risk and CVaR parity: share by group; null: groups have no say. A group `crypto/majors` lies inside `crypto`: its share is
   * one of the group around it.
   */
  readonly groupBudgets: Readonly<Record<string, number>> | null;
  /** Factor parity: share of the variance by factor, `residual` among them or not; null for the others. */
  readonly factorBudgets: Readonly<Record<string, number>> | null;
  /** CVaR parity: the tail is the worst 1 - confidence of the bars. */
  readonly confidence: number;
  /** Hierarchical risk parity. */
  readonly linkage: Linkage;
  /** Share of the gross by leg; risk parity, minimum variance and maximum diversification. */
  readonly weightBounds: Readonly<
    Record<string, { readonly min?: number | undefined; readonly max?: number | undefined }>
  >;
  readonly tolerance: number;
};

export type RiskPolicy = {
  readonly barMs: number;
  readonly lookbackBars: number;
  readonly historyBarsMin: number;
  readonly volatilityHalfLifeBars: number;
  readonly correlationHalfLifeBars: number;
  /** Towards the variance over the whole look-back. */
  readonly volatilityShrinkage: number;
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
  /** The drawdown at which the target is down to nothing, in a line; not there: it stays as it is. */
  readonly drawdownMaxShare?: number | undefined;
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
  /** Where a trade ends: at the target, or at the edge of the band that its cost is worth; not there: at the target. */
  readonly tradeTo?: 'target' | 'edge';
  /** What the book is taken to earn a year per unit of its annual risk, which makes a drift worth its cost; not there: 1. */
  readonly rewardPerRisk?: number;
  /** Funding + basis a carry leg must earn to open, and to stay open. */
  readonly carryOpenAnnual: number;
  readonly carryCloseAnnual: number;
};

export type ExecutionPolicy = {
  readonly style: 'ioc' | 'passive' | 'twap' | 'participation';
  /** The pace of twap and participation: over how long, how often, how much of the volume. */
  readonly paceMs?: number;
  readonly paceEveryMs?: number;
  readonly volumeShareMax?: number;
  readonly crossAfterMs: number;
  /** A passive order that is not at the best price is placed anew, looked at so often; not there: it stays where it was. */
  readonly repegEveryMs?: number;
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
  /** Between the venue's margin figures and the model's; not there: they are not compared. */
  readonly marginToleranceShare?: number;
  /** What orders and fills of others do: are told (not there, too), keep new risk out of their instrument, or halt trading. */
  readonly foreignOrders?: 'alert' | 'block' | 'halt';
  /** Between two wallets of one venue, for one decision and coin; not there or 0: none is moved. */
  readonly walletMoveUsdMax?: number;
  /** Of one subject within a day; what still differs then is a person's; not there: 24. */
  readonly adjustmentsPerDayMax?: number;
  /** Symbols or coins that may only be reduced. */
  readonly restricted: readonly string[];
};

export type VenuePolicy = {
  readonly id: string;
  readonly exchange: string;
  readonly environment: Environment;
  /** Of a simulated one: its prices are not those of another simulator. */
  readonly endpoint?: string;
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
  /** Not there: markets are not asked, and nothing but prices has an effect. */
  readonly signals?: SignalsPolicy;
};

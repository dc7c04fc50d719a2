/** The status: what `/api/status`, the page and the `status` command say. Null: not known; names are kept, fields may be added. */
import type { Binding, PortfolioTarget } from '../domain/decision.ts';
import type { Denial } from '../domain/denial.ts';
import type { HedgeReport } from '../domain/hedgeReport.ts';
import type { LegKind } from '../domain/leg.ts';
import type { OrderRecord } from '../domain/order.ts';
import type { RiskContribution, RiskExplanation } from '../domain/riskExplanation.ts';
import type { UnderlyingExplanation } from '../domain/signalsExplanation.ts';
import type { TransferAdvice } from '../domain/transfer.ts';
import type { Environment, VenueState } from '../domain/venue.ts';
import type { inBps } from '../execution/shortfall.ts';
import type { GuardRung } from '../margin/guard.ts';
import type { MarginReading } from '../rebalance/marginWatch.ts';
import type { Discrepancy, RebalanceSummary } from '../rebalance/ports/stores.ts';
import type { PegState } from '../signals/peg.ts';

/** What only the running daemon knows; kept by its watches. */
export type LiveFacts = {
  /** null: the ledger was not yet compared with the venues. */
  readonly reconciledAtMs: number | null;
  /** When a rebalance last ended; null: none has since the start. */
  readonly rebalancedAtMs?: number | null;
  readonly queueUp: boolean;
  /** Newest reading of each venue's account. */
  readonly accounts: ReadonlyMap<string, MarginReading & { readonly atMs: number }>;
};

export type LegStatus = {
  readonly id: string;
  readonly group: string | null;
  readonly kind: LegKind;
  readonly venue: string;
  readonly weight: number | null;
  readonly budget: number;
  readonly riskShare: number | null;
  /** To the whole, collateral included, where `riskShare` is among the legs; null: not known. */
  readonly contribution?: RiskContribution | null;
  /** Of what was held over the last weeks; null: too short a time. */
  readonly realisedRiskShare?: number | null;
  readonly targetUsd: number | null;
  /** By the ledger, at the marks of the last decision. */
  readonly positionUsd: number | null;
  readonly binding: Binding | null;
  readonly leftOut: string | null;
};

export type VenueStatus = {
  readonly id: string;
  readonly exchange: string;
  readonly environment: Environment;
  /** Unknown where the last look is too old. */
  readonly state: VenueState;
  readonly evidence: readonly string[];
  /** null: never looked at. */
  readonly lookAgeMs?: number | null;
  /** Lent coins included. */
  readonly equityUsd: number | null;
  readonly marginRatio: number | null;
  readonly capUsd: number | null;
  readonly defaultProbabilityAnnual: number | null;
  /** On the margin guard's ladder; null: the guard never looked. */
  readonly guardRung?: GuardRung | null;
  /** Of the nearest position; null: none can be liquidated. */
  readonly liquidationDistanceShare: number | null;
  /** Net, all time, paid positive. */
  readonly fundingPaidUsd: number | null;
};

export type RebalanceStatus = {
  readonly id: string;
  /** How it ended, or `running`. */
  readonly state: string;
  readonly trigger: RebalanceSummary['trigger'];
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  readonly ordersSent: number;
  readonly ordersDenied: number;
  readonly fills: number;
  /** Of the last one: what it cost against its decision's marks, bps by part; null: nothing was filled. */
  readonly shortfallBps?: ReturnType<typeof inBps>;
};

export type OrderStatus = Pick<
  OrderRecord,
  'venue' | 'symbol' | 'action' | 'state' | 'quantityBase' | 'filledBase' | 'limitPrice'
> & { readonly id: string; readonly ageMs: number };

/** The last decision's risk, and how its weights were found. */
export type RiskStatus = Omit<RiskExplanation, 'legs'> & {
  readonly solver: PortfolioTarget['solver'];
  readonly repairs: readonly string[];
};

export type Status = {
  readonly version: string;
  readonly portfolio: string;
  readonly nowMs: number;
  /** `database`: read while no daemon was asked. */
  readonly source: 'daemon' | 'database';
  readonly halted: boolean;
  readonly haltReason: string | null;
  readonly ready: boolean;
  readonly reasons: readonly string[];
  /** When ledger and venues were last compared; null: not since the daemon's start, or no daemon was asked. */
  readonly reconciledAtMs: number | null;
  /** Increases are forbidden until then by the margin watch; null: they are not. */
  readonly noIncreaseUntilMs: number | null;
  readonly equityUsd: number | null;
  readonly targetVolatilityAnnual: number;
  readonly forecastVolatilityAnnual: number | null;
  readonly grossLeverage: number | null;
  readonly grossLeverageMax: number;
  readonly binding: Binding | null;
  /** null: the last decision knew too little to say. */
  readonly risk?: RiskStatus | null;
  /** What markets said beside prices at the last decision, per coin at a venue; empty: nobody asked. */
  readonly signals?: readonly UnderlyingExplanation[];
  /** The overlay for coins that lie elsewhere, at the last decision. */
  readonly hedges?: readonly HedgeReport[];
  /** What a person may move so that more of the book can be had. */
  readonly transfers?: readonly TransferAdvice[];
  /** Stablecoins that the depeg watch does not call pegged. */
  readonly pegs?: Readonly<Record<string, PegState>>;
  /** Why the last decision was to stand; null: it was to trade. */
  readonly stand: { readonly code: string; readonly reason: string } | null;
  readonly legs: readonly LegStatus[];
  readonly venues: readonly VenueStatus[];
  readonly lastRebalance: RebalanceStatus | null;
  readonly recentRebalances: readonly RebalanceStatus[];
  readonly denials: readonly Denial[];
  readonly openOrders: number;
  readonly orders: readonly OrderStatus[];
  readonly discrepancies: readonly Discrepancy[];
  readonly dataAgesMs: Readonly<Record<string, number | null>>;
};

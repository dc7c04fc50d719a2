/** The decision: trade or stand, with the full explanation of every size. Stored with its snapshot and policy. */
import type { DecimalText } from './decimal.ts';
import type { Denial } from './denial.ts';
import type { HedgeReport } from './hedgeReport.ts';
import type { InstrumentId, LegId, RebalanceId } from './ids.ts';
import type { PlannedOrder } from './order.ts';
import type { RiskExplanation } from './riskExplanation.ts';
import type { UnderlyingExplanation } from './signalsExplanation.ts';
import type { TransferAdvice } from './transfer.ts';

/** What keeps a leg or the book below what risk parity at the volatility target would give it. */
export type Binding = {
  readonly code:
    | 'TARGET_VOLATILITY'
    | 'GROSS_LEVERAGE'
    | 'CASH'
    | 'INITIAL_MARGIN'
    | 'STRESSED_MARGIN'
    | 'VENUE_CAP'
    | 'ISSUER_CAP'
    | 'LEG_CAP'
    | 'LIQUIDITY'
    | 'QUOTA'
    | 'CARRY_GATE'
    | 'DATA_GATE'
    | 'VENUE_STATE'
    | 'PEG_STATE'
    | 'HEDGE';
  /** What it holds back, USD; what would lift it stands in `lifts`. */
  readonly shortfallUsd: number;
  readonly lifts: string;
};

export type LegTarget = {
  readonly leg: LegId;
  readonly budget: number;
  /** Share of gross, signed; 0 where the leg is left out. */
  readonly weight: number;
  readonly riskShare: number;
  readonly volatilityAnnual: number | null;
  /** Signed by direction for a perpetual, positive for the rest; USD notional of the leg. */
  readonly targetUsd: number;
  readonly heldUsd: number;
  readonly binding: Binding | null;
  /** A carry leg's gate after this decision, which the next one needs for hysteresis; null for the other kinds. */
  readonly gateOpen: boolean | null;
  /** Why it has no size of its own: too little history, gate closed; null where it has. */
  readonly leftOut: string | null;
};

/** What the legs together want of one instrument. */
export type InstrumentTarget = {
  readonly instrument: InstrumentId;
  readonly targetBase: DecimalText;
  readonly positionBase: DecimalText;
  readonly markUsd: number;
  /** Each leg's part of the target, base units, universe order; sums to the target before rounding. */
  readonly parts: readonly { readonly leg: LegId; readonly targetBase: number }[];
  /** Why nothing is sent although target and position differ. */
  readonly withheld: 'band' | 'lot' | 'minimum' | 'denied' | null;
};

export type PortfolioTarget = {
  readonly equityUsd: number;
  readonly targetVolatilityAnnual: number;
  readonly forecastVolatilityAnnual: number;
  readonly grossLeverage: number;
  readonly fundedUsd: number;
  readonly initialMarginUsd: number;
  readonly binding: Binding | null;
  readonly solver: {
    readonly method: string;
    readonly iterations: number;
    readonly worstGap: number;
  };
  readonly repairs: readonly string[];
};

export type Explanation = {
  readonly legs: readonly LegTarget[];
  readonly instruments: readonly InstrumentTarget[];
  readonly portfolio: PortfolioTarget;
  /** Who contributes what to the book's risk. Not there in decisions of versions that did not say. */
  readonly risk?: RiskExplanation;
  /** What the markets said beside prices. Not there where nobody asked. */
  readonly signals?: readonly UnderlyingExplanation[];
  /** What a person may move; not there where nothing would be gained. */
  readonly transfers?: readonly TransferAdvice[];
  /** One per coin that lies elsewhere; not there without such coins. */
  readonly hedges?: readonly HedgeReport[];
};

export type StandCode =
  | 'HALTED'
  | 'UNIT_UNKNOWN'
  | 'POSITION_UNKNOWN'
  | 'EQUITY_UNKNOWN'
  | 'MARK_UNKNOWN'
  | 'INSUFFICIENT_HISTORY'
  | 'NOT_CONVERGED'
  | 'WITHIN_BANDS'
  | 'ALL_DENIED';

export type TradeDecision = {
  readonly kind: 'trade';
  readonly rebalanceId: RebalanceId;
  readonly decidedAtMs: number;
  readonly deadlineMs: number;
  /** Approved, in the order in which they are sent. */
  readonly orders: readonly PlannedOrder[];
  readonly denials: readonly Denial[];
  readonly explanation: Explanation;
};

export type StandDecision = {
  readonly kind: 'stand';
  readonly rebalanceId: RebalanceId;
  readonly decidedAtMs: number;
  readonly deadlineMs: number;
  readonly code: StandCode;
  readonly reason: string;
  readonly denials: readonly Denial[];
  /** null: it was not known enough to size anything. */
  readonly explanation: Explanation | null;
};

export type Decision = TradeDecision | StandDecision;

/**
 * The snapshot: all that `decide` may know, read once, stored with the decision.
 *
 * Vectors follow the universe: element i belongs to leg i. JSON-safe: no NaN, no Map; missing bars are null.
 */
import type { DecimalText } from './decimal.ts';
import type { InstrumentId, LegId, RebalanceId } from './ids.ts';
import type { Instrument } from './instrument.ts';
import type { MarketSignals } from './marketSignals.ts';
import type { Observed } from './observed.ts';
import type { OrderRecord } from './order.ts';
import type { LastLegEstimate } from './riskExplanation.ts';
import type { AccountReading, VenueHealth, VenueIdentity } from './venue.ts';

/** `flatten`: a person closes everything; `guard`: the margin guard acts. Their orders `decide` did not make. */
export type Trigger = 'schedule' | 'drift' | 'manual' | 'flatten' | 'guard';

export type Quote = {
  /** All in the quote coin. */
  readonly bid: number;
  readonly ask: number;
  readonly mark: number;
  readonly index: number | null;
  /** Value resting within 10 bps of the middle on the thinner side, quote coin. */
  readonly depthQuote: number;
};

export type FundingReading = {
  readonly rate: number;
  readonly intervalMs: number;
  readonly nextMs: number;
};

export type SettledFunding = { readonly atMs: number; readonly rate: number };

export type YieldReading = {
  readonly yieldAnnual: number;
  /** What may still be subscribed, coins; null: no limit stated. */
  readonly quotaBase: number | null;
  readonly available: boolean;
};

export type InstrumentObservation = {
  readonly instrument: Instrument;
  /** An earn product's quote is one coin for one. */
  readonly quote: Observed<Quote>;
  readonly funding: Observed<FundingReading> | null;
  /** Rates that were settled in the last days, oldest first; not there where none is known. */
  readonly settledFunding?: readonly SettledFunding[];
  /** The same without their times, which older snapshots do not state: taken as settled at the present interval. */
  readonly settledFundingRates?: readonly number[];
  readonly yield: Observed<YieldReading> | null;
  /** Signed; a spot market's is the wallet's coins, an earn product's the coins lent. */
  readonly positionBase: Observed<DecimalText>;
};

export type VenueObservation = VenueIdentity & {
  readonly account: Observed<AccountReading>;
  readonly health: VenueHealth;
  readonly clockOffsetMs: Observed<number>;
  readonly ordersLastMinute: number;
  /** When its instruments were read, where that failed this time; not there: for this snapshot. */
  readonly instrumentsAtMs?: number;
};

/** USD per coin under the book's unit; a coin without a mark is not in it. */
export type BookUnit =
  | {
      readonly kind: 'known';
      readonly index: string;
      readonly usdByCoin: Readonly<Record<string, number>>;
    }
  | { readonly kind: 'unknown'; readonly reason: string };

export type PreviousDecision = {
  readonly rebalanceId: RebalanceId;
  readonly decidedAtMs: number;
  readonly weights: Readonly<Record<string, number>>;
  /** Last estimate of each leg, for one whose data stop while it is held. */
  readonly volatilityAnnual: Readonly<Record<string, number>>;
  /** The same before jumps and venues, with correlations by leg: what the next estimate falls back on. */
  readonly lastEstimates?: Readonly<Record<string, LastLegEstimate>>;
  /** Carry legs whose gate was open. */
  readonly gatesOpen: Readonly<Record<string, boolean>>;
};

export type Snapshot = {
  readonly schema: 1;
  readonly portfolio: string;
  readonly installation: string;
  readonly rebalanceId: RebalanceId;
  readonly trigger: Trigger;
  readonly observedAtMs: number;
  readonly unit: BookUnit;
  readonly legs: readonly LegId[];
  /** N legs × T bars, oldest first, simple returns; null: missing. */
  readonly returnsByLeg: readonly (readonly (number | null)[])[];
  /** Simple returns of coins that are held elsewhere and hedged here, T bars like those of the legs. */
  readonly hedgedReturns?: Readonly<Record<string, readonly (number | null)[]>>;
  readonly lastBarCloseMs: number;
  /** Worst |simple return| over one day on record, per leg; null: no whole day is known. */
  readonly worstDayByLeg: readonly (number | null)[];
  /** What each leg holds of each instrument by the ledger, exact; fills are attributed by it. */
  readonly holdings: readonly {
    readonly instrument: InstrumentId;
    readonly leg: LegId | null;
    readonly amount: DecimalText;
  }[];
  /** Signed value of what each leg holds by the ledger, USD, by its first exposure. */
  readonly heldUsdByLeg: readonly number[];
  /**
   * The same at the start of each of the newest bars of `returnsByLeg`, N legs × up to T; no longer than there were holdings,
   * not there where the ledger cannot tell.
   */
  readonly heldUsdByLegByBar?: readonly (readonly number[])[];
  readonly instruments: readonly InstrumentObservation[];
  readonly venues: readonly VenueObservation[];
  /** Orders of ours that are not ended: their risk counts. */
  readonly openOrders: readonly OrderRecord[];
  readonly halt: { readonly halted: boolean; readonly reason: string | null };
  /** What the markets say beside prices; not there where nobody asked. */
  readonly signals?: MarketSignals;
  /** Stablecoins that the depeg watch does not call pegged; left out where all are. */
  readonly pegs?: Readonly<Record<string, 'pegged' | 'restrict' | 'exit'>>;
  readonly discrepancies: number;
  /** Where others have been at work of late and the config refuses that; not there: nowhere. */
  readonly foreignInstruments?: readonly InstrumentId[];
  readonly previous: PreviousDecision | null;
  /** Equity adjusted for deposits and withdrawals; null before the first decision. */
  readonly peakEquityUsd: number | null;
  readonly dayStartEquityUsd: number | null;
  /** Attempts since the last fill, per instrument: the throttle on repeated execution. */
  readonly repeatsByInstrument: Readonly<Record<InstrumentId, number>>;
};

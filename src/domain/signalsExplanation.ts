/** The signals part of an explanation: per coin at a venue what its basis, its liquidity and the demand for protection were. */
import type { InstrumentId, VenueId } from './ids.ts';

export type BasisExplanation = {
  /** Of the dated future nearest to a quarter; of the perpetual, as if it closed within a month, where there are none. */
  readonly of: 'future' | 'perpetual';
  /** Simple, 365 days. */
  readonly annual: number;
  /** Against its last month; null: too few readings, or none that differ. */
  readonly z: number | null;
  readonly state: 'contango' | 'flat' | 'backwardation';
};

/** Each null where the venue does not offer it, or it could not be read. */
export type LiquidityExplanation = {
  readonly instrument: InstrumentId;
  readonly volumeDailyUsd: number | null;
  readonly volatilityDaily: number | null;
  /** Volume of a day ÷ open interest. */
  readonly turnoverRatio: number | null;
  readonly spreadShare: number | null;
  readonly depth10Usd: number | null;
  readonly depth50Usd: number | null;
  readonly amihudPerUsd: number | null;
  /** USD per coin and coin traded. */
  readonly kyleLambda: number | null;
  /** Of the target or the position, whichever is larger: what leaving it at once would move, and the days that leaving takes. */
  readonly impactBps: number | null;
  readonly exitDays: number | null;
};

export type UnderlyingExplanation = {
  readonly venue: VenueId;
  readonly underlying: string;
  /** Null: not known. */
  readonly basis: BasisExplanation | null;
  /** Funding and basis of long spot and short perpetual, before costs; null: no such pair in the book, or not known. */
  readonly carryAnnual: number | null;
  /** Until that has paid for the round trip; null: never, or not known. */
  readonly breakEvenDays: number | null;
  /** Null: nothing was read that could be compared. */
  readonly demand: {
    readonly score: number;
    readonly parts: Readonly<Record<string, number>>;
  } | null;
  /** What the demand added to the forecast, a share of it. */
  readonly forecastRaiseShare: number;
  readonly impliedAnnual: number | null;
  readonly liquidity: readonly LiquidityExplanation[];
  /** Parts that could not be read, each with its reason. */
  readonly unread: readonly string[];
};

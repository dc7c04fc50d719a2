/**
 * An instrument: what one order can buy or sell at one venue.
 *
 * A perpetual (linear, settled in its quote coin), a spot market, or an earn product (a coin lent to the venue; one unit
 * is one coin, the price is always one coin). Quantities are in base units everywhere inside; contracts exist in adapters only.
 */
import type { DecimalText } from './decimal.ts';
import type { InstrumentId, VenueId } from './ids.ts';

export type MarginTier = {
  readonly floorUsd: number;
  readonly capUsd: number | null;
  readonly maintenanceMarginRate: number;
  readonly deductionUsd: number;
  readonly leverageMax: number;
};

export type InstrumentKind = 'perpetual' | 'spot' | 'earn';

export type Instrument = {
  readonly id: InstrumentId;
  readonly venue: VenueId;
  readonly kind: InstrumentKind;
  /** Unified: BTC/USDT:USDT, ETH/USDT, earn:USDC. */
  readonly symbol: string;
  readonly baseCoin: string;
  /** The coin in which the price is stated; for an earn product its own coin. */
  readonly quoteCoin: string;
  readonly quantityStepBase: DecimalText;
  readonly quantityMinBase: DecimalText;
  readonly quantityMaxBase: DecimalText | null;
  readonly priceTick: DecimalText;
  /** Least order value in the quote coin; 0 where the venue has none. */
  readonly notionalMinQuote: number;
  /** An order that only reduces may be of less value; left out where the venue does not allow it, or is not known to. */
  readonly reducesBelowMinimum?: boolean;
  readonly takerFeeRate: number;
  readonly makerFeeRate: number;
  /** Perpetuals only; empty otherwise. */
  readonly tiers: readonly MarginTier[];
  /** Perpetuals only; 0 otherwise. */
  readonly fundingIntervalMs: number;
  /** Earn products only; 0 otherwise. */
  readonly redemptionMs: number;
};

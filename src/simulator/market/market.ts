/**
 * What the simulated exchange knows about the world outside it: instruments, prices, funding and yields by time.
 *
 * Two sources fill it, a seeded generator and recorded files; the matching and margin core sees only this interface.
 * Every answer is a pure function of its arguments, so nothing has to be stored and a restart sees the same world.
 * All times are milliseconds since 1970 UTC; all prices are quote coin per base coin.
 */

import type { MarginTier } from '../../domain/instrument.ts';

export type Category = 'linear' | 'spot';

/** One risk bracket, as the one margin model has it. */
export type RiskTier = MarginTier;

/** Decimal strings are exact, as a venue sends them; quantities are in base coin, notionals in quote coin. */
export type SimulatedInstrument = {
  /** The venue's own name: BTCUSDT. Spot and linear may share it. */
  readonly symbol: string;
  readonly category: Category;
  readonly baseCoin: string;
  /** Linear contracts settle in it. */
  readonly quoteCoin: string;
  readonly tickSize: string;
  readonly quantityStep: string;
  readonly quantityMin: string;
  readonly quantityMax: string;
  readonly notionalMin: string;
  readonly leverageMax: number;
  /** Fraction of the notional: 0.00055 is 5.5 bp. */
  readonly takerFeeRate: string;
  readonly makerFeeRate: string;
  /** 0 for spot. */
  readonly fundingIntervalMs: number;
  /** Absolute cap of a funding rate per settlement; 0 for spot. */
  readonly fundingRateCap: number;
  readonly launchMs: number;
  /** When a dated future is settled at the index; not there for spot and perpetuals. */
  readonly deliveryMs?: number;
  /** Empty for spot; ascending, without gaps, the last uncapped. */
  readonly tiers: readonly RiskTier[];
};

/** A flexible saving product: stake and redeem at any time, interest accrues at the apr. */
export type EarnProduct = {
  readonly productId: string;
  readonly coin: string;
  /** Decimal text, in the coin. */
  readonly stakeMin: string;
  readonly stakeMax: string;
  /** Decimals of an amount staked or redeemed. */
  readonly precision: number;
  /** From a redemption's acceptance to the coin's arrival. */
  readonly redemptionMs: number;
};

export type CandleKind = 'last' | 'mark' | 'index';

/** One hour [openMs, openMs + 3600000). Volume is 0 for mark and index. */
export type Candle = {
  readonly openMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volumeBase: number;
};

export type Quote = {
  readonly last: number;
  readonly mark: number;
  readonly index: number;
  /** Full spread between best bid and best ask. */
  readonly spreadBps: number;
  /** Quote notional within 10 bps of the middle, on each side. */
  readonly depthUsd: number;
};

export type Market = {
  readonly instruments: readonly SimulatedInstrument[];
  readonly earnProducts: readonly EarnProduct[];
  /** Every coin with a USD index, those of the instruments and of the earn products included. */
  readonly coins: readonly string[];
  readonly startMs: number;
  /** Exclusive; null: endless. */
  readonly endMs: number | null;
  /** Assumptions stated in plain words: derived funding, assumed yield, substituted prices. */
  readonly notes: readonly string[];
  /**
   * Complete hourly candles with fromMs <= openMs and openMs + 3600000 <= toMs, oldest first. The current, incomplete
   * hour is never among them. Empty for an unknown instrument or a span outside the market's.
   */
  candles(
    category: Category,
    symbol: string,
    kind: CandleKind,
    fromMs: number,
    toMs: number,
  ): readonly Candle[];
  /** undefined: unknown, not trading yet or any more, or an outage of the venue. */
  quote(category: Category, symbol: string, atMs: number): Quote | undefined;
  /** Rate that longs pay shorts at a settlement stamp; undefined off the interval's multiples or where none is known. */
  fundingRate(symbol: string, settlementMs: number): number | undefined;
  /** USD per coin, the venue's own index; USDT is included and moves with its peg. */
  usdIndex(coin: string, atMs: number): number | undefined;
  /** Simple rate, fraction per year of 365 days. */
  earnAprAt(productId: string, atMs: number): number | undefined;
};

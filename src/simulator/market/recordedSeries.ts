/** Recorded data as the recorded market takes them: parsed, ascending, nothing filled in. Reading files is not its job. */

import type { Candle } from './market.ts';

export type FundingSettlement = { readonly timestampMs: number; readonly rate: number };

export type PriceObservation = { readonly timestampMs: number; readonly priceUsd: number };

export type RecordedSymbol = {
  /** BTCUSDT. */
  readonly symbol: string;
  readonly baseCoin: string;
  readonly linearLaunchMs: number;
  /** Hourly candles of the perpetual. */
  readonly last: readonly Candle[];
  /** Empty where no mark was recorded. */
  readonly mark: readonly Candle[];
  /** Spot against USDT; a missing hour is an outage. Empty where there is none. */
  readonly spot: readonly Candle[];
  readonly spotLaunchMs: number;
  /** Every eight hours; missing stamps are derived by the market. */
  readonly funding: readonly FundingSettlement[];
  /** Which recordings the settlements come from, in plain words. */
  readonly fundingSource: string;
};

export type RecordedStable = {
  readonly coin: string;
  /** Candles of the coin against USDT; hours may be missing. Empty for USDT itself. */
  readonly pair: readonly Candle[];
  /** Prices in USD at any stamps, ascending, from before the first hour. */
  readonly usd: readonly PriceObservation[];
};

export type RecordedSeries = {
  /** Whole hours; candles lie in [fromMs, toMs). */
  readonly fromMs: number;
  readonly toMs: number;
  readonly symbols: readonly RecordedSymbol[];
  /** USDT among them, because every price is in it. */
  readonly stables: readonly RecordedStable[];
};

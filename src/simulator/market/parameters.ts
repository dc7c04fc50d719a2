/** What the generator assumes of each coin; round figures near those of 2025, for demonstration, not for inference. */

export type AssetParameters = {
  readonly coin: string;
  /** Price at the epoch and the level to which it reverts. */
  readonly anchorUsd: number;
  readonly volatilityAnnual: number;
  /** Share of the variance that is the common factor's. */
  readonly factorShare: number;
  /** Mean hourly volumes, USD. */
  readonly perpetualVolumeUsd: number;
  readonly spotVolumeUsd: number;
};

export type StableParameters = {
  readonly coin: string;
  /** Stationary volatility of the peg's noise, a fraction. */
  readonly noiseVolatility: number;
  readonly depegsPerYear: number;
  /** Mean size of a depeg, a fraction of the price (exponentially distributed). */
  readonly depegMean: number;
};

function asset(
  coin: string,
  anchorUsd: number,
  volatilityAnnual: number,
  factorShare: number,
  perpetualVolumeUsd: number,
): AssetParameters {
  const spotVolumeUsd = perpetualVolumeUsd / 5;
  return { coin, anchorUsd, volatilityAnnual, factorShare, perpetualVolumeUsd, spotVolumeUsd };
}

export const ASSETS: readonly AssetParameters[] = [
  asset('BTC', 100_000, 0.5, 0.8, 500e6),
  asset('ETH', 3_500, 0.7, 0.75, 300e6),
  asset('SOL', 200, 0.85, 0.65, 120e6),
  asset('XRP', 2.5, 0.8, 0.5, 60e6),
  asset('DOGE', 0.3, 0.95, 0.6, 40e6),
  asset('ADA', 0.9, 0.85, 0.6, 15e6),
  asset('AVAX', 35, 0.85, 0.6, 12e6),
  asset('BNB', 650, 0.55, 0.55, 20e6),
  asset('LINK', 20, 0.85, 0.6, 15e6),
  asset('LTC', 100, 0.75, 0.55, 12e6),
];

/** USDT first: it is the coin in which all others are quoted. */
export const STABLES: readonly StableParameters[] = [
  { coin: 'USDT', noiseVolatility: 0.0003, depegsPerYear: 0.3, depegMean: 0.01 },
  { coin: 'USDC', noiseVolatility: 0.0002, depegsPerYear: 0.3, depegMean: 0.02 },
  { coin: 'USDE', noiseVolatility: 0.0006, depegsPerYear: 0.7, depegMean: 0.03 },
];

/** Hourly volume of a stablecoin's pair against USDT, USD. */
export const STABLE_VOLUME_USD = 20e6;

/** Median simple yields of flexible saving, fractions per year. */
export const EARN_APR_MEDIAN: Readonly<Record<string, number>> = { USDT: 0.045, USDC: 0.04 };

/**
 * Jumps of stablecoins: how often a coin loses 5 % or more against its unit, and how much then.
 *
 * Rates and sizes are posterior means, so a coin without events is never without risk:
 *   rate = (events + 1) / (years + 3)     prior: one event in three years, worth three years of watching
 *   size² = (prior² + sum J²) / (1 + events)  prior 12.5 %, the median of the coins' worst days, worth one event
 * Only what happened before `asOfMs` counts, so that a backtest does not know the future. Source of the lows: the
 * published depeg reports of 2018–2025; dates of first trading are rounded to the month.
 */
import type { Jump } from './riskTypes.ts';

type Depeg = { readonly coin: string; readonly atMs: number; readonly low: number };

const PRIOR_EVENTS = 1;
const PRIOR_YEARS = 3;
const PRIOR_SIZE = 0.125;
const YEAR_MS = 365 * 24 * 3600 * 1000;
/** Nobody has written down what happened after this. */
const RECORDED_UNTIL_MS = Date.UTC(2025, 10, 1);

/** One row per event, at the lowest published price of any venue. */
const DEPEGS: readonly Depeg[] = [
  { coin: 'USDT', atMs: Date.UTC(2018, 9, 15), low: 0.87 },
  { coin: 'UST', atMs: Date.UTC(2022, 4, 11), low: 0.2998 },
  { coin: 'USDT', atMs: Date.UTC(2022, 4, 12), low: 0.95 },
  { coin: 'USDT', atMs: Date.UTC(2022, 10, 10), low: 0.93 },
  { coin: 'USDC', atMs: Date.UTC(2023, 2, 11), low: 0.877 },
  { coin: 'DAI', atMs: Date.UTC(2023, 2, 11), low: 0.88 },
  { coin: 'FDUSD', atMs: Date.UTC(2025, 3, 2), low: 0.8726 },
  { coin: 'USDE', atMs: Date.UTC(2025, 9, 10), low: 0.65 },
];

const TRADED_SINCE_MS: Readonly<Record<string, number>> = {
  USDT: Date.UTC(2015, 2, 1),
  DAI: Date.UTC(2017, 11, 1),
  TUSD: Date.UTC(2018, 2, 1),
  USDP: Date.UTC(2018, 8, 1),
  USDC: Date.UTC(2018, 9, 1),
  BUSD: Date.UTC(2019, 8, 1),
  UST: Date.UTC(2020, 8, 1),
  FDUSD: Date.UTC(2023, 6, 1),
  PYUSD: Date.UTC(2023, 7, 1),
  USDE: Date.UTC(2024, 1, 1),
};

/**
 * @param coin e.g. USDC, any case; a coin that is not in the tables has the prior: 1/3 a year, 12.5 %.
 * @param asOfMs what was known then.
 */
export function stablecoinJump(coin: string, asOfMs: number): Jump {
  const factor = coin.toUpperCase();
  const untilMs = Math.min(asOfMs, RECORDED_UNTIL_MS);
  const events = DEPEGS.filter((event) => event.coin === factor && event.atMs < untilMs);
  const sinceMs = TRADED_SINCE_MS[factor] ?? untilMs;
  const years = Math.max(0, untilMs - sinceMs) / YEAR_MS;
  const squares = events.reduce((sum, event) => sum + (1 - event.low) ** 2, 0);
  return {
    factor,
    ratePerYear: (PRIOR_EVENTS + events.length) / (PRIOR_YEARS + years),
    sizeRms: Math.sqrt((PRIOR_EVENTS * PRIOR_SIZE ** 2 + squares) / (PRIOR_EVENTS + events.length)),
  };
}

/**
 * Annual second moment of jumps shared by two legs: lambda·J_a·J_b where one coin moves both, else 0.
 *
 * Legs that state different rates for one coin share the smaller one.
 */
export function jumpCovarianceAnnual(a: Jump | null, b: Jump | null): number {
  if (a === null || b === null || a.factor !== b.factor) return 0;
  return Math.min(a.ratePerYear, b.ratePerYear) * a.sizeRms * b.sizeRms;
}

/** sqrt(sigma² + lambda·E[J²]). */
export function jumpAdjustedVolatility(volatilityAnnual: number, jump: Jump): number {
  return Math.sqrt(volatilityAnnual ** 2 + jumpCovarianceAnnual(jump, jump));
}

/**
 * A board of options for a coin: strikes around the forward, implied volatilities on a smile, prices and greeks.
 *
 * Black (1976) without discounting. At the money the variance fades from the realised one of the last week towards
 * 0.55 a year over a month and carries a premium of 10 %; in standardised moneyness m = ln(K/F) / (s sqrt T) the
 * smile is s (1 - 0.05 m + 0.02 m^2): puts are dearer, as they mostly are.
 */
import { dateCode, quarterEnds } from './futures.ts';

const dayMs = 86_400_000;
const yearMs = 365 * dayMs;
const longRunVolatility = 0.55;
const fadeDays = 30;
const premiumRatio = 1.1;

export type OptionRow = {
  /** BTC-26JUN26-100000-C-USDT */
  readonly symbol: string;
  readonly baseCoin: string;
  readonly isCall: boolean;
  readonly strike: number;
  readonly launchMs: number;
  readonly deliveryMs: number;
  readonly forward: number;
  readonly impliedVolatility: number;
  readonly price: number;
  readonly delta: number;
  readonly gamma: number;
  readonly vega: number;
  readonly theta: number;
  /** Contracts of one coin. */
  readonly openInterest: number;
  readonly volume24h: number;
};

export type OptionWorld = {
  readonly coin: string;
  readonly index: number;
  /** Of the last week, a fraction per square-root year. */
  readonly realisedVolatility: number;
  /** Forward basis, a fraction per year. */
  readonly basisAnnual: number;
};

/** Every option that is listed at a time, by delivery, strike, call before put. */
export function optionBoard(world: OptionWorld, atMs: number): readonly OptionRow[] {
  const step = niceStep(world.index * 0.05);
  const rows: OptionRow[] = [];
  for (const deliveryMs of deliveries(atMs)) {
    const first = Math.ceil((world.index * 0.6) / step);
    const last = Math.floor((world.index * 1.5) / step);
    for (let multiple = first; multiple <= last; multiple += 1)
      for (const isCall of [true, false])
        rows.push(optionRow(world, deliveryMs, multiple * step, isCall, atMs));
  }
  return rows;
}

function optionRow(
  { coin, index, realisedVolatility, basisAnnual }: OptionWorld,
  deliveryMs: number,
  strike: number,
  isCall: boolean,
  atMs: number,
): OptionRow {
  const years = (deliveryMs - atMs) / yearMs;
  const forward = index * (1 + basisAnnual * years);
  const fade = Math.exp(-(years * 365) / fadeDays);
  const variance = realisedVolatility ** 2 * fade + longRunVolatility ** 2 * (1 - fade);
  const money = premiumRatio * Math.sqrt(variance);
  const moneyness = Math.log(strike / forward) / (money * Math.sqrt(years));
  const m = Math.max(-3, Math.min(3, moneyness));
  const volatility = money * (1 - 0.05 * m + 0.02 * m ** 2);
  const spread = volatility * Math.sqrt(years);
  const d1 = (Math.log(forward / strike) + spread ** 2 / 2) / spread;
  const d2 = d1 - spread;
  const sign = isCall ? 1 : -1;
  const density = Math.exp((-d1 * d1) / 2) / Math.sqrt(2 * Math.PI);
  const weight = Math.exp(-(m ** 2) / 2) / Math.sqrt(1 + years * 4);
  return {
    symbol: `${coin}-${dateCode(deliveryMs)}-${strike}-${isCall ? 'C' : 'P'}-USDT`,
    baseCoin: coin,
    isCall,
    strike,
    launchMs: deliveryMs - 180 * dayMs,
    deliveryMs,
    forward,
    impliedVolatility: volatility,
    price: Math.max(0, sign * (forward * phi(sign * d1) - strike * phi(sign * d2))),
    delta: sign * phi(sign * d1),
    gamma: density / (forward * spread),
    vega: (forward * density * Math.sqrt(years)) / 100,
    theta: -(forward * density * volatility) / (2 * Math.sqrt(years)) / 365,
    openInterest: Math.round((weight * (isCall ? 6e7 : 4e7)) / index),
    volume24h: Math.round((weight * 4e6) / index),
  };
}

/** The next two Fridays and the next three quarters' ends. */
function deliveries(atMs: number): readonly number[] {
  const eight = Math.floor(atMs / dayMs) * dayMs + dayMs / 3;
  const days = (5 - new Date(eight).getUTCDay() + 7) % 7;
  const friday = eight + days * dayMs > atMs ? eight + days * dayMs : eight + (days + 7) * dayMs;
  const fridays = [friday, friday + 7 * dayMs];
  const quarters = quarterEnds(friday + 7 * dayMs, atMs + 300 * dayMs).slice(0, 3);
  return [...fridays, ...quarters];
}

/** 1, 2 or 5 times a power of ten, not above the value. */
function niceStep(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const lead = value / power;
  return (lead >= 5 ? 5 : lead >= 2 ? 2 : 1) * power;
}

/** Normal distribution function; Abramowitz and Stegun 26.2.17, error below 1e-7. */
function phi(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const series =
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * series;
  return x > 0 ? 1 - tail : tail;
}

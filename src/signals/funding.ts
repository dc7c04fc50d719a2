/**
 * Funding of perpetuals: rate from premium, its annual forms, and the cash it moves.
 *
 * F = P + clamp(I - P, -0.05 %, +0.05 %) per eight hours (Binance, Bybit, Hyperliquid); Hyperliquid settles F / 8 each hour on
 * the oracle price. Caps differ by symbol and are read from the venue, so they are arguments.
 */
const CLAMP_RATE = 0.0005;
const INTEREST_RATE_8H = 0.0001;
const YEAR_MS = 365 * 86_400_000;

/** Premium of impact prices over the index: [max(0, bid − index) − max(0, index − ask)] ÷ index. */
export function premiumShare(impactBid: number, impactAsk: number, indexPrice: number): number {
  return (Math.max(0, impactBid - indexPrice) - Math.max(0, indexPrice - impactAsk)) / indexPrice;
}

/** Funding for eight hours; equals the interest rate wherever the premium is within ±0.05 % of it. */
export function fundingRate8h(premium: number, interestRate8h: number = INTEREST_RATE_8H): number {
  return premium + Math.min(CLAMP_RATE, Math.max(-CLAMP_RATE, interestRate8h - premium));
}

/** Notional at which impact prices are read: 200 USDT ÷ initial margin rate at the highest leverage. */
export function impactNotionalUsd(leverageMax: number): number {
  return 200 * leverageMax;
}

/** Simple annual rate of one settlement: rate × settlements a year. Above 0: longs pay. */
export function fundingAnnual(rate: number, intervalMs: number): number {
  return rate * (YEAR_MS / intervalMs);
}

type Settled = { readonly atMs: number; readonly rate: number };

/**
 * Mean funding over time, by the next settlement's interval: Σ rates ÷ the time that they were settled for × that interval.
 *
 * Venues change the interval: eight hours in calm, one in a spike. What was settled counts for the time since the settlement
 * before it, so the oldest one only starts the span.
 * @param settled oldest first, each at a time of its own.
 */
export function meanFundingRate(
  settled: readonly Settled[],
  next: { readonly rate: number; readonly intervalMs: number },
): number {
  const spanMs = (settled.at(-1)?.atMs ?? 0) - (settled[0]?.atMs ?? 0);
  const sum = settled.slice(1).reduce((total, { rate }) => total + rate, 0);
  return (sum + next.rate) * (next.intervalMs / (spanMs + next.intervalMs));
}

/** Each settlement a year by the time since the one before it; one fewer than there are settlements. */
export function settledFundingAnnual(settled: readonly Settled[]): readonly number[] {
  return settled.slice(1).map(({ atMs, rate }, index) => {
    return fundingAnnual(rate, atMs - (settled[index]?.atMs ?? atMs));
  });
}

/** Compounded annual rate of one settlement; what Hyperliquid prints as APR. */
export function fundingAnnualCompounded(rate: number, intervalMs: number): number {
  return Math.expm1((YEAR_MS / intervalMs) * Math.log1p(rate));
}

/** Cash that a position receives at a stamp: −signed quantity × mark at the stamp × rate. */
export function fundingCashUsd(quantityBase: number, markPriceUsd: number, rate: number): number {
  // Adding zero turns −0, which a flat position would give, into 0.
  return -quantityBase * markPriceUsd * rate + 0;
}

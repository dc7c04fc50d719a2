/**
 * Spread from prices alone, where no book was recorded.
 *
 * Roll (1984) 10.1111/j.1540-6261.1984.tb03897.x is undefined on trending prices; Corwin and Schultz (2012)
 * 10.1111/j.1540-6261.2012.01729.x can come out below 0 and is then set to 0. So there is an order of preference.
 */

/** Zero-mean first autocovariance of price changes: mean(Δp_t Δp_(t−1)); null below three prices. */
export function bounceCovariance(prices: readonly number[]): number | null {
  const changes = prices.slice(1).map((price, i) => price - (prices[i] ?? price));
  if (changes.length < 2) return null;
  const sum = changes.slice(1).reduce((total, change, i) => total + change * (changes[i] ?? 0), 0);
  return sum / (changes.length - 1);
}

/** Roll's spread 2√−cov, in price; null where the covariance is not below 0. */
export function rollSpread(prices: readonly number[]): number | null {
  const covariance = bounceCovariance(prices);
  return covariance !== null && covariance < 0 ? 2 * Math.sqrt(-covariance) : null;
}

export type HighLow = { readonly high: number; readonly low: number };

/** Corwin–Schultz over two bars: β, γ, α and the relative spread, which may be below 0. */
export function corwinSchultz(
  first: HighLow,
  second: HighLow,
): { readonly beta: number; readonly gamma: number; readonly alpha: number; readonly raw: number } {
  const squared = (high: number, low: number) => Math.log(high / low) ** 2;
  const beta = squared(first.high, first.low) + squared(second.high, second.low);
  const gamma = squared(Math.max(first.high, second.high), Math.min(first.low, second.low));
  const width = 3 - 2 * Math.SQRT2;
  const alpha = (Math.sqrt(2 * beta) - Math.sqrt(beta)) / width - Math.sqrt(gamma / width);
  // 2(e^α − 1) ÷ (1 + e^α) = 2 tanh(α ÷ 2).
  return { beta, gamma, alpha, raw: 2 * Math.tanh(alpha / 2) };
}

/** Mean of the two-bar spreads, each below 0 set to 0; null below two bars. Relative. */
export function corwinSchultzSpread(bars: readonly HighLow[]): number | null {
  if (bars.length < 2) return null;
  let sum = 0;
  for (const [i, bar] of bars.entries()) {
    const before = bars[i - 1];
    if (before !== undefined) sum += Math.max(0, corwinSchultz(before, bar).raw);
  }
  return sum / (bars.length - 1);
}

export type SpreadEstimate = {
  readonly spreadShare: number;
  readonly method: 'quoted' | 'roll' | 'corwinSchultz' | 'floor';
};

/**
 * The best spread that the inputs allow: quoted, else Roll, else Corwin–Schultz, else the floor; never below the floor.
 *
 * @param floorShare least spread to plan with: one tick ÷ price.
 */
export function estimateSpread(input: {
  readonly quotedShare: number | null;
  readonly closes: readonly number[];
  readonly bars: readonly HighLow[];
  readonly floorShare: number;
}): SpreadEstimate {
  const atLeast = (share: number, method: SpreadEstimate['method']): SpreadEstimate =>
    share > input.floorShare
      ? { spreadShare: share, method }
      : { spreadShare: input.floorShare, method: 'floor' };
  if (input.quotedShare !== null) return atLeast(input.quotedShare, 'quoted');
  const roll = rollSpread(input.closes);
  const last = input.closes.at(-1);
  if (roll !== null && last !== undefined) return atLeast(roll / last, 'roll');
  return atLeast(corwinSchultzSpread(input.bars) ?? 0, 'corwinSchultz');
}

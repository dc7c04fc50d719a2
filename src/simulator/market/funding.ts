/**
 * Funding rate from a premium: F = P + clamp(I - P, -0.05 %, +0.05 %), the form of the large exchanges, capped.
 *
 * P is the mean over the interval's hourly closes of perpetual / index - 1; I is 0.01 % for eight hours. Inside the
 * clamp the rate is I itself, which is why most settlements read 0.0001.
 */

const INTEREST_RATE = 0.0001;
const CLAMP_RATE = 0.0005;

export const FUNDING_INTERVAL_MS = 28_800_000;

/**
 * Rounded to eight decimals, as venues publish it.
 *
 * @param premiums hourly premiums of the interval as fractions, at least one.
 * @param capRate absolute cap of one settlement.
 */
export function fundingFromPremiums(premiums: readonly number[], capRate: number): number {
  const premium = premiums.reduce((sum, value) => sum + value, 0) / premiums.length;
  const rate = premium + Math.max(-CLAMP_RATE, Math.min(CLAMP_RATE, INTEREST_RATE - premium));
  const capped = Math.max(-capRate, Math.min(capRate, rate));
  return Math.round(capped * 1e8) / 1e8;
}

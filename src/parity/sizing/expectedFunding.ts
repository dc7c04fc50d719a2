/** The funding that a perpetual is expected to settle: the mean of the last days and of what stands to be settled next. */
import type { FundingReading, InstrumentObservation } from '../../domain/snapshot.ts';
import { meanFundingRate } from '../../signals/funding.ts';

/** By the interval of the next settlement. */
export function expectedFundingRate(
  { settledFunding, settledFundingRates }: InstrumentObservation,
  next: FundingReading,
): number {
  if (settledFunding !== undefined) return meanFundingRate(settledFunding, next);
  const rates = [...(settledFundingRates ?? []), next.rate];
  return rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
}

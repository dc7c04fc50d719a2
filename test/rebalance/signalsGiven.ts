/** Signals of one coin's markets at alpha for tests of what they do: everything offered, nothing out of the ordinary. */
import { instrumentId } from '../../src/domain/ids.ts';
import type {
  InstrumentSignals,
  MarketSignals,
  SeriesValue,
  Signal,
  UnderlyingSignals,
} from '../../src/domain/marketSignals.ts';
import { notOffered } from '../../src/domain/marketSignals.ts';
import { observed } from '../../src/domain/observed.ts';
import type { SignalsPolicy } from '../../src/domain/signalsPolicy.ts';
import { alpha } from './legsGiven.ts';
import { nowMs } from './snapshotWorld.ts';

export const signalsPolicy: SignalsPolicy = {
  ageMsMax: 86_400_000,
  historyDays: 30,
  historyReadingsMin: 20,
  callsMax: 500,
  readMsMax: 15_000,
  impliedShare: 0,
  demandRaiseShareMax: 0,
  exitHorizonDays: 1,
  exitParticipationShare: 0.1,
  impactBpsMax: 10_000,
  impactCoefficient: 1,
  sliceImpactBpsMax: 10_000,
  takeSpreadBpsMax: 10_000,
  basisFlatAnnual: 0.02,
  breakEvenDaysMax: 3_650,
};

/** A reading that lies z deviations from its last month. */
export const atScore = (z: number): Signal<SeriesValue> =>
  observed({ value: 1 + z, history: { readings: 100, mean: 1, deviation: 1 } }, nowMs);

export const series = (value: number): Signal<SeriesValue> =>
  observed({ value, history: { readings: 0, mean: 0, deviation: 0 } }, nowMs);

export function marketOf(
  symbol: string,
  volumeDailyQuote: number,
  change: Partial<InstrumentSignals> = {},
): InstrumentSignals {
  return {
    instrument: instrumentId(alpha, symbol),
    book: observed({ spreadShare: 0.0002, depth10Quote: 1e6, depth50Quote: 3e6 }, nowMs),
    traded: observed(
      { volumeDailyQuote, volatilityDaily: 0.03, amihudPerQuote: 1e-10, kyleLambda: 0.5 },
      nowMs,
    ),
    openInterestQuote: observed(volumeDailyQuote / 2, nowMs),
    ...change,
  };
}

export const underlyingOf = (
  coin: string,
  change: Partial<UnderlyingSignals> = {},
): UnderlyingSignals => ({
  venue: alpha,
  coin,
  perpetualBasis: notOffered,
  futureBasis: notOffered,
  fundingAnnual: notOffered,
  openInterestGrowth: notOffered,
  longShare: notOffered,
  riskReversal: notOffered,
  putCall: notOffered,
  impliedAnnual: notOffered,
  volatilityPremium: notOffered,
  ...change,
});

export const signalsOf = (
  instruments: readonly InstrumentSignals[],
  underlyings: readonly UnderlyingSignals[] = [],
): MarketSignals => ({ instruments, underlyings });

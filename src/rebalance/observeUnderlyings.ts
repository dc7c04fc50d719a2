/** Observes each coin that a perpetual is on, per venue: bases, funding, open interest, who is long; and what options imply of it. */
import type { InstrumentId } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import type {
  SeriesValue,
  Signal,
  TradedSigns,
  UnderlyingSignals,
} from '../domain/marketSignals.ts';
import { notOffered } from '../domain/marketSignals.ts';
import { observed, unknown } from '../domain/observed.ts';
import type { SignalsPolicy } from '../domain/signalsPolicy.ts';
import type { InstrumentObservation } from '../domain/snapshot.ts';
import { fundingAnnual, settledFundingAnnual } from '../signals/funding.ts';
import { growthOver } from '../signals/growth.ts';
import { momentsOf } from '../signals/moments.ts';
import {
  type Asked,
  markOf,
  observeFutureBasis,
  observePerpetualBasis,
  seriesOf,
} from './observeBasis.ts';
import { type OptionSigns, observeOptions } from './observeOptions.ts';
import type { Ports } from './ports.ts';
import { type Ask, beside, newestBeside, remember, remembered } from './signalReadings.ts';

const dayMs = 86_400_000;
const yearDays = 365;

type Given = {
  readonly ask: Ask;
  readonly instruments: readonly InstrumentObservation[];
  readonly asked: readonly Asked[];
  readonly traded: ReadonlyMap<InstrumentId, Signal<TradedSigns>>;
};

export async function observeUnderlyings(
  ports: Ports,
  policy: SignalsPolicy,
  given: Given,
): Promise<{
  readonly underlyings: readonly UnderlyingSignals[];
  readonly openInterest: ReadonlyMap<InstrumentId, Signal<number>>;
}> {
  const perpetuals = given.asked.filter(({ instrument }) => instrument.kind === 'perpetual');
  const first = new Map(
    perpetuals
      .toReversed()
      .map((each) => [`${each.instrument.venue}|${each.instrument.baseCoin}`, each]),
  );
  const subjects = perpetuals.filter((each) => [...first.values()].includes(each));
  const coins = [...new Set(subjects.map(({ instrument }) => instrument.baseCoin))];
  const options = new Map(
    coins.map((coin) => [coin, observeOptions(ports, policy, given.ask, coin)] as const),
  );
  const openInterest = new Map<InstrumentId, Signal<number>>();
  const underlyings = await Promise.all(
    subjects.map(async (subject) => {
      const [crowd, signs] = await Promise.all([
        observeCrowd(ports, policy, given, subject),
        options.get(subject.instrument.baseCoin),
      ]);
      openInterest.set(subject.instrument.id, crowd.openInterestQuote);
      return observeOne(ports, policy, given, { subject, crowd, options: signs ?? null });
    }),
  );
  return { underlyings, openInterest };
}

type Crowd = Pick<UnderlyingSignals, 'openInterestGrowth' | 'longShare'> & {
  readonly openInterestQuote: Signal<number>;
};

async function observeCrowd(
  ports: Ports,
  policy: SignalsPolicy,
  given: Given,
  subject: Asked,
): Promise<Crowd> {
  const { instrument, reader } = subject;
  const nowMs = ports.clock.nowMs();
  const [open, long] = await Promise.all([
    given.ask(() => reader.openInterest(instrument)),
    given.ask(() => reader.longShare(instrument)),
  ]);
  const mark = markOf(given.instruments, instrument.id);
  const series = seriesOf(subject, 'openInterest');
  if (open.kind === 'observed') await remember(ports, series, open.value);
  const growth =
    open.kind === 'observed'
      ? newestBeside(
          growthOver(await remembered(ports, series, policy), dayMs),
          policy.ageMsMax,
          nowMs,
        )
      : open;
  const newest = open.kind === 'observed' ? open.value.at(-1) : undefined;
  return {
    openInterestGrowth: growth,
    longShare: long.kind === 'observed' ? newestBeside(long.value, policy.ageMsMax, nowMs) : long,
    openInterestQuote:
      open.kind !== 'observed'
        ? open
        : newest === undefined || mark === null
          ? unknown(`open interest or mark of ${instrument.id} is not there`)
          : observed(newest.value * mark, newest.atMs),
  };
}

async function observeOne(
  ports: Ports,
  policy: SignalsPolicy,
  given: Given,
  parts: { readonly subject: Asked; readonly crowd: Crowd; readonly options: OptionSigns | null },
): Promise<UnderlyingSignals> {
  const { subject, crowd, options } = parts;
  const { instrument } = subject;
  const { venue, baseCoin: coin } = instrument;
  const { openInterestQuote: _, ...held } = crowd;
  const implied = options?.impliedAnnual ?? notOffered;
  const traded = given.traded.get(instrument.id) ?? notOffered;
  const premium: Signal<number> =
    implied.kind !== 'observed'
      ? implied
      : traded.kind !== 'observed'
        ? traded
        : observed(
            implied.value.value - traded.value.volatilityDaily * Math.sqrt(yearDays),
            implied.observedAtMs,
          );
  const [perpetualBasis, futureBasis, fundingReading, volatilityPremium] = await Promise.all([
    observePerpetualBasis(ports, policy, given.instruments, subject),
    observeFutureBasis(ports, policy, given.ask, subject),
    observeFunding(ports, policy, given, instrument),
    beside(ports, seriesOf(subject, 'premium'), policy, premium),
  ]);
  return {
    venue,
    coin,
    perpetualBasis,
    futureBasis,
    fundingAnnual: fundingReading,
    ...held,
    riskReversal: options?.riskReversal ?? notOffered,
    putCall: options?.putCall ?? notOffered,
    impliedAnnual: implied,
    volatilityPremium,
  };
}

/** Beside the venue's own settlements of the last days, which the history holds. */
async function observeFunding(
  ports: Ports,
  policy: SignalsPolicy,
  given: Given,
  instrument: Instrument,
): Promise<Signal<SeriesValue>> {
  const funding =
    given.instruments.find((each) => each.instrument.id === instrument.id)?.funding ?? null;
  if (funding === null) return notOffered;
  if (funding.kind !== 'observed') return funding;
  const { rate, intervalMs } = funding.value;
  if (!(intervalMs > 0)) return unknown(`the funding interval must be above 0, was ${intervalMs}`);
  const nowMs = ports.clock.nowMs();
  const settled = await ports.history.funding(
    instrument.id,
    nowMs - policy.historyDays * dayMs,
    nowMs + 1,
  );
  const history = momentsOf(settledFundingAnnual(settled));
  return observed({ value: fundingAnnual(rate, intervalMs), history }, funding.observedAtMs);
}

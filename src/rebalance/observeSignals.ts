/**
 * Observes what markets say beside prices: of every market that a leg trades, and of every coin that a perpetual is on.
 *
 * Bounded in calls and time, the most needed first: what trades, then books, then the crowd, futures and options. A failed reading
 * is unknown and fails nothing; a volume that failed is the remembered one while that is young.
 */
import type { Instrument } from '../domain/instrument.ts';
import { exposures } from '../domain/leg.ts';
import type {
  BookSigns,
  InstrumentSignals,
  MarketSignals,
  Signal,
  TradedSigns,
} from '../domain/marketSignals.ts';
import { notOffered } from '../domain/marketSignals.ts';
import { observed } from '../domain/observed.ts';
import type { Policy } from '../domain/policy.ts';
import type { SignalsPolicy } from '../domain/signalsPolicy.ts';
import type { InstrumentObservation } from '../domain/snapshot.ts';
import { depthUsd, midPrice } from '../signals/liquidity/depth.ts';
import { tradedSigns } from '../signals/liquidity/tradedSigns.ts';
import { seriesOf } from './observeBasis.ts';
import { observeUnderlyings } from './observeUnderlyings.ts';
import type { BookLevels, SignalsReader } from './ports/signals.ts';
import type { Ports } from './ports.ts';
import { type Ask, askWithin, mapSignal, remember, remembered } from './signalReadings.ts';

/** Null where the policy asks for none, or no venue can say any. */
export async function observeSignals(
  ports: Ports,
  policy: Policy,
  instruments: readonly InstrumentObservation[],
): Promise<MarketSignals | null> {
  const { signals } = policy;
  if (signals === undefined) return null;
  const traded = new Set(policy.legs.flatMap((leg) => exposures(leg).map((one) => one.instrument)));
  const asked = instruments.flatMap(({ instrument }) => {
    const reader = ports.venues.get(instrument.venue)?.reader.signals;
    const isAsked = traded.has(instrument.id) && instrument.kind !== 'earn';
    return isAsked && reader !== undefined ? [{ instrument, reader }] : [];
  });
  if (asked.length === 0) return null;

  const ask = askWithin(ports, signals);
  const volumes = await Promise.all(
    asked.map(({ instrument, reader }) => readTraded(ports, signals, ask, instrument, reader)),
  );
  const books = await Promise.all(
    asked.map(async ({ instrument, reader }) => {
      const book = await ask(() => reader.book(instrument));
      return mapSignal(book, bookSigns, `the book of ${instrument.id} is empty or crossed`);
    }),
  );
  const found = asked.map(
    ({ instrument }, index): InstrumentSignals => ({
      instrument: instrument.id,
      traded: volumes[index] ?? notOffered,
      book: books[index] ?? notOffered,
      openInterestQuote: notOffered,
    }),
  );
  const { underlyings, openInterest } = await observeUnderlyings(ports, signals, {
    ask,
    instruments,
    asked,
    traded: new Map(found.map((each) => [each.instrument, each.traded])),
  });
  return {
    instruments: found.map((each) => ({
      ...each,
      openInterestQuote: openInterest.get(each.instrument) ?? notOffered,
    })),
    underlyings,
  };
}

async function readTraded(
  ports: Ports,
  policy: SignalsPolicy,
  ask: Ask,
  instrument: Instrument,
  reader: SignalsReader,
): Promise<Signal<TradedSigns>> {
  const bars = await ask(() => reader.tradedBars(instrument));
  const short = `${instrument.id} has less than a day of hours with volume`;
  const signal = mapSignal(bars, tradedSigns, short);
  const name = (what: string) => seriesOf({ instrument }, what);
  if (signal.kind === 'observed') {
    const { observedAtMs: atMs, value } = signal;
    await Promise.all([
      remember(ports, name('volumeDaily'), [{ atMs, value: value.volumeDailyQuote }]),
      remember(ports, name('volatilityDaily'), [{ atMs, value: value.volatilityDaily }]),
    ]);
    return signal;
  }
  if (signal.kind === 'notOffered') return signal;
  const [volume, volatility] = await Promise.all(
    ['volumeDaily', 'volatilityDaily'].map(async (what) =>
      (await remembered(ports, name(what), policy)).at(-1),
    ),
  );
  const sinceMs = ports.clock.nowMs() - policy.ageMsMax;
  if (volume === undefined || volatility === undefined || volume.atMs < sinceMs) return signal;
  const value: TradedSigns = {
    volumeDailyQuote: volume.value,
    volatilityDaily: volatility.value,
    amihudPerQuote: null,
    kyleLambda: null,
  };
  return observed(value, volume.atMs);
}

function bookSigns(book: BookLevels): BookSigns | null {
  const middle = midPrice(book);
  const [bid, ask] = [book.bids[0]?.[0], book.asks[0]?.[0]];
  if (middle === null || bid === undefined || ask === undefined || !(bid < ask)) return null;
  const thinner = (bps: number): number => {
    const depth = depthUsd(book, bps);
    return depth === null ? 0 : Math.min(depth.bidUsd, depth.askUsd);
  };
  return {
    spreadShare: (ask - bid) / middle,
    depth10Quote: thinner(10),
    depth50Quote: thinner(50),
  };
}

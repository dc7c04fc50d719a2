/**
 * Observes a coin's bases: of its perpetual against spot or index, and of the dated future nearest to a quarter, a year.
 *
 * The perpetual's past is at hand from the first day on where a leg trades the spot market too: both have bars.
 */
import type { InstrumentId } from '../domain/ids.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { SeriesValue, Signal, UnderlyingSignals } from '../domain/marketSignals.ts';
import { notOffered } from '../domain/marketSignals.ts';
import { observed } from '../domain/observed.ts';
import type { SignalsPolicy } from '../domain/signalsPolicy.ts';
import type { InstrumentObservation } from '../domain/snapshot.ts';
import { basisAnnual, basisShare } from '../signals/basis.ts';
import { momentsOf } from '../signals/moments.ts';
import type { DatedFuture, SignalsReader } from './ports/signals.ts';
import type { Ports } from './ports.ts';
import { type Ask, beside } from './signalReadings.ts';

const hourMs = 3_600_000;
const dayMs = 86_400_000;
/** One term, so that its past can be compared. */
const termDays = 90;

/** A market that is asked for, and who answers for it. */
export type Asked = { readonly instrument: Instrument; readonly reader: SignalsReader };

export const seriesOf = ({ instrument }: Pick<Asked, 'instrument'>, what: string): string =>
  `signal|${instrument.venue}|${instrument.symbol}|${what}`;

export async function observePerpetualBasis(
  ports: Ports,
  policy: SignalsPolicy,
  instruments: readonly InstrumentObservation[],
  subject: Asked,
): Promise<Signal<SeriesValue>> {
  const perpetual = subject.instrument;
  const quote = instruments.find((each) => each.instrument.id === perpetual.id)?.quote;
  if (quote?.kind !== 'observed') return quote ?? notOffered;
  const spot = spotOf(instruments, perpetual);
  const spotPrice = spot === null ? quote.value.index : markOf(instruments, spot.id);
  if (spotPrice === null || !(spotPrice > 0)) return notOffered;
  const now = observed(basisShare(quote.value.mark, spotPrice), quote.observedAtMs);
  const found = await beside(ports, seriesOf(subject, 'basis'), policy, now);
  const isShort =
    found.kind === 'observed' && found.value.history.readings < policy.historyReadingsMin;
  if (!isShort || spot === null) return found;
  const history = momentsOf(await pastBases(ports, policy, perpetual, spot));
  return observed({ value: found.value.value, history }, found.observedAtMs);
}

/** The venue's own spot market on the same coin, where a leg trades it. */
function spotOf(
  instruments: readonly InstrumentObservation[],
  perpetual: Instrument,
): Instrument | null {
  const found = instruments.find(
    ({ instrument }) =>
      instrument.kind === 'spot' &&
      instrument.venue === perpetual.venue &&
      instrument.baseCoin === perpetual.baseCoin &&
      instrument.quoteCoin === perpetual.quoteCoin,
  );
  return found?.instrument ?? null;
}

/** Of the hours that both markets closed. */
async function pastBases(
  ports: Ports,
  policy: SignalsPolicy,
  perpetual: Instrument,
  spot: Instrument,
): Promise<readonly number[]> {
  const toMs = ports.clock.nowMs();
  const bars = (instrument: InstrumentId, kind: 'mark' | 'last') =>
    ports.history.bars(
      { instrument, kind, barMs: hourMs },
      toMs - policy.historyDays * dayMs,
      toMs,
    );
  const [marks, lasts] = await Promise.all([bars(perpetual.id, 'mark'), bars(spot.id, 'last')]);
  const spotAt = new Map(lasts.map((bar) => [bar.openMs, bar.close]));
  return marks.flatMap((bar) => {
    const close = spotAt.get(bar.openMs);
    return close === undefined || !(close > 0) ? [] : [basisShare(bar.close, close)];
  });
}

export async function observeFutureBasis(
  ports: Ports,
  policy: SignalsPolicy,
  ask: Ask,
  subject: Asked,
): Promise<UnderlyingSignals['futureBasis']> {
  const listed = await ask(() => subject.reader.futures(subject.instrument));
  if (listed.kind !== 'observed') return listed;
  const { observedAtMs } = listed;
  const away = ({ deliveryMs }: DatedFuture) => (deliveryMs - observedAtMs) / dayMs;
  const [future] = listed.value
    .filter((each) => each.price > 0 && each.indexPrice > 0 && away(each) > 0)
    .toSorted((a, b) => Math.abs(away(a) - termDays) - Math.abs(away(b) - termDays));
  if (future === undefined) return notOffered;
  const days = away(future);
  const annual = basisAnnual(basisShare(future.price, future.indexPrice), days);
  const now = observed(annual, observedAtMs);
  const found = await beside(ports, seriesOf(subject, 'future'), policy, now);
  return found.kind === 'observed' ? observed({ ...found.value, days }, found.observedAtMs) : found;
}

export function markOf(
  instruments: readonly InstrumentObservation[],
  id: InstrumentId,
): number | null {
  const quote = instruments.find(({ instrument }) => instrument.id === id)?.quote;
  return quote?.kind === 'observed' && quote.value.mark > 0 ? quote.value.mark : null;
}

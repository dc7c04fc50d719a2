/**
 * Observes what options imply of a coin: from the first that offers them, sources that are only read before venues traded on.
 *
 * A volatility index wins over a board's own volatility at the money: it is made of all its strikes.
 */
import type { VenueId } from '../domain/ids.ts';
import type { SeriesValue, Signal, UnderlyingSignals } from '../domain/marketSignals.ts';
import { notOffered } from '../domain/marketSignals.ts';
import { observed } from '../domain/observed.ts';
import type { SignalsPolicy } from '../domain/signalsPolicy.ts';
import { type BoardFigures, boardFigures } from '../signals/hedging/optionBoard.ts';
import type { SignalsReader } from './ports/signals.ts';
import type { Ports } from './ports.ts';
import { type Ask, beside, newestBeside } from './signalReadings.ts';

export type OptionSigns = Pick<UnderlyingSignals, 'impliedAnnual' | 'riskReversal' | 'putCall'>;

type Provider = { readonly id: VenueId; readonly signals: SignalsReader };

export async function observeOptions(
  ports: Ports,
  policy: SignalsPolicy,
  ask: Ask,
  coin: string,
): Promise<OptionSigns> {
  const providers: readonly Provider[] = [
    ...(ports.signalSources ?? []),
    ...[...ports.venues.values()].flatMap(({ reader }) =>
      reader.signals === undefined ? [] : [{ id: reader.id, signals: reader.signals }],
    ),
  ];
  const [board, index] = await Promise.all([
    firstOf(providers, ask, (each) => each.signals.options(coin)),
    firstOf(providers, ask, (each) => each.signals.volatilityIndex(coin)),
  ]);
  const nowMs = ports.clock.nowMs();
  const read = board.signal.kind === 'observed' ? boardFigures(board.signal.value, nowMs) : null;
  const figures = (of: (figures: BoardFigures) => number | null): Signal<number> => {
    if (board.signal.kind !== 'observed') return board.signal;
    const value = read === null ? null : of(read);
    return value === null ? notOffered : observed(value, board.signal.observedAtMs);
  };
  const kept = (what: string, value: Signal<number>): Promise<Signal<SeriesValue>> =>
    beside(ports, `signal|${board.from ?? ''}|${coin}|${what}`, policy, value);
  const [impliedAnnual, riskReversal, putCall] = await Promise.all([
    index.signal.kind === 'observed'
      ? newestBeside(index.signal.value, policy.ageMsMax, nowMs)
      : kept(
          'implied',
          figures((each) => each.impliedAnnual),
        ),
    kept(
      'riskReversal',
      figures((each) => each.riskReversal),
    ),
    kept(
      'putCall',
      figures((each) => each.putCall),
    ),
  ]);
  return { impliedAnnual, riskReversal, putCall };
}

/** The first that has some; without one an unread one stays unknown. */
async function firstOf<T>(
  providers: readonly Provider[],
  ask: Ask,
  read: (provider: Provider) => Promise<readonly T[] | null>,
): Promise<{ readonly from: VenueId | null; readonly signal: Signal<readonly T[]> }> {
  let unread: Signal<readonly T[]> = notOffered;
  for (const provider of providers) {
    const signal = await ask(() => read(provider));
    if (signal.kind === 'observed' && signal.value.length > 0) return { from: provider.id, signal };
    if (signal.kind === 'unknown') unread = signal;
  }
  return { from: null, signal: unread };
}

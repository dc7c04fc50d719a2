/** The observed signals as sizing sees them: of an instrument its volume in USD, of a leg's coin what raises its forecast. */
import type { InstrumentId } from '../../domain/ids.ts';
import { exposures, type Leg } from '../../domain/leg.ts';
import type { InstrumentSignals, Signal, UnderlyingSignals } from '../../domain/marketSignals.ts';
import { notOffered } from '../../domain/marketSignals.ts';
import { observed } from '../../domain/observed.ts';
import type { SignalsPolicy } from '../../domain/signalsPolicy.ts';
import { forecastRatio } from '../../signals/hedging/demand.ts';
import { demandOf } from '../../signals/hedging/demandOf.ts';
import type { Book, BookInstrument } from './book.ts';

export type Traded = { readonly volumeDailyUsd: number; readonly volatilityDaily: number };

/** Null where the policy asks for no signals, or nobody reads them there. */
export function signsOf(book: Book, instrument: InstrumentId): InstrumentSignals | null {
  if (book.policy.signals === undefined) return null;
  const { signals } = book.snapshot;
  return signals?.instruments.find((each) => each.instrument === instrument) ?? null;
}

/** Quoted, relative to the middle; null: not known. */
export function spreadShareOf(book: Book, instrument: InstrumentId): number | null {
  const seen = signsOf(book, instrument)?.book;
  return seen?.kind === 'observed' ? seen.value.spreadShare : null;
}

export function tradedOf(book: Book, { instrument, quoteUsd }: BookInstrument): Signal<Traded> {
  const traded = signsOf(book, instrument.id)?.traded ?? notOffered;
  if (traded.kind !== 'observed') return traded;
  const { volumeDailyQuote, volatilityDaily } = traded.value;
  return observed(
    { volumeDailyUsd: volumeDailyQuote * quoteUsd, volatilityDaily },
    traded.observedAtMs,
  );
}

/** What moves a leg's forecast; nothing where signals are not asked for. */
export function forecastSigns(
  book: Book,
  leg: Leg,
): { readonly impliedVolatilityAnnual?: number; readonly demandRaiseShare?: number } {
  const { signals } = book.policy;
  const signs = signals === undefined ? null : underlyingOf(book, leg);
  if (signals === undefined || signs === null) return {};
  const demandRaiseShare = raiseShare(signs, signals);
  const implied = signs.impliedAnnual;
  // A carry leg moves with its basis, not with the coin.
  if (leg.kind !== 'perpetual' || implied.kind !== 'observed') return { demandRaiseShare };
  return { demandRaiseShare, impliedVolatilityAnnual: implied.value.value };
}

/** 0 … demandRaiseShareMax. */
export const raiseShare = (signs: UnderlyingSignals, policy: SignalsPolicy): number =>
  forecastRatio(demandOf(signs, policy.historyReadingsMin), policy.demandRaiseShareMax) - 1;

function underlyingOf(book: Book, leg: Leg): UnderlyingSignals | null {
  const perpetual = exposures(leg)
    .map((each) => book.instrumentById.get(each.instrument)?.instrument)
    .find((each) => each?.kind === 'perpetual');
  const found = book.snapshot.signals?.underlyings.find(
    (each) => each.venue === leg.venue && each.coin === perpetual?.baseCoin,
  );
  return perpetual === undefined ? null : (found ?? null);
}

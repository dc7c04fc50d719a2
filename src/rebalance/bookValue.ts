/** What one unit of an instrument is worth in the book's unit. */
import type { InstrumentId } from '../domain/ids.ts';
import type { BookUnit, InstrumentObservation } from '../domain/snapshot.ts';

/** USD per base unit at the mark; null: the mark or the unit is unknown. */
export function bookValue(
  id: InstrumentId,
  instruments: readonly InstrumentObservation[],
  unit: BookUnit,
): number | null {
  const found = instruments.find((one) => one.instrument.id === id);
  if (found === undefined || found.quote.kind === 'unknown' || unit.kind === 'unknown') return null;
  const usd = unit.usdByCoin[found.instrument.quoteCoin];
  return usd === undefined ? null : found.quote.value.mark * usd;
}

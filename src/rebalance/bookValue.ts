/** What one unit of an instrument is worth in the book's unit. */
import type { InstrumentId } from '../domain/ids.ts';
import type { BookUnit, InstrumentObservation } from '../domain/snapshot.ts';

/**
 * USD per base unit at the mark; null: the mark or the unit is unknown.
 *
 * @param stablecoins held spot, these are worth what they are at the venues together: one venue's bad minute decides nothing.
 */
export function bookValue(
  id: InstrumentId,
  instruments: readonly InstrumentObservation[],
  unit: BookUnit,
  stablecoins: ReadonlySet<string> = new Set(),
): number | null {
  const found = instruments.find((one) => one.instrument.id === id);
  if (found === undefined || found.quote.kind === 'unknown' || unit.kind === 'unknown') return null;
  const { kind, baseCoin, quoteCoin } = found.instrument;
  const medianUsd = unit.usdByCoin[baseCoin];
  if (kind === 'spot' && stablecoins.has(baseCoin) && medianUsd !== undefined) return medianUsd;
  const usd = unit.usdByCoin[quoteCoin];
  return usd === undefined ? null : found.quote.value.mark * usd;
}

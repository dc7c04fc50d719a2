/**
 * Slices and styles from liquidity: one slice stays within its impact budget, and nothing opens by taking across a wide spread.
 *
 * The square-root law turned round gives the value whose impact is the budget. A market that says nothing changes nothing, and
 * what reduces may always take.
 */
import type { PlannedOrder } from '../domain/order.ts';
import type { Book, BookInstrument } from '../parity/sizing/book.ts';
import { sliceCapacityUsd } from '../parity/sizing/liquidityCap.ts';
import { spreadShareOf } from '../parity/sizing/marketSigns.ts';

/** What one slice in these markets may be worth; the narrowest counts. */
export function impactUsdMax(book: Book, held: readonly BookInstrument[]): number {
  return Math.min(...held.map((each) => sliceCapacityUsd(book, each)));
}

/** Rests before it takes where it opens and the spread is wider than `signals.takeSpreadBpsMax`. */
export function restingWhereWide(
  book: Book,
  held: BookInstrument,
  isReduction: boolean,
  order: PlannedOrder,
): PlannedOrder {
  const { signals } = book.policy;
  const spreadShare = spreadShareOf(book, held.instrument.id);
  if (signals === undefined || spreadShare === null || isReduction) return order;
  const isWide = spreadShare * 10_000 > signals.takeSpreadBpsMax;
  return isWide && order.style === 'ioc' ? { ...order, style: 'passive' } : order;
}

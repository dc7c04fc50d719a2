/** The pace of a plan, where its style has one: how large a slice may be, and from when each stage may leave. */
import type { PlannedOrder } from '../domain/order.ts';
import type { Book, BookInstrument } from '../parity/sizing/book.ts';
import { type PaceSettings, paced, sliceUsd } from './pace.ts';

const DAY_MS = 86_400_000;

/** null: the style sends as fast as its orders end, or a stored policy knew no pace. */
export function paceOf({ policy }: Book): PaceSettings | null {
  const { style, paceMs, paceEveryMs, volumeShareMax } = policy.execution;
  if (style !== 'twap' && style !== 'participation') return null;
  if (paceMs === undefined || paceEveryMs === undefined || volumeShareMax === undefined)
    return null;
  return { style, spanMs: paceMs, everyMs: paceEveryMs, volumeShare: volumeShareMax };
}

/** The most that one slice of an order may be worth by its pace. */
export function paceUsdMax(book: Book, held: BookInstrument, orderUsd: number): number {
  const pace = paceOf(book);
  if (pace === null) return Number.POSITIVE_INFINITY;
  return sliceUsd(pace, orderUsd, volumeUsdPerMs(book, held));
}

/** @param orders in the order of their stages. */
export function paceOrders(book: Book, orders: readonly PlannedOrder[]): readonly PlannedOrder[] {
  const pace = paceOf(book);
  if (pace === null) return orders;
  const stages = [...new Set(orders.map((order) => order.stage))].map((stage) =>
    orders.filter((order) => order.stage === stage),
  );
  return paced(stages, pace, book.snapshot.observedAtMs, (order) => {
    const held = book.instrumentById.get(order.instrument);
    return held === undefined ? null : volumeUsdPerMs(book, held);
  }).flat();
}

/** The mean of the last week; null: not known. */
function volumeUsdPerMs(
  { snapshot }: Book,
  { instrument, quoteUsd }: BookInstrument,
): number | null {
  const seen = snapshot.signals?.instruments.find((one) => one.instrument === instrument.id);
  if (seen?.traded.kind !== 'observed') return null;
  const perMs = (seen.traded.value.volumeDailyQuote * quoteUsd) / DAY_MS;
  return perMs > 0 ? perMs : null;
}

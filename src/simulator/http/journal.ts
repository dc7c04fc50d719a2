/**
 * The journal as a client of the venue can compare it with its own books: under the ids that the venue shows.
 */
import type { JournalEntry } from '../core/entries.ts';
import type { Exchange } from './exchange.ts';

/** Entries after a sequence number, oldest first. */
export function journalSince(exchange: Exchange, seq: number): readonly JournalEntry[] {
  const { idShown } = exchange.dialect;
  const entries = exchange.venue.journal.slice(Math.max(0, seq));
  return idShown === null ? entries : entries.map((entry) => shown(entry, idShown));
}

const idNames: ReadonlySet<string> = new Set(['id', 'orderId', 'execId', 'reference']);

/** Ids stand at the top of an entry or in its order. */
function shown(entry: JournalEntry, idShown: (id: string) => string): JournalEntry {
  const pairs = Object.entries(entry).map(([name, value]: [string, unknown]) => {
    if (name === 'order') return [name, withIds(value as object, idShown)];
    return [name, idNames.has(name) && typeof value === 'string' ? idShown(value) : value];
  });
  return Object.fromEntries(pairs) as JournalEntry;
}

function withIds(order: object, idShown: (id: string) => string): object {
  return 'orderId' in order && typeof order.orderId === 'string'
    ? { ...order, orderId: idShown(order.orderId) }
    : order;
}

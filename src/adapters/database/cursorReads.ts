/** Reads cursors, those that are asked for in one turn in one statement. */
import type { Kysely } from 'kysely';
import { inOneTurn } from './inOneTurn.ts';
import type { Schema } from './schema.ts';

/** @returns null for one that was never set. */
type ReadCursor = (name: string) => Promise<number | null>;

export function createCursorReads(queries: Kysely<Schema>): ReadCursor {
  return inOneTurn(async (names: readonly string[]) => {
    const rows = await queries
      .selectFrom('cursors')
      .select(['name', 'at_ms'])
      .where((rows) => rows('name', '=', rows.fn.any(rows.val([...new Set(names)]))))
      .execute();
    const found = new Map(rows.map((row) => [row.name, row.at_ms]));
    return names.map((name) => found.get(name) ?? null);
  });
}

/**
 * Reads cursors, those that are asked for in one turn in one statement.
 *
 * The statement leaves when all that runs now has asked: what was written and awaited before is in it.
 */
import type { Kysely } from 'kysely';
import type { Schema } from './schema.ts';

/** @returns null for one that was never set. */
type ReadCursor = (name: string) => Promise<number | null>;

export function createCursorReads(queries: Kysely<Schema>): ReadCursor {
  let asked: Set<string> | null = null;
  let answers: Promise<ReadonlyMap<string, number>> | null = null;

  const read = async (names: ReadonlySet<string>): Promise<ReadonlyMap<string, number>> => {
    await new Promise<void>((resolve) => {
      process.nextTick(resolve);
    });
    // Who asks from here on is answered by the next statement.
    asked = null;
    answers = null;
    const rows = await queries
      .selectFrom('cursors')
      .select(['name', 'at_ms'])
      .where((rows) => rows('name', '=', rows.fn.any(rows.val([...names]))))
      .execute();
    return new Map(rows.map((row) => [row.name, row.at_ms]));
  };

  return async (name) => {
    asked ??= new Set();
    asked.add(name);
    answers ??= read(asked);
    return (await answers).get(name) ?? null;
  };
}

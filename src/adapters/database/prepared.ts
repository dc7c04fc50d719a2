/**
 * Names for statements that repeat, so that the server parses and plans each of them once a connection.
 *
 * Bounded: a text that grows with its rows, or one of many, goes without a name.
 */
import type pg from 'pg';
import { errorCode } from './databaseError.ts';

export type Prepare = {
  statement(text: string, values: unknown[]): pg.QueryConfig;
  /** Goes without a name from now on. */
  forget(text: string): void;
};

const statementsMax = 200;
const charactersMax = 2_000;

export function createPrepare(): Prepare {
  const names = new Map<string, string | null>();
  const nameOf = (text: string): string | null => {
    const known = names.get(text);
    if (known !== undefined) return known;
    if (names.size >= statementsMax || text.length > charactersMax) return null;
    const name = `s${names.size}`;
    names.set(text, name);
    return name;
  };
  return {
    // Without values it may be several statements, which cannot be prepared.
    statement: (text, values) => {
      const name = values.length === 0 ? null : nameOf(text);
      return name === null ? { text, values } : { name, text, values };
    },
    forget: (text) => void names.set(text, null),
  };
}

/** feature_not_supported: the table was altered since, so `*` is another list now. Nothing was executed. */
export const isStalePlan = (error: unknown): boolean =>
  errorCode(error) === '0A000' && error instanceof Error && /cached plan/.test(error.message);

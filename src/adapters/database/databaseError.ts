/** What PostgreSQL and the road to it can answer, as OperatingErrors with a remedy. Never a password in a message. */
import { OperatingError } from '../../domain/operatingError.ts';

type Meaning = { readonly retryable: boolean; readonly what: string; readonly remedy: string };

const down: Meaning = {
  retryable: true,
  what: 'the database does not answer',
  remedy: 'Start the database, or correct `database` in the config.',
};
const busy: Meaning = {
  retryable: true,
  what: 'the database is overloaded or restarting',
  remedy: 'It is tried again; if it persists, look at the load and the disk of the database.',
};
const refused: Meaning = {
  retryable: false,
  what: 'the database refuses these credentials',
  remedy: 'Correct the user and the password of `database` in the config.',
};
const noDatabase: Meaning = {
  retryable: false,
  what: 'the server has no database of that name',
  remedy: 'Create it (CREATE DATABASE), or correct the name in `database` in the config.',
};
const notPermitted: Meaning = {
  retryable: false,
  what: 'the database user lacks a right',
  remedy: 'Make the user the owner of its database.',
};
const conflict: Meaning = {
  retryable: true,
  what: 'two transactions met',
  remedy: 'It is tried again.',
};
const unexpected: Meaning = {
  retryable: false,
  what: 'the database rejected a statement',
  remedy: 'This is a defect or a changed schema: keep the message and report it.',
};

/** By SQLSTATE, longest prefix first. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const byState: readonly (readonly [string, Meaning])[] = [
  ['3D000', noDatabase],
  ['42501', notPermitted],
  ['40', conflict],
  ['55P03', conflict],
  ['28', refused],
  ['08', down],
  ['53', busy],
  ['57', busy],
  ['58', busy],
];

const sqlState = /^[0-9A-Z]{5}$/;
const networkCode = /^E[A-Z]+$/;

function meaningOf(code: string | undefined, message: string): Meaning {
  if (code !== undefined && sqlState.test(code) && !networkCode.test(code)) {
    return byState.find(([prefix]) => code.startsWith(prefix))?.[1] ?? unexpected;
  }
  if (code !== undefined && networkCode.test(code)) return down;
  return /terminat|timeout|timed out|not queryable|ended|closed/i.test(message) ? down : unexpected;
}

/** The SQLSTATE or the system's error code, where it has one. */
export const errorCode = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;

/** @param place host:port/database, without credentials. */
export function databaseError(error: unknown, place: string): OperatingError {
  if (error instanceof OperatingError) return error;
  const code = errorCode(error);
  const said = error instanceof Error && error.message !== '' ? error.message : String(code);
  const { retryable, what, remedy } = meaningOf(code, said);
  return new OperatingError(`database at ${place}: ${what}, was ${said}`, {
    retryable,
    remedy,
    cause: error,
  });
}

/**
 * Reading a venue's answer, once, at the border: fields that must be there and must be numbers, or a fault that names them.
 *
 * Nothing here defaults: a missing or empty field raises, so NaN, undefined and silent zeros stay outside.
 */
import { type DecimalText, decimal } from '../../domain/decimal.ts';
import { OperatingError } from '../../domain/operatingError.ts';

export type Row = Readonly<Record<string, unknown>>;

/** The venue answered something that cannot be read. For a write it says nothing about the order. */
export class MalformedAnswer extends OperatingError {
  constructor(message: string) {
    super(message, {
      retryable: true,
      remedy: 'try again; if it stays, compare the venue’s API with the installed version of ccxt',
    });
    this.name = 'MalformedAnswer';
  }
}

const DECIMAL = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;

export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function row(value: unknown, what: string): Row {
  if (!isRow(value)) throw new MalformedAnswer(`${what} must be an object, was ${shown(value)}`);
  return value;
}

export function rows(value: unknown, what: string): readonly Row[] {
  if (!Array.isArray(value)) {
    throw new MalformedAnswer(`${what} must be a list, was ${shown(value)}`);
  }
  return value.map((each) => row(each, what));
}

/** A non-empty text; numbers are accepted as their text. */
export function text(from: Row, field: string, what: string): string {
  const value = from[field];
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  throw new MalformedAnswer(`${what}: ${field} must be a text, was ${shown(value)}`);
}

/** The text, or null where the field is missing or empty. */
export function optionalText(from: Row, field: string): string | null {
  const value = from[field];
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}

/** An exact decimal. */
export function amount(from: Row, field: string, what: string): DecimalText {
  const value = text(from, field, what);
  if (!DECIMAL.test(value)) {
    throw new MalformedAnswer(`${what}: ${field} must be a decimal, was ${shown(value)}`);
  }
  return decimal(value);
}

export function optionalAmount(from: Row, field: string, what: string): DecimalText | null {
  return optionalText(from, field) === null ? null : amount(from, field, what);
}

/** A finite number. */
export function number(from: Row, field: string, what: string): number {
  return Number(amount(from, field, what));
}

export function optionalNumber(from: Row, field: string, what: string): number | null {
  return optionalText(from, field) === null ? null : number(from, field, what);
}

/** Milliseconds since 1970. */
export function timeMs(from: Row, field: string, what: string): number {
  const value = number(from, field, what);
  if (!Number.isSafeInteger(value) || value <= 0) {
    throw new MalformedAnswer(`${what}: ${field} must be a time in ms, was ${value}`);
  }
  return value;
}

function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  const written = JSON.stringify(value) ?? typeof value;
  return written.length > 60 ? `${written.slice(0, 60)}…` : written;
}

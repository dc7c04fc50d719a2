/**
 * A request as it came in, before any dialect reads it, and the reading of its parameters.
 */
export type Request = {
  readonly method: string;
  readonly path: string;
  /** Raw, as they were signed; without the question mark. */
  readonly query: string;
  readonly body: string;
  readonly header: (name: string) => string | undefined;
  /** The host that the client meant to reach. */
  readonly originalHost: string | undefined;
};

export type Parameters = Readonly<Record<string, unknown>>;

/** Text of a parameter; numbers are taken as text, everything else as absent (''). */
export function text(parameters: Parameters, name: string): string {
  const value = parameters[name];
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : '';
}

/** Whole number of a parameter; undefined when absent or no number. */
export function integer(parameters: Parameters, name: string): number | undefined {
  const value = text(parameters, name);
  return /^\d+$/.test(value) ? Number(value) : undefined;
}

export function flag(parameters: Parameters, name: string): boolean {
  const value = parameters[name];
  return value === true || value === 'true';
}

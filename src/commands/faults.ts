/** Faults of a calculator's problem: the place, what must hold, what was found. */

/** `path` names the place in the problem, such as returns[3][1]; the message ends in what was found. */
export type Fault = { readonly path: string; readonly message: string };
export type InvalidProblem = { readonly kind: 'invalid'; readonly faults: readonly Fault[] };

export type Bounds = { readonly above?: number; readonly min?: number; readonly max: number };

/** A finite number inside its bounds; open at `above`, closed elsewhere. */
export function isWithin(value: unknown, { above, min, max }: Bounds): value is number {
  if (typeof value !== 'number' || !Number.isFinite(value)) return false;
  return value > (above ?? -Infinity) && value >= (min ?? -Infinity) && value <= max;
}

export const describeBounds = ({ above, min, max }: Bounds): string =>
  `be a number ${above === undefined ? `from ${min}` : `above ${above}`} to ${max}`;

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Message of a fault: "must …, was …". */
export const must = (what: string, found: unknown): string =>
  `must ${what}, was ${describe(found)}`;

/** What was found, cut short. */
export function describe(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

export const invalid = (faults: readonly Fault[]): InvalidProblem => ({ kind: 'invalid', faults });

/** One of the names at `path`; else a fault and null. */
export function pick<Name extends string>(
  path: string,
  value: unknown,
  names: readonly Name[],
  faults: Fault[],
): Name | null {
  const name = names.find((candidate) => candidate === value);
  if (name !== undefined) return name;
  faults.push({ path, message: must(`be one of ${names.join(', ')}`, value) });
  return null;
}

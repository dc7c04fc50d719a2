/** One figure a line: `{name, value, unit, ...detail}` as JSON on stdout. */
export type Unit = 'ms' | 'MB' | 'ratio' | 'per minute';

/** Four digits are more than a measurement on a shared machine holds. */
export const rounded = (value: number): number => Number(value.toPrecision(4));

export function printFigure(
  name: string,
  value: number,
  unit: Unit,
  detail: Readonly<Record<string, unknown>> = {},
): void {
  console.log(JSON.stringify({ name, value: rounded(value), unit, ...detail }));
}

/** The value at a share of the sorted values, 0.5 the median; NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

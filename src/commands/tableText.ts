/** Figures and tables as a terminal shows them. */

/** Nothing is not -0.0 %. */
export const percent = (share: number): string =>
  `${(Math.round(share * 1000) / 10 + 0).toFixed(1)} %`;
export const usd = (value: number): string => Math.round(value).toLocaleString('en-US');

/** Columns as wide as their widest cell; the last one as it is. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const last = head.length - 1;
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === last ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(head), ...rows.map(line)];
}

/** A markdown table, numbers already formatted. */
export function markdownTable(
  title: string,
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = header.map((_, column) => (column === 0 ? '---' : '---:'));
  return [`**${title}**`, '', line(header), line(rule), ...rows.map(line), ''].join('\n');
}

/** The README's tables that are made from types: denial codes, gates, layers. */
import { gateTable } from '../../src/checks/gates.ts';
import { denialCodes } from '../../src/domain/denial.ts';
import { orderLifeTables } from './orderLife.ts';
import { venueTable } from './venues.ts';

export type Tables = Readonly<Record<string, string>>;

export const generatedTables = (): Tables => ({
  gates: gateTable(),
  denials: [
    '| code | means |',
    '|---|---|',
    ...Object.entries(denialCodes).map(([code, means]) => `| \`${code}\` | ${means} |`),
  ].join('\n'),
  ...orderLifeTables(),
  venues: venueTable(),
});

const block = (name: string): RegExp =>
  new RegExp(`(<!-- begin ${name} -->\n)[\\s\\S]*?(\n<!-- end ${name} -->)`);

/** @throws Error when the text has no place for a table. */
export function withTables(text: string, tables: Tables): string {
  return Object.entries(tables).reduce((current, [name, table]) => {
    if (!block(name).test(current)) throw new Error(`README.md has no place for ${name}`);
    return current.replace(block(name), (_, begin: string, end: string) => begin + table + end);
  }, text);
}

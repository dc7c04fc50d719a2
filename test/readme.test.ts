/** The README against the code: generated tables are as generated, and what it names exists. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generatedTables, withTables } from '../scripts/readmeTables/generated.ts';

const root = join(import.meta.dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

test('its tables are what the code says', () => {
  expect(withTables(readme, generatedTables())).toBe(readme);
});

test('every file and folder that it names in code marks exists', () => {
  const named = [...readme.matchAll(/`((?:src|config|scripts|test)\/[\w./-]+)`/g)].map(
    (match) => match[1] ?? '',
  );
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test('every npm script that it names exists', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const named = [...readme.matchAll(/npm run ([a-z]+)/g)].map((match) => match[1] ?? '');
  expect(named.filter((script) => !(script in scripts))).toEqual([]);
});

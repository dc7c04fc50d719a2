/**
 * Writes the README's generated tables between their marks: `npx tsx scripts/readmeTables.ts`.
 *
 * `--check` writes nothing and ends with 1 where a table is not what the code says.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedTables, withTables } from './readmeTables/generated.ts';

const file = join(import.meta.dirname, '..', 'README.md');
const before = readFileSync(file, 'utf8');
const after = withTables(before, generatedTables());
if (process.argv.includes('--check')) {
  if (after !== before) {
    process.stderr.write('README.md has tables that the code no longer makes; run the script\n');
    process.exitCode = 1;
  }
} else {
  writeFileSync(file, after);
}

/**
 * Goal: every reference problem is answered at its tolerance by the command itself, as a person runs it.
 * Method: one process per file with --ndjson; its lines are compared with the file, in order.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { worstDifferences } from './differences.ts';

const root = join(import.meta.dirname, '../..');

describe.each(['weights', 'estimate'] as const)('%s --ndjson', (command) => {
  const file = command === 'weights' ? 'weights.json' : 'estimates.json';
  const cases = JSON.parse(readFileSync(join(root, 'test/cases', file), 'utf8')) as {
    readonly name: string;
    readonly input: unknown;
    readonly expected: Readonly<Record<string, unknown>>;
    readonly tolerance: Readonly<Record<string, number>>;
  }[];
  const run = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'src/cli.ts', command, '--ndjson', '--input', '-'],
    {
      cwd: root,
      encoding: 'utf8',
      input: cases.map(({ input }) => JSON.stringify(input)).join('\n'),
      maxBuffer: 2 ** 28,
    },
  );
  const lines = run.stdout.split('\n').slice(0, -1);

  test('answers every line and exits 0', () => {
    expect({ status: run.status, stderr: run.stderr, lines: lines.length }).toEqual({
      status: 0,
      stderr: '',
      lines: cases.length,
    });
  });

  test.each(cases.map((item, index) => [item.name, item, index] as const))(
    '%s',
    (_, item, index) => {
      const line = lines[index] ?? '';
      expect(line).not.toMatch(/NaN|Infinity/);
      expect(worstDifferences(JSON.parse(line), item.expected, item.tolerance)).toEqual([]);
    },
  );
});

/** The disk that is measured is the one that holds the data, not the one that the program was started on. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkDisk } from '../../src/commands/doctor.ts';

test('the disk of the data folder is measured, of its nearest parent before it is there', () => {
  const folder = mkdtempSync(join(tmpdir(), 'equipoise-doctor-'));
  expect(checkDisk(folder).found).toMatch(new RegExp(`GB free at ${folder}$`));
  expect(checkDisk(join(folder, 'var', 'data')).found).toMatch(new RegExp(`at ${folder}$`));
  rmSync(folder, { recursive: true });
});

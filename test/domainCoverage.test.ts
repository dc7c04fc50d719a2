/**
 * Goal: no worked case of the domain is left without a test.
 * Method: the tests' own sources; a case is taken up where a test asks for it by name, or answers it in the table that compares
 * every field. That its figures are then compared is that test's affair, which cannot be seen from here.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { domainCases } from './domainCase.ts';

const root = new URL('.', import.meta.url);
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => readFileSync(new URL(name, root), 'utf8'));

const asked = sources.flatMap((source) =>
  [...source.matchAll(/>\(\s*'([A-Z]\d\d[a-z]?)',?\s*\)/g)].map((match) => match[1]),
);
const answered = sources
  .filter((source) => source.includes('testAnswers('))
  .flatMap((source) => [...source.matchAll(/^ {2}([A-Z]\d\d[a-z]?): /gm)].map((match) => match[1]));

test('every case of the file is asked for by a test', () => {
  const taken = new Set([...asked, ...answered]);
  const left = domainCases.filter(({ name }) => !taken.has(name));
  expect(left.map(({ name }) => name)).toEqual([]);
});

test('no test asks for a case that is not there', () => {
  const known = new Set(domainCases.map(({ name }) => name));
  expect(asked.filter((name) => name !== undefined && !known.has(name))).toEqual([]);
});

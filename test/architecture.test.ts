/**
 * The walls of the house: one table of who may import whom, and what the pure ring may not touch.
 *
 * Method: the import statements and the text of every file under src/, held against the table. It guards walls, not taste.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

const pure = [
  'math',
  'domain',
  'risk',
  'signals',
  'margin',
  'parity',
  'execution',
  'checks',
  'ledger',
] as const;
const simulated = ['simulator/core', 'simulator/market'] as const;
const adapters = [
  'adapters/exchange',
  'adapters/database',
  'adapters/recorded',
  'adapters/solvency',
  'adapters/system',
  'adapters/telemetry',
] as const;

/** Each room and the rooms that it may import from; a room may always import from itself. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  math: [],
  domain: ['math'],
  risk: ['math', 'domain'],
  signals: ['math', 'domain'],
  margin: ['math', 'domain'],
  parity: ['math', 'domain', 'risk', 'signals', 'margin'],
  execution: ['math', 'domain', 'margin', 'parity'],
  checks: ['math', 'domain', 'margin', 'parity', 'execution'],
  ledger: ['math', 'domain'],
  rebalance: pure,
  'simulator/market': ['math', 'domain'],
  'simulator/core': ['math', 'domain', 'margin', 'simulator/market'],
  'simulator/http': ['math', 'domain', 'margin', ...simulated],
  'simulator/bybit': ['math', 'domain', 'margin', 'simulator/http', ...simulated],
  'simulator/binance': ['math', 'domain', 'margin', 'simulator/http', ...simulated],
  'adapters/exchange': [...pure, 'rebalance'],
  'adapters/database': [...pure, 'rebalance'],
  'adapters/recorded': [...pure, 'rebalance', 'simulator/market'],
  'adapters/solvency': [...pure, 'rebalance'],
  'adapters/system': [...pure, 'rebalance'],
  'adapters/telemetry': [...pure, 'rebalance'],
  scheduler: [...pure, 'rebalance'],
  config: ['math', 'domain'],
  dashboard: [...pure, 'rebalance'],
  commands: [
    ...pure,
    ...simulated,
    ...adapters,
    'rebalance',
    'simulator/http',
    'simulator/bybit',
    'simulator/binance',
    'scheduler',
    'config',
    'dashboard',
    'root',
  ],
  root: [...pure, ...adapters, 'rebalance', 'scheduler', 'config', 'dashboard', 'commands'],
};

const pureRooms: readonly string[] = [...pure, ...simulated];
/** Pure files in a room that is not. */
const pureFiles = ['rebalance/decide.ts', 'rebalance/replay.ts', 'rebalance/slot.ts'];
const purePackages = ['ml-matrix', 'big.js'];

type Source = { readonly path: string; readonly room: string; readonly text: string };

const src = join(import.meta.dirname, '..', 'src');

function roomOf(path: string): string {
  const parts = path.split('/');
  if (parts.length === 1) return 'root';
  const [first = '', second = ''] = parts;
  return first === 'adapters' || first === 'simulator' ? `${first}/${second}` : first;
}

const sources: readonly Source[] = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => path.replaceAll('\\', '/'))
  .map((path) => ({ path, room: roomOf(path), text: readFileSync(join(src, path), 'utf8') }));

const importsOf = (text: string): readonly string[] =>
  [...text.matchAll(/\bfrom\s+['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/g)].map(
    (match) => match[1] ?? match[2] ?? '',
  );

const withoutComments = (text: string): string =>
  text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '');

const isPure = ({ path, room }: Source): boolean =>
  pureRooms.includes(room) || pureFiles.includes(path);

describe('architecture', () => {
  test('every room is in the table', () => {
    const rooms = new Set(sources.map((source) => source.room));
    expect([...rooms].filter((room) => !(room in mayImport))).toEqual([]);
    expect(rooms.size).toBeGreaterThan(10);
  });

  test('imports go only where the table lets them', () => {
    const breaches = sources.flatMap(({ path, room, text }) =>
      importsOf(text)
        .filter((target) => target.startsWith('.'))
        .map((target) => relative(src, normalize(join(src, dirname(path), target))))
        .filter((target) => {
          const there = roomOf(target.replaceAll('\\', '/'));
          return there !== room && !(mayImport[room] ?? []).includes(there);
        })
        .map((target) => `${path} imports ${target}`),
    );
    expect(breaches).toEqual([]);
  });

  test('the pure ring imports no package but its two, and no node module but one hash', () => {
    const breaches = sources.filter(isPure).flatMap(({ path, text }) =>
      importsOf(text)
        .filter((target) => !target.startsWith('.') && !purePackages.includes(target))
        .filter((target) => !(path === 'domain/ids.ts' && target === 'node:crypto'))
        .map((target) => `${path} imports ${target}`),
    );
    expect(breaches).toEqual([]);
  });

  test('a pure file of the line imports pure rooms and pure files only', () => {
    const isLineTypes = (target: string): boolean => target.startsWith('rebalance/ports');
    const breaches = sources
      .filter(({ path }) => pureFiles.includes(path))
      .flatMap(({ path, text }) =>
        importsOf(text)
          .filter((target) => target.startsWith('./'))
          .map((target) => `rebalance/${target.slice(2)}`)
          .filter((target) => !pureFiles.includes(target) && !isLineTypes(target))
          .map((target) => `${path} imports ${target}`),
      );
    expect(breaches).toEqual([]);
  });

  test('the pure ring and the line have no clock, no chance and no environment of their own', () => {
    const forbidden =
      /Date\.now|new Date\(\s*\)|Math\.random|performance\.now|setTimeout|setInterval|setImmediate|process\.|console\./;
    const breaches = sources
      .filter((source) => isPure(source) || source.room === 'rebalance')
      .flatMap(({ path, text }) => {
        const found = forbidden.exec(withoutComments(text));
        return found === null ? [] : [`${path} uses ${found[0]}`];
      });
    expect(breaches).toEqual([]);
  });

  test('only checks/ makes an approved order', () => {
    const breaches = sources
      .filter(
        ({ room, text }) => room !== 'checks' && /as\s+(unknown\s+as\s+)?ApprovedOrder/.test(text),
      )
      .map(({ path }) => path);
    expect(breaches).toEqual([]);
  });

  test('only the config loader and the credentials read the environment', () => {
    const readers = sources
      .filter(({ text }) => /process\.env/.test(withoutComments(text)))
      .map(({ path }) => path);
    const allowed = ['config/load.ts', 'adapters/system/credentials.ts'];
    expect(readers.filter((path) => !allowed.includes(path))).toEqual([]);
  });

  test('names of shared rooms stay out: no utils, helpers, common, index', () => {
    const shapeless = /(^|\/)(utils?|helpers?|common|index|misc)(\/|\.ts$)/;
    expect(sources.map(({ path }) => path).filter((path) => shapeless.test(path))).toEqual([]);
  });
});

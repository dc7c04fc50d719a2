/**
 * Goal: the command says what is thought of a venue, takes a word towards less risk, and answers a word towards more with a reasoned no
 * until it is confirmed; wrong input is wrong input.
 * Method: the command in this process on a real database, its exit code and its one document read.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { verifyEvents } from '../../src/adapters/database/eventChain.ts';
import { openDatabase } from '../../src/adapters/database/openDatabase.ts';
import { createSolvencyStore } from '../../src/adapters/database/solvencyStore.ts';
import { venueCommand } from '../../src/commands/venue.ts';
import { venueId } from '../../src/domain/ids.ts';
import type { SolvencyStore } from '../../src/rebalance/ports/solvency.ts';
import { startTestDatabase, type TestDatabase } from '../adapters/database/server.ts';

const alpha = venueId('alpha');
const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
let server: TestDatabase;
let folder = '';
let config = '';

beforeAll(async () => {
  server = await startTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'equipoise-venue-'));
  config = join(folder, 'config.yaml');
  await writeFile(
    config,
    `
portfolio: main
dataDir: ${folder}
database: ${server.url}
venues: { alpha: { exchange: bybit, environment: simulated, endpoint: http://127.0.0.1:1 } }
legs: [{ id: btc, kind: perpetual, venue: alpha, symbol: BTC/USDT:USDT }]
sizing: { targetVolatilityAnnual: 0.15, grossLeverageMax: 3 }
rebalance: { every: 60000 }
objective: {}
log: { level: error }
`,
  );
});
beforeEach(async () => {
  await inDatabase(async (queries) => {
    const store = createSolvencyStore(queries, 'main');
    await assess(store, 'exit');
    await store.recordOverride(alpha, null, 1);
  });
});
async function assess(store: SolvencyStore, state: 'exit' | 'healthy'): Promise<void> {
  const known = (await store.assessed(alpha))?.lookedAtMs ?? null;
  await store.recordAssessed(alpha, { state, confirmedAtMs: 1 }, (known ?? 0) + 1, known);
}
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

async function inDatabase<T>(
  act: (queries: Awaited<ReturnType<typeof openDatabase>>['queries']) => Promise<T>,
): Promise<T> {
  const database = await openDatabase({ url: server.url, dataDir: folder });
  try {
    return await act(database.queries);
  } finally {
    await database.stop();
  }
}

/** The exit code, and the document on stdout. */
async function run(...words: readonly string[]) {
  const written: string[] = [];
  const keep = (text: string | Uint8Array): boolean => written.push(String(text)) > 0;
  const out = vi.spyOn(process.stdout, 'write').mockImplementation(keep);
  const err = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
  const before = process.exitCode;
  try {
    await venueCommand().parseAsync([...words, '--config', config, '--json'], { from: 'user' });
    return { code: process.exitCode, answer: JSON.parse(written.join('')) as { kind: string } };
  } finally {
    process.exitCode = before;
    out.mockRestore();
    err.mockRestore();
  }
}

describe('venue', () => {
  test('says what is thought of a venue', async () => {
    expect(await run('alpha')).toMatchObject({
      code: 0,
      answer: { kind: 'venue', venue: 'alpha', signalsSay: 'exit', override: null },
    });
  });

  test('answers a word that allows more than the signals with a no, until it is confirmed with an end', async () => {
    const word = ['alpha', '--state', 'watch', '--reason', 'known'];
    const codeOf = async (...more: readonly string[]) => {
      const { code, answer } = await run(...word, ...more);
      return [code, (answer as { readonly code?: string }).code ?? answer.kind];
    };
    expect(await codeOf()).toEqual([3, 'CONFIRMATION_MISSING']);
    expect(await codeOf('--confirm', 'beta', '--until', tomorrow)).toEqual([
      3,
      'CONFIRMATION_MISSING',
    ]);
    expect(await codeOf('--confirm', 'alpha')).toEqual([3, 'UNTIL_MISSING']);
    expect(await codeOf('--confirm', 'alpha', '--until', '2020-01-01T00:00:00Z')).toEqual([
      3,
      'UNTIL_PAST',
    ]);
    expect(await codeOf('--confirm', 'alpha', '--until', tomorrow)).toEqual([0, 'recorded']);
    expect(await run('alpha')).toMatchObject({
      answer: { override: { state: 'watch', reason: 'known' } },
    });
  });

  test('takes a word towards less risk, lifts it by auto, and leaves both in the chained events', async () => {
    await inDatabase((queries) => assess(createSolvencyStore(queries, 'main'), 'healthy'));
    expect(await run('alpha', '--state', 'restrict', '--reason', 'rumours')).toMatchObject({
      code: 0,
    });
    expect(await run('alpha')).toMatchObject({
      answer: { state: 'restrict', signalsSay: 'healthy' },
    });
    expect(await run('alpha', '--state', 'auto')).toMatchObject({
      code: 3,
      answer: { code: 'CONFIRMATION_MISSING' },
    });
    expect(await run('alpha', '--state', 'auto', '--confirm', 'alpha')).toMatchObject({
      code: 0,
      answer: { override: null },
    });
    await inDatabase(async (queries) => {
      const rows = await queries
        .selectFrom('events')
        .select('detail')
        .where('kind', '=', 'venueOverride')
        .orderBy('number', 'desc')
        .limit(2)
        .execute();
      const [lifted, given] = rows.map(
        ({ detail }) => JSON.parse(detail) as Record<string, unknown>,
      );
      expect(given).toMatchObject({
        venue: 'alpha',
        after: 'restrict',
        reason: 'rumours',
        untilMs: null,
      });
      expect(given?.['by']).toMatch(/.@./);
      expect(lifted).toMatchObject({ before: 'restrict', after: 'auto' });
      expect(await verifyEvents(queries, 'main')).toMatchObject({ kind: 'intact' });
    });
  });

  test.each([
    [['omega'], '<id>'],
    [['alpha', '--state', 'exit', '--until', 'tomorrow'], '--until'],
    [['alpha', '--state', 'exit', '--until', '2026-13-45T00:00:00Z'], '--until'],
    [['alpha', '--state', 'exit', '--reason', 'x'.repeat(501)], '--reason'],
    [['alpha', '--reason', 'why'], '--state'],
  ])('%j is wrong input, and says where', async (words, path) => {
    expect(await run(...words)).toMatchObject({
      code: 2,
      answer: { kind: 'invalid', faults: [{ path }] },
    });
  });
});

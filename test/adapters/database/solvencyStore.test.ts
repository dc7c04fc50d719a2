/**
 * Goal: what the watch remembers comes back as it was, of each portfolio and venue its own, and an older look takes nothing back.
 * Method: a real PostgreSQL.
 */
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { createSolvencyStore } from '../../../src/adapters/database/solvencyStore.ts';
import { venueId } from '../../../src/domain/ids.ts';
import { NO_FEEDS } from '../../../src/signals/solvency/figures.ts';
import { nextMemory } from '../../../src/signals/solvency/memory.ts';
import type { VenueOverride } from '../../../src/signals/solvency/override.ts';
import { SOLVENCY_RULES } from '../../../src/signals/solvency/rules.ts';
import { openedDatabase } from './openedDatabase.ts';

const alpha = venueId('alpha');
const beta = venueId('beta');
const database = openedDatabase();

const memoryAt = (nowMs: number) =>
  nextMemory(
    null,
    {
      nowMs,
      figures: {
        markets: { kind: 'notOffered' },
        insuranceUsd: { kind: 'observed', value: 1.5e8, observedAtMs: nowMs },
        ownToken: { kind: 'unknown', reason: 'it’s "down"' },
      },
      chains: [{ coin: 'USDT', chain: 'TRX', isOpen: true, feeBase: 1 }],
      others: { kind: 'notOffered' },
      feeds: NO_FEEDS,
    },
    {},
    SOLVENCY_RULES,
  );

test('a memory comes back whole, and an older look does not replace it', async () => {
  const store = createSolvencyStore(database.queries, 'main');
  expect(await store.memory(alpha)).toBeNull();
  await store.recordMemory(alpha, memoryAt(2_000), 2_000);
  await store.recordMemory(alpha, memoryAt(1_000), 1_000);
  expect(await store.memory(alpha)).toEqual({ memory: memoryAt(2_000), atMs: 2_000 });
  await store.recordMemory(alpha, memoryAt(3_000), 3_000);
  expect((await store.memory(alpha))?.atMs).toBe(3_000);
});

test('the signals’ own state is kept apart, the newest of it', async () => {
  const store = createSolvencyStore(database.queries, 'main');
  expect(await store.assessed(alpha)).toBeNull();
  const dark = { state: 'unknown', confirmedAtMs: 1, stateBefore: 'watch' } as const;
  expect(await store.recordAssessed(alpha, dark, 1_000, null)).toBe(true);
  expect(await store.assessed(alpha)).toEqual({ ...dark, lookedAtMs: 1_000 });
  const exit = { state: 'exit', confirmedAtMs: 2 } as const;
  expect(await store.recordAssessed(alpha, exit, 2_000, 1_000)).toBe(true);
  const healthy = { state: 'healthy', confirmedAtMs: 3 } as const;
  // One who had not seen the exit, and one who had seen nothing at all.
  expect(await store.recordAssessed(alpha, healthy, 3_000, 1_000)).toBe(false);
  expect(await store.recordAssessed(alpha, healthy, 3_000, null)).toBe(false);
  expect(await store.assessed(alpha)).toEqual({ ...exit, lookedAtMs: 2_000 });
});

test('the newest word counts, none included, and every word is kept', async () => {
  const store = createSolvencyStore(database.queries, 'main');
  const word: VenueOverride = {
    state: 'watch',
    signalsSaid: 'exit',
    reason: 'it’s "known"',
    by: 'anna@desk',
    givenAtMs: 1,
    untilMs: 2,
  };
  expect(await store.override(alpha)).toBeNull();
  await store.recordOverride(alpha, word, 1);
  expect(await store.override(alpha)).toEqual(word);
  await store.recordOverride(alpha, null, 2);
  expect(await store.override(alpha)).toBeNull();
  await store.recordOverride(beta, word, 3);
  expect(await store.endOverride(beta, { ...word, by: 'bob' }, 4)).toBe(false);
  expect(await store.override(beta)).toEqual(word);
  expect(await store.endOverride(beta, word, 4)).toBe(true);
  expect(await store.override(beta)).toBeNull();
  expect(await store.endOverride(beta, word, 5)).toBe(false);
  const { rows } = await sql`select * from venue_overrides`.execute(database.queries);
  expect(rows).toHaveLength(3);
});

test('portfolios and venues do not mix', async () => {
  const main = createSolvencyStore(database.queries, 'main');
  const other = createSolvencyStore(database.queries, 'other');
  await main.recordAssessed(beta, { state: 'restrict', confirmedAtMs: 1 }, 1, null);
  expect(await other.assessed(beta)).toBeNull();
  expect(await other.memory(alpha)).toBeNull();
  expect((await main.assessed(beta))?.state).toBe('restrict');
});

/**
 * Goal: two never hold one portfolio at a time, whoever was frozen, and fencing numbers only rise.
 * Method: two pools on one real PostgreSQL; leases are run out by setting their end back, not by waiting.
 */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLease } from '../../../src/adapters/database/lease.ts';
import { type Database, openDatabase } from '../../../src/adapters/database/openDatabase.ts';
import type { HeldLease } from '../../../src/rebalance/ports/lease.ts';
import { startTestDatabase, type TestDatabase } from './server.ts';

let server: TestDatabase;
let first: Database;
let second: Database;

beforeAll(async () => {
  server = await startTestDatabase();
  first = await openDatabase({ url: server.url, dataDir: '.' });
  second = await openDatabase({ url: server.url, dataDir: '.' });
});
afterAll(async () => {
  await first.stop();
  await second.stop();
  await server.stop();
});

const leaseMs = 600_000;
const take = async (database: Database, portfolio: string): Promise<HeldLease> => {
  const held = await createLease(database.queries, leaseMs).acquire(portfolio);
  if (held === null) throw new Error('the lease is free, was held');
  return held;
};
const remainingMs = async (portfolio: string): Promise<number> => {
  const { rows } = await sql<{ readonly ms: number }>`
    select extract(epoch from expires_at - clock_timestamp())::float8 * 1000 as ms
    from leases where portfolio = ${portfolio}`.execute(first.queries);
  return rows[0]?.ms ?? 0;
};
const setRemaining = (portfolio: string, ms: number) =>
  sql`update leases set expires_at = clock_timestamp() + ${ms}::float8 * interval '1 millisecond'
    where portfolio = ${portfolio}`.execute(first.queries);

test('while one holds it, another gets nothing, until it is released', async () => {
  const held = await take(first, 'one');
  expect(await createLease(second.queries, leaseMs).acquire('one')).toBeNull();
  expect(await held.isHeld()).toBe(true);
  await held.release();
  expect(await held.isHeld()).toBe(false);
  expect((await take(second, 'one')).fencingNumber).toBe(held.fencingNumber + 1);
});

test('a frozen holder finds that it lost the lease, and cannot release the next one’s', async () => {
  const frozen = await take(first, 'frozen');
  await setRemaining('frozen', -1);
  expect(await frozen.isHeld()).toBe(false);
  const next = await take(second, 'frozen');
  expect(next.fencingNumber).toBeGreaterThan(frozen.fencingNumber);
  await frozen.release();
  expect(await frozen.isHeld()).toBe(false);
  expect(await next.isHeld()).toBe(true);
});

test('asking extends it once a quarter is used, so that three quarters always remain', async () => {
  const held = await take(first, 'extend');
  await setRemaining('extend', leaseMs * 0.8);
  expect(await held.isHeld()).toBe(true);
  expect(await remainingMs('extend')).toBeLessThan(leaseMs * 0.8);
  await setRemaining('extend', leaseMs * 0.7);
  expect(await held.isHeld()).toBe(true);
  expect(await remainingMs('extend')).toBeGreaterThan(leaseMs * 0.8);
});

test('of many who reach for a free lease at once, from two pools, one gets it', async () => {
  for (let round = 0; round < 5; round++) {
    const tries = Array.from({ length: 8 }, (_, index) =>
      createLease((index % 2 === 0 ? first : second).queries, leaseMs).acquire('race'),
    );
    const winners = (await Promise.all(tries)).filter((held) => held !== null);
    expect(winners).toHaveLength(1);
    expect(winners[0]?.fencingNumber).toBe(round + 1);
    await winners[0]?.release();
  }
});

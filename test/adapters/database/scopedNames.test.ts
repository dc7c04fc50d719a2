/**
 * Goal: a database of the version before keeps, for every portfolio, what it remembers: what was opened and booked is not
 * opened or booked again. Where it cannot be told whose it is, nothing is changed and a person is told what to do.
 * Method: real databases with the first schema alone, filled under the names of that version, then opened by this one.
 *
 * Tried, and seen to fail: names given only where there is one portfolio; the check of shared names left out.
 */
import { Migrator, sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPool, createQueries } from '../../../src/adapters/database/connection.ts';
import { firstSchema } from '../../../src/adapters/database/firstSchema.ts';
import { type Database, openDatabase } from '../../../src/adapters/database/openDatabase.ts';
import { portfolioScope } from '../../../src/adapters/database/scope.ts';
import { createStateStore } from '../../../src/adapters/database/stateStore.ts';
import { venueId } from '../../../src/domain/ids.ts';
import { OperatingError } from '../../../src/domain/operatingError.ts';
import { startTestDatabase, type TestDatabase } from './server.ts';

let server: TestDatabase;
const undo: (() => Promise<void>)[] = [];

beforeEach(async () => {
  server = await startTestDatabase();
  undo.push(server.stop);
});
afterEach(async () => {
  for (const stop of undo.splice(0).reverse()) await stop();
});

/** As the version before left it. */
async function oldDatabase(...statements: readonly string[]): Promise<void> {
  const pool = createPool({ url: server.url, connectionsMax: 1, timeoutMs: 15_000 });
  const queries = createQueries(pool, 'test');
  const provider = { getMigrations: async () => ({ '0001-first': firstSchema }) };
  const { error } = await new Migrator({ db: queries, provider }).migrateToLatest();
  expect(error).toBeUndefined();
  for (const statement of statements) await sql.raw(statement).execute(queries);
  await queries.destroy();
}

const opening = (portfolio: string, venue: string, id = `opening:${venue}:wallet`): string =>
  `insert into transactions values ('${portfolio}', '${id}', default, 'opening', '${venue}', 1)`;
const cursor = (name: string, atMs: number): string =>
  `insert into cursors values ('${name}', ${atMs})`;
const venueState = (venue: string, state: string): string =>
  `insert into venue_states values (default, '${venue}', '${state}', 1, 0.5, '[]', 1)`;

async function brought(): Promise<Database> {
  const database = await openDatabase({ url: server.url, dataDir: '.' });
  undo.push(() => database.stop());
  return database;
}

const stateOf = ({ queries }: Database, portfolio: string) =>
  createStateStore(queries, portfolioScope({ portfolio, markets: {}, lookbackBars: 1 }));

async function namesIn({ queries }: Database): Promise<readonly string[]> {
  const { rows } = await sql<{ readonly name: string }>`select name from cursors`.execute(queries);
  return rows.map((one) => one.name).sort();
}

test('one portfolio keeps its cursors and venue states, and reads its bars anew', async () => {
  await oldDatabase(
    opening('main', 'alpha'),
    cursor('opened|alpha', 3),
    cursor('fills|alpha', 4),
    cursor('foreignOrder|alpha|BTC/USDT:USDT|v1', 5),
    cursor('guardRung|main|alpha', 6),
    cursor('flows|main', 7),
    cursor('bars|alpha|BTC/USDT:USDT|mark|1', 8),
    venueState('alpha', 'exit'),
  );
  const database = await brought();
  expect(await namesIn(database)).toEqual([
    'main|fills|alpha',
    'main|flows|main',
    'main|foreignOrder|alpha|BTC/USDT:USDT|v1',
    'main|guardRung|main|alpha',
    'main|opened|alpha',
  ]);
  const main = stateOf(database, 'main');
  expect(await main.cursor('opened|alpha')).toBe(3);
  expect(await main.cursor('guardRung|main|alpha')).toBe(6);
  expect(await main.venueState(venueId('alpha'))).toMatchObject({ state: 'exit' });
});

test('two portfolios on venues of different names keep each its own', async () => {
  await oldDatabase(
    opening('one', 'alpha'),
    opening('two', 'beta'),
    opening('two', 'gamma'),
    ...['opened', 'fills', 'cash'].flatMap((feed) =>
      ['alpha', 'beta', 'gamma'].map((venue, index) => cursor(`${feed}|${venue}`, index)),
    ),
    cursor('flows|one', 7),
    cursor('noIncreaseUntil|two', 8),
    // A portfolio that is named as the other's venue.
    cursor('flows|alpha', 9),
    venueState('alpha', 'exit'),
    venueState('beta', 'reduce'),
  );
  const database = await brought();
  const [one, two] = [stateOf(database, 'one'), stateOf(database, 'two')];
  for (const feed of ['opened', 'fills', 'cash']) {
    expect(await one.cursor(`${feed}|alpha`)).toBe(0);
    expect(await two.cursor(`${feed}|beta`)).toBe(1);
    expect(await two.cursor(`${feed}|gamma`)).toBe(2);
    expect(await one.cursor(`${feed}|beta`)).toBeNull();
  }
  expect(await one.cursor('flows|one')).toBe(7);
  expect(await two.cursor('noIncreaseUntil|two')).toBe(8);
  expect(await stateOf(database, 'alpha').cursor('flows|alpha')).toBe(9);
  expect(await one.venueState(venueId('alpha'))).toMatchObject({ state: 'exit' });
  expect(await two.venueState(venueId('beta'))).toMatchObject({ state: 'reduce' });
  expect(await two.venueState(venueId('alpha'))).toBeNull();
});

test('a venue’s name that two portfolios share is refused with a remedy, and nothing is changed', async () => {
  await oldDatabase(
    opening('one', 'alpha'),
    opening('two', 'beta'),
    // It found `opened|alpha` there and never opened its own.
    opening('two', 'alpha', 'adjustment:alpha:wallet:USDT:#0'),
    cursor('opened|alpha', 1),
    cursor('opened|beta', 2),
    cursor('bars|alpha|BTC/USDT:USDT|mark|1', 8),
  );
  const error = await brought().then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof OperatingError)) throw new Error(`was ${String(error)}`);
  expect(error.message).toMatch(/have a venue alpha, was one, two$/);
  expect(error.remedy).toMatch(/database of its own/);
  expect(error.retryable).toBe(false);
  const queries = createQueries(
    createPool({ url: server.url, connectionsMax: 1, timeoutMs: 15_000 }),
    'test',
  );
  undo.push(() => queries.destroy());
  const left = await sql<{ readonly name: string }>`select name from cursors order by 1`.execute(
    queries,
  );
  expect(left.rows.map((one) => one.name)).toEqual([
    'bars|alpha|BTC/USDT:USDT|mark|1',
    'opened|alpha',
    'opened|beta',
  ]);
});

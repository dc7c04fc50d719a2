/**
 * Goal: history is kept once per stamp, half-open, oldest first, the venue's last word.
 * Method: a real PostgreSQL; every kind of series saved twice with another value.
 */
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { createHistoryStore } from '../../../src/adapters/database/historyStore.ts';
import { instrumentId } from '../../../src/domain/ids.ts';
import { perpetual } from '../../ledger/world.ts';
import { countedStatements } from './countedStatements.ts';
import { openedDatabase } from './openedDatabase.ts';

const database = openedDatabase();
const counted = countedStatements();

test('history is kept once per stamp, half-open, oldest first, the venue’s last word', async () => {
  const store = createHistoryStore(database.queries);
  const series = { instrument: perpetual.id, kind: 'mark', barMs: 10 } as const;
  await store.saveBars(series, [
    { openMs: 20, close: 2.5 },
    { openMs: 10, close: 0.1 + 0.2 },
  ]);
  await store.saveBars(series, [
    { openMs: 20, close: 2.75 },
    { openMs: 30, close: 3 },
  ]);
  await store.saveBars(series, []);
  expect(await store.bars(series, 10, 30)).toEqual([
    { openMs: 10, close: 0.1 + 0.2 },
    { openMs: 20, close: 2.75 },
  ]);
  expect(await store.bars({ ...series, kind: 'last' }, 0, 99)).toEqual([]);
  expect(await store.bars({ ...series, barMs: 20 }, 0, 99)).toEqual([]);

  await store.saveFunding(perpetual.id, [{ atMs: 1, rate: 1e-4 }]);
  await store.saveFunding(perpetual.id, [
    { atMs: 1, rate: 1e-4 },
    { atMs: 2, rate: -1e-4 },
  ]);
  expect(await store.funding(perpetual.id, 1, 2)).toEqual([{ atMs: 1, rate: 1e-4 }]);
  await store.saveYield(perpetual.id, 1, 0.05);
  await store.saveYield(perpetual.id, 1, 0.06);
  expect(await store.yields(perpetual.id, 0, 2)).toEqual([{ atMs: 1, yieldAnnual: 0.06 }]);
  await store.saveReadings('depth', [
    { atMs: 2, value: 5 },
    { atMs: 1, value: 4 },
    { atMs: 2, value: 6 },
  ]);
  await store.saveReadings('depth', [{ atMs: 3, value: 7 }]);
  await store.saveReadings('another', [{ atMs: 1, value: 9 }]);
  expect(await store.readings('depth', 1, 3)).toEqual([
    { atMs: 1, value: 4 },
    { atMs: 2, value: 6 },
  ]);
});

test('what is asked for in one turn is one statement, each answer in its own place', async () => {
  const queries = database.queries.withPlugin(counted.plugin);
  const store = createHistoryStore(queries);
  const [first, second] = [instrumentId('beta', 'A/USDT'), instrumentId('beta', 'B/USDT')];
  const series = { kind: 'mark', barMs: 10 } as const;
  await store.saveBars({ ...series, instrument: first }, [{ openMs: 10, close: Number.NaN }]);
  await store.saveBars({ ...series, instrument: second }, [
    { openMs: 10, close: 2 },
    { openMs: 20, close: -1e-7 },
  ]);
  await store.saveFunding(second, [{ atMs: 5, rate: 1e-4 }]);
  counted.count = 0;
  await Promise.all([
    store.saveReadings('one', [{ atMs: 1, value: 1 }]),
    store.saveReadings('other', [{ atMs: 1, value: 2 }]),
    store.saveReadings('one', [
      { atMs: 1, value: 3 },
      { atMs: 2, value: 4 },
    ]),
  ]);
  expect(counted.count).toBe(1);
  counted.count = 0;
  const bars = (instrument: typeof first, toMs: number) =>
    store.bars({ ...series, instrument }, 0, toMs);
  const found = await Promise.all([
    bars(second, 99),
    bars(first, 99),
    bars(second, 20),
    bars(instrumentId('beta', 'C/USDT'), 99),
    store.funding(first, 0, 99),
    store.funding(second, 0, 99),
    store.readings('other', 0, 99),
    store.readings('one', 0, 99),
  ]);
  expect(counted.count).toBe(3);
  expect(found).toEqual([
    [
      { openMs: 10, close: 2 },
      { openMs: 20, close: -1e-7 },
    ],
    [{ openMs: 10, close: Number.NaN }],
    [{ openMs: 10, close: 2 }],
    [],
    [],
    [{ atMs: 5, rate: 1e-4 }],
    [{ atMs: 1, value: 2 }],
    [
      { atMs: 1, value: 3 },
      { atMs: 2, value: 4 },
    ],
  ]);
});

test('a reading that is kept as it is given is neither written nor locked', async () => {
  const store = createHistoryStore(database.queries);
  await store.saveReadings('calm', [{ atMs: 1, value: 1 }]);
  await store.saveReadings('calm', [
    { atMs: 1, value: 1 },
    { atMs: 2, value: 2 },
  ]);
  const { rows } = await sql<{ readonly xmax: string }>`
    select xmax::text from readings where series = 'calm'`.execute(database.queries);
  expect(rows).toEqual([{ xmax: '0' }, { xmax: '0' }]);
});

/**
 * Goal: history is kept once per stamp, half-open, oldest first, the venue's last word.
 * Method: a real PostgreSQL; every kind of series saved twice with another value.
 */
import { expect, test } from 'vitest';
import { createHistoryStore } from '../../../src/adapters/database/historyStore.ts';
import { perpetual } from '../../ledger/world.ts';
import { openedDatabase } from './openedDatabase.ts';

const database = openedDatabase();

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

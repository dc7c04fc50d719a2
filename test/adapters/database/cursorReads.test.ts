/** Cursors asked for together are read by one statement, each answer as new as its question. Method: a real database, statements counted. */
import type { KyselyPlugin } from 'kysely';
import { expect, test } from 'vitest';
import { createStateStore } from '../../../src/adapters/database/stateStore.ts';
import { countedStatements } from './countedStatements.ts';
import { openedDatabase } from './openedDatabase.ts';

const database = openedDatabase();
const counted = countedStatements();

test('cursors asked for together are read at once, each by its own name', async () => {
  const store = createStateStore(database.queries.withPlugin(counted.plugin));
  await store.setCursor('cash|alpha', 1_700_000_000_000);
  await store.setCursor('fills|alpha', 2);
  counted.count = 0;
  const names = ['fills|alpha', 'none', 'cash|alpha', 'fills|alpha'];
  const found = await Promise.all(names.map((name) => store.cursor(name)));
  expect(found).toEqual([2, null, 1_700_000_000_000, 2]);
  expect(counted.count).toBe(1);
});

test('one that was written between two questions is read anew', async () => {
  const store = createStateStore(database.queries.withPlugin(counted.plugin));
  await store.setCursor('bars', 1);
  const before = store.cursor('bars');
  const after = (async () => {
    await store.setCursor('bars', 2);
    return await store.cursor('bars');
  })();
  await before;
  expect(await after).toBe(2);
  await store.setCursor('bars', 3);
  expect(await store.cursor('bars')).toBe(3);
});

test('a failure is every asker’s, and not the next one’s', async () => {
  const failing: KyselyPlugin = {
    transformQuery: ({ node }) => {
      counted.count += 1;
      if (counted.count === 1) throw new Error('no connection');
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  };
  const store = createStateStore(database.queries.withPlugin(failing));
  counted.count = 0;
  const both = await Promise.allSettled([store.cursor('one'), store.cursor('other')]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await store.cursor('one')).toBeNull();
});

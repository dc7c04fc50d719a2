/**
 * Goal: an event that was appended stays as it is, and who changes or removes one is found out.
 * Method: a real PostgreSQL; the append-only tables attacked by the daemon's own role and by a superuser.
 */
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { verifyEvents } from '../../../src/adapters/database/eventChain.ts';
import { createStateStore } from '../../../src/adapters/database/stateStore.ts';
import { openedDatabase } from './openedDatabase.ts';

const database = openedDatabase();

test('events are chained, also when many append at once, and cannot be changed', async () => {
  const store = createStateStore(database.queries);
  const details = [{ text: 'ü \\ "' }, undefined, [1, null], 'plain', 1e21];
  await Promise.all(details.map((detail, at) => store.appendEvent('events', 'kind', detail, at)));
  expect(await verifyEvents(database.queries, 'events')).toEqual({ kind: 'intact', events: 5 });
  for (const attack of ['update events set kind = null', 'delete from events', 'truncate events']) {
    await expect(sql.raw(attack).execute(database.queries)).rejects.toThrow('append-only');
  }
  await expect(sql`delete from postings`.execute(database.queries)).rejects.toThrow('append-only');
});

test('a superuser who forges an event, or takes one out, is found out', async () => {
  const store = createStateStore(database.queries);
  const attack = (statement: string) =>
    database.queries.connection().execute(async (one) => {
      await sql`set session_replication_role = replica`.execute(one);
      await sql.raw(statement).execute(one);
      await sql`set session_replication_role = origin`.execute(one);
    });
  for (const portfolio of ['forged', 'cut']) {
    for (const at of [1, 2, 3]) await store.appendEvent(portfolio, 'kind', { at }, at);
  }
  await attack(`update events set detail = '{"at":9}' where portfolio = 'forged' and number = 2`);
  await attack(`delete from events where portfolio = 'cut' and number = 1`);
  expect(await verifyEvents(database.queries, 'forged')).toEqual({ kind: 'broken', number: 2 });
  expect(await verifyEvents(database.queries, 'cut')).toEqual({ kind: 'broken', number: 1 });
});

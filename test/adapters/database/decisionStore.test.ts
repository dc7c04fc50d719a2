/**
 * Goal: the first decision of an id, and its first end, are what is answered; the unfinished come oldest first.
 * Method: a real PostgreSQL; the port once by hand.
 */
import { expect, test } from 'vitest';
import { createDecisionStore } from '../../../src/adapters/database/decisionStore.ts';
import { createLedgerStore } from '../../../src/adapters/database/ledgerStore.ts';
import { createOrderStore } from '../../../src/adapters/database/orderStore.ts';
import { readClientOrderId, rebalanceId } from '../../../src/domain/ids.ts';
import { fillOf, perpetual } from '../../ledger/world.ts';
import { openedDatabase } from './openedDatabase.ts';
import { decisionRecord, order } from './recordsGiven.ts';

const database = openedDatabase();

test('the first decision of an id wins and comes back whole', async () => {
  const store = createDecisionStore(database.queries);
  const first = decisionRecord('d1', 'decide');
  expect(await store.record(first)).toEqual(first);
  expect(await store.record(decisionRecord('d1', 'decide', 2))).toEqual(first);
  expect(await store.find(first.rebalanceId)).toEqual(first);
  expect(await store.find(rebalanceId('none'))).toBeNull();
});

test('unfinished decisions come oldest first, the latest is the newest, the first end stays', async () => {
  const store = createDecisionStore(database.queries);
  for (const id of ['u1', 'u2', 'u3']) await store.record(decisionRecord(id, 'unfinished'));
  await store.finish(rebalanceId('u2'), 'complete', 5);
  await store.finish(rebalanceId('u2'), 'expired', 6);
  const ids = (await store.unfinished('unfinished')).map((one) => one.rebalanceId);
  expect(ids).toEqual(['u1', 'u3']);
  expect((await store.latest('unfinished'))?.rebalanceId).toBe('u3');
  expect(await store.summaries('unfinished', 2)).toMatchObject([
    { rebalanceId: 'u3', outcome: null, ordersDenied: 1, ordersSent: 0, fills: 0 },
    { rebalanceId: 'u2', outcome: 'complete', endedAtMs: 5 },
  ]);
});

test('a summary counts the orders that were sent and their fills', async () => {
  const decisions = createDecisionStore(database.queries);
  const orders = createOrderStore(database.queries);
  await decisions.record(decisionRecord('counted-r', 'counted'));
  await orders.intend(order('c1', 'counted', { sentAtMs: 5 }));
  await orders.intend(order('c2', 'counted'));
  const fills = ['1', '2'].map((id) => ({
    ...fillOf(perpetual, id, 1, 100),
    clientOrderId: readClientOrderId('c1'),
  }));
  await createLedgerStore(database.queries).recordFills('counted', fills);
  expect(await decisions.summaries('counted', 1)).toMatchObject([{ ordersSent: 1, fills: 2 }]);
});

/**
 * Goal: the first intent of an order wins, and no update of an older state, of an older request or with less filled is written.
 * Method: a real PostgreSQL; the port once by hand, updates in the order in which a frozen process would send them.
 */
import { expect, test } from 'vitest';
import { createOrderStore } from '../../../src/adapters/database/orderStore.ts';
import { createStateStore } from '../../../src/adapters/database/stateStore.ts';
import { decimal } from '../../../src/domain/decimal.ts';
import { instrumentId, readClientOrderId, rebalanceId, venueId } from '../../../src/domain/ids.ts';
import { alpha, perpetual } from '../../ledger/world.ts';
import { openedDatabase } from './openedDatabase.ts';
import { order } from './recordsGiven.ts';

const database = openedDatabase();

test('the first intent of an id wins, with every figure as it was', async () => {
  const store = createOrderStore(database.queries);
  const first = order('o1', 'intend');
  expect(await store.intend(first)).toEqual(first);
  expect(await store.intend(order('o1', 'intend', { quantityBase: decimal('9') }))).toEqual(first);
  expect(await store.find(first.clientOrderId)).toEqual(first);
});

test('an update changes what it names; an order that was never intended cannot be updated', async () => {
  const store = createOrderStore(database.queries);
  const first = order('o2', 'update', { reason: 'timeout' });
  await store.intend(first);
  const update = {
    state: 'filled',
    filledBase: decimal('0.01'),
    reason: null,
    endedAtMs: 7,
  } as const;
  const record = { ...first, ...update };
  expect(await store.update(first.clientOrderId, update, first)).toEqual({
    isWritten: true,
    record,
  });
  expect(await store.find(first.clientOrderId)).toEqual(record);
  await expect(store.update(readClientOrderId('nobody'), update, first)).rejects.toThrow(
    'was nobody',
  );
});

test('an update onto a state that the row has left writes nothing and gives the row back', async () => {
  const store = createOrderStore(database.queries);
  const first = order('o3', 'update', { state: 'filled', filledBase: decimal('0.01') });
  await store.intend(first);
  const late = { state: 'unknown', reason: 'timeout' } as const;
  expect(await store.update(first.clientOrderId, late, { ...first, state: 'intended' })).toEqual({
    isWritten: false,
    record: first,
  });
  expect(await store.find(first.clientOrderId)).toEqual(first);
});

test('an update of an older request, or with less filled, writes nothing and gives the row back', async () => {
  const store = createOrderStore(database.queries);
  const first = order('o4', 'update');
  await store.intend(first);
  // Found absent and asked for again: intended as before, and another request.
  await store.update(first.clientOrderId, { state: 'absent', sentAtMs: 5 }, first);
  const again = { ...first, sentAtMs: 9 };
  await store.update(
    first.clientOrderId,
    { state: 'intended', sentAtMs: 9 },
    { state: 'absent', sentAtMs: 5 },
  );
  expect(await store.update(first.clientOrderId, { state: 'rejected' }, first)).toEqual({
    isWritten: false,
    record: again,
  });
  const more = { state: 'working', filledBase: decimal('10') } as const;
  const grown = { ...again, ...more };
  expect(await store.update(first.clientOrderId, more, again)).toEqual({
    isWritten: true,
    record: grown,
  });
  // As numbers: "9" is more than "10" as a text.
  expect(await store.update(first.clientOrderId, { filledBase: decimal('9') }, grown)).toEqual({
    isWritten: false,
    record: grown,
  });
  const done = { state: 'filled', filledBase: decimal('10') } as const;
  expect((await store.update(first.clientOrderId, done, grown)).isWritten).toBe(true);
});

test('orders of some instruments since a time, oldest first', async () => {
  const store = createOrderStore(database.queries);
  const [btc, eth] = [instrumentId(alpha, 'BTC'), instrumentId(alpha, 'ETH')];
  await store.intend(order('n1', 'since', { instrument: btc, intendedAtMs: 99 }));
  await store.intend(order('n2', 'since', { instrument: btc, intendedAtMs: 100 }));
  await store.intend(order('n3', 'since', { instrument: eth, intendedAtMs: 101 }));
  await store.intend(order('n4', 'another', { instrument: btc, intendedAtMs: 102 }));
  const since = async (...asked: (typeof btc)[]) =>
    (await store.since('since', asked, 100)).map((one) => one.clientOrderId);
  expect(await since(btc)).toEqual(['n2']);
  expect(await since(eth, btc)).toEqual(['n2', 'n3']);
});

test('unended orders, orders of a rebalance, and the message rate', async () => {
  const store = createOrderStore(database.queries);
  await store.intend(order('p1', 'open', { state: 'unknown', sentAtMs: 100 }));
  await store.intend(order('p2', 'open', { state: 'cancelled', sentAtMs: 200 }));
  await store.intend(order('p3', 'open', { state: 'working', sentAtMs: 300 }));
  expect((await store.unended('open')).map((one) => one.clientOrderId)).toEqual(['p1', 'p3']);
  expect(await store.ofRebalance(rebalanceId('open-r'))).toHaveLength(3);
  expect(await store.sentSince('open', alpha, 200)).toBe(2);
  expect(await store.sentSince('open', venueId('beta'), 0)).toBe(0);
});

test('a transfer knows which of a venue’s are claimed by others, of its own venue and kind alone', async () => {
  const store = createOrderStore(database.queries);
  const transfer = { action: 'transfer', state: 'filled' } as const;
  const own = await store.intend(order('c1', 'claims', { ...transfer, venueOrderId: '7' }));
  await store.intend(order('c2', 'claims', { ...transfer, venueOrderId: '8' }));
  await store.intend(order('c3', 'claims', { state: 'filled', venueOrderId: '9' }));
  expect(await store.claimedTransfers(own, ['7', '8', '9', '10'])).toEqual(new Set(['8']));
  expect(await store.claimedTransfers(own, [])).toEqual(new Set());
  const elsewhere = { ...own, venue: venueId('beta') };
  expect(await store.claimedTransfers(elsewhere, ['7', '8'])).toEqual(new Set());
  // Another portfolio's venue of that name is another account.
  expect(await store.claimedTransfers({ ...own, portfolio: 'other' }, ['8'])).toEqual(new Set());
});

test('repeats count ended orders without a fill since the last fill, per instrument', async () => {
  const store = createOrderStore(database.queries);
  const ended = { state: 'cancelled' } as const;
  await store.intend(order('q1', 'repeat', ended));
  await store.intend(order('q2', 'repeat', { ...ended, filledBase: decimal('0.1') }));
  expect(await store.repeats('repeat', 0)).toEqual({});
  await store.intend(order('q3', 'repeat', ended));
  await store.intend(order('q4', 'repeat', { state: 'rejected' }));
  await store.intend(order('q5', 'repeat', { state: 'working' }));
  expect(await store.repeats('repeat', 0)).toEqual({ [perpetual.id]: 2 });
  // A person resumed after them.
  expect(await store.repeats('repeat', Number.MAX_SAFE_INTEGER)).toEqual({});
});

test('what counts against the message rate is what was sent since, or may have been and has no answer', async () => {
  const orders = createOrderStore(database.queries);
  const state = createStateStore(database.queries);
  const of = (id: string, intendedAtMs: number, sentAtMs: number | null) =>
    orders.intend(order(id, 'rate', { portfolio: 'rate', intendedAtMs, sentAtMs }));
  await of('r1', 900, 950);
  await of('r2', 990, 1_000);
  await of('r3', 1_010, null);
  await of('r4', 990, null);
  expect(await orders.sentSince('rate', alpha, 1_000)).toBe(2);
  const { venues } = await state.sendingState('rate', {
    venues: [alpha],
    sinceMs: 1_000,
    permission: 'permitted',
    fence: 'fenced',
    leaseAsked: 'asked',
  });
  expect(venues).toMatchObject([{ venue: alpha, ordersSent: 2 }]);
});

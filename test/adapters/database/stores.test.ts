/**
 * Goal: what the stores were given first is what they answer, exactly, however often they are given it.
 * Method: a real PostgreSQL; each port once by hand, postings doubled at random, the append-only tables attacked.
 */
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDecisionStore } from '../../../src/adapters/database/decisionStore.ts';
import { verifyEvents } from '../../../src/adapters/database/eventChain.ts';
import { createHistoryStore } from '../../../src/adapters/database/historyStore.ts';
import { createLedgerStore } from '../../../src/adapters/database/ledgerStore.ts';
import { type Database, openDatabase } from '../../../src/adapters/database/openDatabase.ts';
import { createOrderStore } from '../../../src/adapters/database/orderStore.ts';
import { createStateStore } from '../../../src/adapters/database/stateStore.ts';
import { decimal } from '../../../src/domain/decimal.ts';
import {
  instrumentId,
  legId,
  readClientOrderId,
  rebalanceId,
  venueId,
} from '../../../src/domain/ids.ts';
import type { OrderRecord } from '../../../src/domain/order.ts';
import { applyTransactions, type Balance, emptyBook } from '../../../src/ledger/book.ts';
import { fillTransaction } from '../../../src/ledger/tradeTransaction.ts';
import type { Transaction } from '../../../src/ledger/transaction.ts';
import type { DecisionRecord } from '../../../src/rebalance/ports/stores.ts';
import { a, alpha, b, fillOf, perpetual } from '../../ledger/world.ts';
import { startTestDatabase, type TestDatabase } from './server.ts';

let server: TestDatabase;
let database: Database;

beforeAll(async () => {
  server = await startTestDatabase();
  database = await openDatabase({ url: server.url, dataDir: '.' });
});
afterAll(async () => {
  await database.stop();
  await server.stop();
});

/** Only what the store reads of a decision is real here; the rest it carries. */
const decisionRecord = (id: string, portfolio: string, observedAtMs = 1): DecisionRecord =>
  ({
    rebalanceId: rebalanceId(id),
    portfolio,
    trigger: 'schedule',
    scheduledAtMs: 1_700_000_000_000,
    codeVersion: '0.1.0',
    policy: { portfolio },
    snapshot: { observedAtMs, returnsByLeg: [[0.1, null, -1e-9]] },
    decision: {
      kind: 'stand',
      rebalanceId: rebalanceId(id),
      decidedAtMs: 1_700_000_000_001,
      deadlineMs: 1_700_000_120_000,
      code: 'WITHIN_BANDS',
      reason: 'nothing moved',
      denials: [{ code: 'HALTED', instrument: null, message: 'm', limit: null, found: 1 }],
      explanation: null,
    },
  }) as unknown as DecisionRecord;

const order = (id: string, portfolio: string, more: Partial<OrderRecord> = {}): OrderRecord => ({
  clientOrderId: readClientOrderId(id),
  portfolio,
  rebalanceId: rebalanceId(`${portfolio}-r`),
  instrument: perpetual.id,
  venue: alpha,
  symbol: perpetual.symbol,
  action: 'buy',
  timeInForce: 'ioc',
  quantityBase: decimal('0.012345678901234567'),
  limitPrice: decimal('1500.05'),
  decisionPrice: 1500.123456789,
  arrival: { mid: 1500.25, halfSpread: 0.05 },
  reduceOnly: false,
  slice: 0,
  attempt: 0,
  purpose: 'plan',
  state: 'intended',
  venueOrderId: null,
  filledBase: decimal('0'),
  reason: null,
  intendedAtMs: 1_700_000_000_002,
  sentAtMs: null,
  ackedAtMs: null,
  endedAtMs: null,
  ...more,
});

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

test('what is asked before every request says in one reading what the single readings say', async () => {
  const orders = createOrderStore(database.queries);
  const state = createStateStore(database.queries);
  const [sending, unheard] = [venueId('sending'), venueId('unheard')];
  const [permission, fence] = ['permission of sending', 'fence of sending'];
  const asked = { venues: [sending, unheard], sinceMs: 200, permission, fence };
  const quiet = { ordersSent: 0, state: null };
  expect(await state.sendingState('sending', asked)).toEqual({
    permittedUntilMs: null,
    fencedUntilMs: null,
    venues: [
      { venue: sending, ...quiet },
      { venue: unheard, ...quiet },
    ],
  });
  await orders.intend(order('s1', 'sending', { venue: sending, sentAtMs: 199 }));
  await orders.intend(order('s2', 'sending', { venue: sending, sentAtMs: 200 }));
  await orders.intend(order('s3', 'sending', { venue: sending, sentAtMs: null }));
  await orders.intend(order('s4', 'another', { venue: sending, sentAtMs: 300 }));
  await state.setCursor(permission, 77);
  await state.setCursor(fence, 88);
  const assessed = { confirmedAtMs: 1, defaultProbabilityAnnual: 0.1, evidence: [] };
  await state.recordVenueState(sending, { ...assessed, state: 'exit' }, 1);
  await state.recordVenueState(sending, { ...assessed, state: 'restrict' }, 2);
  expect(await state.sendingState('sending', asked)).toEqual({
    permittedUntilMs: 77,
    fencedUntilMs: 88,
    venues: [
      {
        venue: sending,
        ordersSent: await orders.sentSince('sending', sending, 200),
        state: (await state.venueState(sending))?.state,
      },
      { venue: unheard, ...quiet },
    ],
  });
  expect(await orders.sentSince('sending', sending, 200)).toBe(1);
  expect(await state.sendingState('sending', { ...asked, venues: [] })).toMatchObject({
    venues: [],
  });
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

const fill = (id: string, lots: number, atMs = 1): Transaction => ({
  ...fillTransaction(
    fillOf(perpetual, id, lots / 1000, 100.1, { amount: decimal('0.1'), coin: 'USDT' }),
    {
      instrument: perpetual,
      weights: [
        { leg: a, weight: 2 },
        { leg: b, weight: 1 },
      ],
      rebalanceId: rebalanceId('ledger-r'),
    },
  ),
  atMs,
});

test('transactions come back as they were posted, in the order of time', async () => {
  const store = createLedgerStore(database.queries);
  const posted = [fill('late', 1000, 9), fill('early', 7, 3)];
  expect(await store.post('ledger', posted)).toEqual(posted.map((one) => one.id));
  expect(await store.transactions('ledger', {})).toEqual([...posted].reverse());
  const filter = { sinceMs: 4, venue: alpha, rebalanceId: rebalanceId('ledger-r') };
  expect(await store.transactions('ledger', filter)).toEqual([posted[0]]);
  expect(await store.transactions('ledger', { venue: venueId('beta') })).toEqual([]);
});

test('property: posting any of it again, in any grouping, changes nothing', async () => {
  const store = createLedgerStore(database.queries);
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          id: fc.integer({ min: 0, max: 6 }),
          lots: fc.integer({ min: 1, max: 10_000_000 }),
        }),
        { minLength: 1, maxLength: 12 },
      ),
      fc.integer({ min: 1, max: 4 }),
      async (steps, group) => {
        const portfolio = `double-${run++}`;
        const unique = new Map<string, Transaction>();
        for (const { id, lots } of steps) {
          const one = fill(String(id), lots);
          if (!unique.has(one.id)) unique.set(one.id, one);
        }
        const all = [...unique.values()];
        for (let at = 0; at < all.length; at += group) {
          await store.post(portfolio, all.slice(at, at + group));
        }
        const before = await store.balances(portfolio);
        const book = applyTransactions(emptyBook, all);
        expect([...before].sort(byKey)).toEqual([...book.balances.values()].sort(byKey));
        expect(await store.post(portfolio, all)).toEqual([]);
        expect(await store.balances(portfolio)).toEqual(before);
      },
    ),
    { seed: 20221106, numRuns: 15 },
  );
});
const key = (one: Balance): string => [one.venue, one.account, one.commodity, one.leg].join('|');
const byKey = (one: Balance, other: Balance): number => (key(one) < key(other) ? -1 : 1);

test('one post with a transaction twice writes it once', async () => {
  const store = createLedgerStore(database.queries);
  const one = fill('twice', 5);
  const other = fill('other', 6);
  expect(await store.post('twice', [one, other, fill('twice', 9)])).toEqual([one.id, other.id]);
  expect(await store.transactions('twice', {})).toEqual([one, other]);
});

test('what does not balance is refused by us, and by the database from anyone', async () => {
  const store = createLedgerStore(database.queries);
  const one = fill('bad', 5);
  const bad = { ...one, postings: one.postings.slice(1) };
  await expect(store.post('bad', [bad])).rejects.toThrow('balances, was');
  await store.post('bad', [one]);
  await expect(
    sql`insert into postings values ('bad', ${one.id}, 99, 'alpha', 'wallet', 'USDT', null, 1)`.execute(
      database.queries,
    ),
  ).rejects.toThrow('does not balance in USDT, was 1');
});

test('fills are kept once, with every digit, by the rebalance of their order', async () => {
  const store = createLedgerStore(database.queries);
  await createOrderStore(database.queries).intend(order('f1', 'fills'));
  const own = {
    ...fillOf(perpetual, 'x', '0.1', '1500.05'),
    clientOrderId: readClientOrderId('f1'),
  };
  const foreign = fillOf(perpetual, 'y', 1, 1);
  await store.recordFills('fills', [own, foreign]);
  await store.recordFills('fills', [own]);
  await store.recordFills('fills', []);
  expect(await store.fillsOf(rebalanceId('fills-r'))).toEqual([own]);
  const elsewhere = { ...own, instrument: instrumentId('alpha', 'other') };
  const another = { ...own, fillId: 'not yet' };
  expect(await store.unrecorded('fills', [own, elsewhere, foreign, another])).toEqual([
    elsewhere,
    another,
  ]);
  expect(await store.unrecorded('of another', [own])).toEqual([own]);
});

test('the installation is made once, also by many at once', async () => {
  const store = createStateStore(database.queries);
  const ids = await Promise.all([1, 2, 3].map(() => store.installation()));
  expect(new Set(ids).size).toBe(1);
  expect(ids[0]).toMatch(/^[0-9a-f]{32}$/);
});

test('a halt stays until it is lifted', async () => {
  const store = createStateStore(database.queries);
  expect(await store.halt('halt')).toEqual({ halted: false, reason: null });
  await store.setHalt('halt', 'by hand', 1);
  expect(await store.halt('halt')).toEqual({ halted: true, reason: 'by hand' });
  await store.setHalt('halt', null, 2);
  expect(await store.halt('halt')).toEqual({ halted: false, reason: null });
});

test('a withdrawal lowers peak and day’s start with the equity: it is no drawdown', async () => {
  const store = createStateStore(database.queries);
  expect(await store.equityMarks('equity', 0)).toEqual({
    peakEquityUsd: null,
    dayStartEquityUsd: null,
    flowsUsd: 0,
  });
  await store.recordEquity('equity', { atMs: 10, equityUsd: 1000, flowsUsd: 0 });
  await store.recordEquity('equity', { atMs: 20, equityUsd: 1200, flowsUsd: 0 });
  await store.recordEquity('equity', { atMs: 30, equityUsd: 700, flowsUsd: -500 });
  await store.recordEquity('equity', { atMs: 30, equityUsd: 1, flowsUsd: 1 });
  expect(await store.equityMarks('equity', 15)).toEqual({
    peakEquityUsd: 700,
    dayStartEquityUsd: 700,
    flowsUsd: -500,
  });
  expect((await store.equityMarks('equity', 31)).dayStartEquityUsd).toBeNull();
});

test('venue states, discrepancies and cursors answer with the newest', async () => {
  const store = createStateStore(database.queries);
  expect(await store.venueState(alpha)).toBeNull();
  const stored = {
    state: 'watch',
    confirmedAtMs: 5,
    defaultProbabilityAnnual: 0.02,
    evidence: ['netflow'],
  } as const;
  await store.recordVenueState(alpha, { ...stored, state: 'healthy' }, 4);
  const known = (await store.venueState(alpha))?.sequence ?? 0;
  expect(await store.recordVenueState(alpha, stored, 5, known)).toBe(true);
  expect(await store.venueState(alpha)).toMatchObject({ ...stored, atMs: 5 });
  // A look that began before it is refused, a person's word is not.
  const late = { ...stored, state: 'healthy' } as const;
  expect(await store.recordVenueState(alpha, late, 6, known)).toBe(false);
  expect(await store.recordVenueState(alpha, late, 6, 0)).toBe(false);
  expect(await store.venueState(alpha)).toMatchObject(stored);
  expect(await store.recordVenueState(alpha, { ...stored, state: 'exit' }, 7)).toBe(true);
  expect(await store.venueState(alpha)).toMatchObject({ state: 'exit', atMs: 7 });
  const at = (await store.venueState(alpha))?.sequence ?? 0;
  const raced = await Promise.all(
    [8, 9, 10].map((atMs) => store.recordVenueState(alpha, stored, atMs, at)),
  );
  expect(raced.filter((isWritten) => isWritten)).toHaveLength(1);

  const found = [
    { venue: alpha, kind: 'position', subject: 's', ledger: '1', venueSays: '2' },
  ] as const;
  await store.setDiscrepancies('state', found, 1);
  expect(await store.discrepancies('state')).toEqual(found);
  await store.setDiscrepancies('state', [], 2);
  expect(await store.discrepancies('state')).toEqual([]);

  expect(await store.cursor('cash:alpha')).toBeNull();
  await store.setCursor('cash:alpha', 1);
  await store.setCursor('cash:alpha', 1_700_000_000_000);
  expect(await store.cursor('cash:alpha')).toBe(1_700_000_000_000);
});

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

test('a leg without a name is no leg', async () => {
  const store = createLedgerStore(database.queries);
  const one = fill('legs', 5);
  const mixed = {
    ...one,
    postings: one.postings.map((posting) => ({ ...posting, leg: posting.leg === b ? null : a })),
  };
  await store.post('legs', [mixed]);
  const legs = new Set((await store.balances('legs')).map((balance) => balance.leg));
  expect(legs).toEqual(new Set([legId('a'), null]));
});

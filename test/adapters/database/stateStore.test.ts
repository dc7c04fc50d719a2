/**
 * Goal: what is remembered of a portfolio and its venues answers with the newest, and is written once where many write at once.
 * Method: a real PostgreSQL; the port once by hand, races included.
 */
import { expect, test } from 'vitest';
import { createOrderStore } from '../../../src/adapters/database/orderStore.ts';
import { createStateStore } from '../../../src/adapters/database/stateStore.ts';
import { venueId } from '../../../src/domain/ids.ts';
import { alpha } from '../../ledger/world.ts';
import { openedDatabase } from './openedDatabase.ts';
import { order } from './recordsGiven.ts';

const database = openedDatabase();

test('what is asked before every request says in one reading what the single readings say', async () => {
  const orders = createOrderStore(database.queries);
  const state = createStateStore(database.queries);
  const [sending, unheard] = [venueId('sending'), venueId('unheard')];
  const [permission, fence] = ['permission of sending', 'fence of sending'];
  const leaseAsked = 'asked of sending';
  const asked = { venues: [sending, unheard], sinceMs: 200, permission, fence, leaseAsked };
  const quiet = { ordersSent: 0, state: null };
  expect(await state.sendingState('sending', asked)).toEqual({
    haltReason: null,
    permittedUntilMs: null,
    fencedUntilMs: null,
    leaseAskedUntilMs: null,
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
  await state.setCursor(leaseAsked, 99);
  await state.setHalt('sending', 'first', 1);
  await state.setHalt('sending', 'second', 2);
  await state.setHalt('another', null, 3);
  const assessed = { confirmedAtMs: 1, defaultProbabilityAnnual: 0.1, evidence: [] };
  await state.recordVenueState(sending, { ...assessed, state: 'exit' }, 1);
  await state.recordVenueState(sending, { ...assessed, state: 'restrict' }, 2);
  expect(await state.sendingState('sending', asked)).toEqual({
    haltReason: (await state.halt('sending')).reason,
    permittedUntilMs: 77,
    fencedUntilMs: 88,
    leaseAskedUntilMs: 99,
    venues: [
      {
        venue: sending,
        ordersSent: await orders.sentSince('sending', sending, 200),
        state: (await state.venueState(sending))?.state,
      },
      { venue: unheard, ...quiet },
    ],
  });
  expect(await orders.sentSince('sending', sending, 200)).toBe(2);
  expect((await state.halt('sending')).reason).toBe('second');
  await state.setHalt('sending', null, 4);
  expect(await state.sendingState('sending', asked)).toMatchObject({ haltReason: null });
  expect(await state.sendingState('sending', { ...asked, venues: [] })).toMatchObject({
    venues: [],
  });
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

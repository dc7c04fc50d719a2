/**
 * Goal: ready only when nothing speaks against trading, and every reason names its thing.
 * Method: all well, then one thing at a time; then any set of them, each adding its own reason.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ReadinessFacts, readinessOf } from '../../src/dashboard/readiness.ts';

const well: ReadinessFacts = {
  daemon: { reconciledAtMs: 1, queueUp: true },
  halted: false,
  haltReason: null,
  discrepancies: 0,
  feeds: [{ feed: 'account-alpha', ageMs: 120_000, ageMsMax: 120_000 }],
  venues: [
    { id: 'alpha', state: 'watch' },
    { id: 'beta', state: 'exit' },
  ],
};

const ills: readonly (readonly [string, Partial<ReadinessFacts>, string])[] = [
  ['a halt', { halted: true, haltReason: 'by hand' }, 'halted: by hand'],
  ['no daemon', { daemon: null }, 'read from the database alone: no daemon was asked'],
  ['a discrepancy', { discrepancies: 2 }, 'ledger and venue disagree, discrepancies: 2'],
  [
    'stale data',
    { feeds: [{ feed: 'account-alpha', ageMs: 120_001, ageMsMax: 120_000 }] },
    'stale data: account-alpha must be at most 120000 ms old, was 120001',
  ],
  [
    'a stopped reconcile',
    { work: [{ work: 'reconcile', ageMs: 960_001, ageMsMax: 960_000 }] },
    'work overdue: the last reconcile must be at most 960000 ms ago, was 960001',
  ],
  [
    'no trusted venue',
    {
      venues: [
        { id: 'alpha', state: 'unknown' },
        { id: 'beta', state: 'restrict' },
      ],
    },
    'no venue may take new risk: alpha unknown, beta restrict',
  ],
];

describe('readiness', () => {
  it('is given when all is well, one venue in trouble notwithstanding', () => {
    expect(readinessOf(well)).toEqual({ ready: true, reasons: [] });
  });

  it.each(ills)('is refused for %s, which it names', (_, ill, reason) => {
    expect(readinessOf({ ...well, ...ill })).toEqual({ ready: false, reasons: [reason] });
  });

  it('is refused before the first reconciliation, with the queue down, without data', () => {
    const unreconciled = { ...well, daemon: { reconciledAtMs: null, queueUp: false } };
    expect(readinessOf(unreconciled).reasons).toEqual([
      'not reconciled since the start',
      'queue down',
    ]);
    const work = [{ work: 'rebalance', ageMs: null, ageMsMax: 1 }];
    expect(readinessOf({ ...well, work }).reasons).toEqual([
      'work overdue: no rebalance since the start',
    ]);
    const feeds = [{ feed: 'bars-beta', ageMs: null, ageMsMax: 1 }];
    expect(readinessOf({ ...well, feeds }).reasons).toEqual(['no data yet: bars-beta']);
  });

  it('names every one of several ills', () => {
    fc.assert(
      fc.property(fc.subarray([...ills]), (some) => {
        const facts: ReadinessFacts = Object.assign({}, well, ...some.map(([, ill]) => ill));
        const { ready, reasons } = readinessOf(facts);
        expect(ready).toBe(some.length === 0);
        expect(new Set(reasons)).toEqual(new Set(some.map(([, , reason]) => reason)));
      }),
      { seed: 3 },
    );
  });
});

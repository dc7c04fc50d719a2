/** The database in memory: rows that survive a killed process, behind the same ports as the real one. */
import { add, compare, decimal } from '../../src/domain/decimal.ts';
import type { Fill } from '../../src/domain/fill.ts';
import type { OrderRecord } from '../../src/domain/order.ts';
import { isTerminal } from '../../src/domain/order.ts';
import type { Balance } from '../../src/ledger/book.ts';
import type { Transaction } from '../../src/ledger/transaction.ts';
import type { Lease } from '../../src/rebalance/ports/lease.ts';
import type {
  DecisionRecord,
  Discrepancy,
  KnownVenueState,
  LedgerStore,
  Reading,
  RebalanceOutcome,
} from '../../src/rebalance/ports/stores.ts';
import type { Bar, FundingStamp } from '../../src/rebalance/ports/venue.ts';
import type { Clock, Ports } from '../../src/rebalance/ports.ts';

/** Everything that is committed. */
export type Rows = {
  readonly decisions: Map<string, DecisionRecord>;
  readonly outcomes: Map<string, RebalanceOutcome>;
  readonly orders: Map<string, OrderRecord>;
  readonly transactions: Map<string, Transaction>;
  readonly fills: Map<string, Fill>;
  readonly cursors: Map<string, number>;
  readonly bars: Map<string, readonly Bar[]>;
  readonly funding: Map<string, readonly FundingStamp[]>;
  readonly readings: Map<string, readonly Reading[]>;
  readonly events: string[];
  halt: string | null;
  discrepancies: readonly Discrepancy[];
  venueState: KnownVenueState | null;
  lease: { holder: number; fencing: number; expiresMs: number } | null;
};

export const createRows = (): Rows => ({
  decisions: new Map(),
  outcomes: new Map(),
  orders: new Map(),
  transactions: new Map(),
  fills: new Map(),
  cursors: new Map(),
  bars: new Map(),
  funding: new Map(),
  readings: new Map(),
  events: [],
  halt: null,
  discrepancies: [],
  venueState: null,
  lease: null,
});

export const leaseMs = 3_000;

/** Rows by time, each moment once, the newer word for it. */
function merged<T>(before: readonly T[], after: readonly T[], at: (row: T) => number): T[] {
  const byTime = new Map([...before, ...after].map((row) => [at(row), row]));
  return [...byTime.values()].sort((a, b) => at(a) - at(b));
}

const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

export function createStores(
  rows: Rows,
  clock: Clock,
  process: number,
): Omit<Ports, 'clock' | 'venues' | 'reporter'> {
  return {
    decisions: {
      record: async (record) => {
        const first = rows.decisions.get(record.rebalanceId);
        if (first !== undefined) return first;
        rows.decisions.set(record.rebalanceId, throughJson(record));
        return record;
      },
      find: async (id) => rows.decisions.get(id) ?? null,
      latest: async () => [...rows.decisions.values()].at(-1) ?? null,
      unfinished: async () =>
        [...rows.decisions.values()].filter((one) => !rows.outcomes.has(one.rebalanceId)),
      finish: async (id, outcome) => void rows.outcomes.set(id, outcome),
      summaries: async () => [],
    },
    orders: {
      intend: async (record) => {
        if (!rows.orders.has(record.clientOrderId)) {
          rows.orders.set(record.clientOrderId, throughJson(record));
        }
        return rows.orders.get(record.clientOrderId) ?? record;
      },
      update: async (id, update, known) => {
        const found = rows.orders.get(id);
        if (found === undefined) throw new Error(`updated an order that was never recorded: ${id}`);
        const isLess = compare(update.filledBase ?? found.filledBase, found.filledBase) < 0;
        const isAsKnown = found.state === known.state && found.sentAtMs === known.sentAtMs;
        if (!isAsKnown || isLess) return { isWritten: false, record: found };
        const record = { ...found, ...update };
        rows.orders.set(id, record);
        return { isWritten: true, record };
      },
      ofRebalance: async (id) => [...rows.orders.values()].filter((one) => one.rebalanceId === id),
      since: async (_, asked, sinceMs) =>
        [...rows.orders.values()].filter(
          (one) => asked.includes(one.instrument) && one.intendedAtMs >= sinceMs,
        ),
      unended: async () => [...rows.orders.values()].filter((one) => !isTerminal(one.state)),
      find: async (id) => rows.orders.get(id) ?? null,
      claimedTransfers: async ({ venue, clientOrderId }, transferIds) =>
        new Set(
          [...rows.orders.values()]
            .filter((one) => one.action === 'transfer' && one.venue === venue)
            .filter((one) => one.clientOrderId !== clientOrderId)
            .flatMap((one) => one.venueOrderId ?? [])
            .filter((id) => transferIds.includes(id)),
        ),
      sentSince: async () => 0,
      repeats: async () => ({}),
    },
    ledger: createLedger(rows),
    state: {
      installation: async () => 'installation-of-the-test',
      halt: async () => ({ halted: rows.halt !== null, reason: rows.halt }),
      setHalt: async (_, reason) => {
        rows.halt = reason;
      },
      recordEquity: async () => undefined,
      equityMarks: async () => ({ peakEquityUsd: null, dayStartEquityUsd: null, flowsUsd: 0 }),
      venueState: async () => rows.venueState,
      sendingState: async (_, { venues, permission, fence, leaseAsked }) => ({
        haltReason: rows.halt,
        permittedUntilMs: rows.cursors.get(permission) ?? null,
        fencedUntilMs: rows.cursors.get(fence) ?? null,
        leaseAskedUntilMs: rows.cursors.get(leaseAsked) ?? null,
        venues: venues.map((venue) => ({
          venue,
          ordersSent: 0,
          state: rows.venueState?.state ?? null,
        })),
      }),
      recordVenueState: async (_, state, atMs, known) => {
        const sequence = rows.venueState?.sequence ?? 0;
        if (known !== undefined && sequence > known) return false;
        rows.venueState = { ...state, atMs, sequence: sequence + 1 };
        return true;
      },
      discrepancies: async () => rows.discrepancies,
      setDiscrepancies: async (_, found) => {
        rows.discrepancies = found;
      },
      cursor: async (name) => rows.cursors.get(name) ?? null,
      setCursor: async (name, atMs) => void rows.cursors.set(name, atMs),
      appendEvent: async (_, kind) => void rows.events.push(kind),
    },
    history: {
      saveBars: async ({ instrument, kind }, bars) => {
        const key = `${instrument} ${kind}`;
        rows.bars.set(
          key,
          merged(rows.bars.get(key) ?? [], bars, (bar) => bar.openMs),
        );
      },
      bars: async ({ instrument, kind }, fromMs, toMs) =>
        (rows.bars.get(`${instrument} ${kind}`) ?? []).filter(
          (bar) => bar.openMs >= fromMs && bar.openMs < toMs,
        ),
      saveFunding: async (instrument, stamps) => {
        const before = rows.funding.get(instrument) ?? [];
        rows.funding.set(
          instrument,
          merged(before, stamps, (stamp) => stamp.atMs),
        );
      },
      funding: async (instrument, fromMs, toMs) =>
        (rows.funding.get(instrument) ?? []).filter(
          (stamp) => stamp.atMs >= fromMs && stamp.atMs < toMs,
        ),
      saveYield: async () => undefined,
      yields: async (_, fromMs) => [{ atMs: fromMs, yieldAnnual: 0.04 }],
      saveReadings: async (series, readings) => {
        const before = rows.readings.get(series) ?? [];
        rows.readings.set(
          series,
          merged(before, readings, (each) => each.atMs),
        );
      },
      readings: async (series, fromMs, toMs) =>
        (rows.readings.get(series) ?? []).filter((each) => each.atMs >= fromMs && each.atMs < toMs),
    },
    lease: createLease(rows, clock, process),
  };
}

function createLedger(rows: Rows): LedgerStore {
  return {
    post: async (_, transactions) => {
      const fresh = transactions.filter((one) => !rows.transactions.has(one.id));
      for (const one of fresh) rows.transactions.set(one.id, throughJson(one));
      return fresh.map((one) => one.id);
    },
    balances: async () => {
      const sums = new Map<string, Balance>();
      for (const { venue, postings } of rows.transactions.values()) {
        for (const { account, commodity, leg, amount } of postings) {
          const key = JSON.stringify([venue, account, commodity, leg]);
          const before = sums.get(key)?.amount ?? decimal(0);
          sums.set(key, { venue, account, commodity, leg, amount: add(before, amount) });
        }
      }
      return [...sums.values()];
    },
    transactions: async () => [...rows.transactions.values()],
    recordFills: async (_, fills) => {
      for (const fill of fills) rows.fills.set(fill.fillId, fill);
    },
    unrecorded: async (_, fills) => fills.filter((fill) => !rows.fills.has(fill.fillId)),
    fillsOf: async (id) =>
      [...rows.fills.values()].filter(
        (fill) =>
          fill.clientOrderId !== null && rows.orders.get(fill.clientOrderId)?.rebalanceId === id,
      ),
  };
}

function createLease(rows: Rows, clock: Clock, process: number): Lease {
  return {
    acquire: async () => {
      const nowMs = clock.nowMs();
      const held = rows.lease;
      if (held !== null && held.expiresMs > nowMs && held.holder !== process) return null;
      const fencing = (held?.fencing ?? 0) + 1;
      rows.lease = { holder: process, fencing, expiresMs: nowMs + leaseMs };
      return {
        fencingNumber: fencing,
        isHeld: async () => {
          if (rows.lease?.fencing !== fencing || rows.lease.expiresMs <= clock.nowMs())
            return false;
          rows.lease = { ...rows.lease, expiresMs: clock.nowMs() + leaseMs };
          return true;
        },
        release: async () => {
          if (rows.lease?.fencing === fencing) rows.lease = null;
        },
      };
    },
  };
}

/**
 * What only the workers know, kept for the page and for readiness; shared through the database, since any of a portfolio's
 * workers may have done the work, and the page may be a process of its own.
 */
import type { WorkerFact, WorkerFacts } from './adapters/database/workerFacts.ts';
import type { LiveFacts } from './dashboard/status.ts';
import { OperatingError } from './domain/operatingError.ts';
import type { MarginReading } from './rebalance/marginWatch.ts';

export type LiveFactsKeeper = {
  read(): LiveFacts;
  /** Takes over what other workers know by now. @throws OperatingError when the database does not answer. */
  refresh(): Promise<void>;
  reconciled(atMs: number): void;
  rebalanced(atMs: number): void;
  queueSeen(isUp: boolean): void;
  accountsRead(readings: readonly MarginReading[], atMs: number): void;
};

type Account = MarginReading & { readonly atMs: number };

export type SharedFacts = {
  readonly facts: WorkerFacts;
  readonly portfolio: string;
  /** What is older was another run's: a worker must not pass for one that has reconciled. */
  readonly sinceMs: number;
};

/** @param shared null: nobody else looks. */
export function createLiveFacts(shared: SharedFacts | null = null): LiveFactsKeeper {
  let reconciledAtMs: number | null = null;
  let rebalancedAtMs: number | null = null;
  let queueUp = false;
  const accounts = new Map<string, Account>();

  const tell = (facts: readonly WorkerFact[]): void => {
    // A page that shows an older fact is no reason to stop a worker.
    shared?.facts.write(shared.portfolio, facts).catch((error: unknown) => {
      if (!(error instanceof OperatingError)) throw error;
    });
  };
  const take = ({ name, fact, atMs }: WorkerFact): void => {
    if (name === 'reconciled') reconciledAtMs = Math.max(reconciledAtMs ?? 0, atMs);
    if (name === 'rebalanced') rebalancedAtMs = Math.max(rebalancedAtMs ?? 0, atMs);
    if (!name.startsWith('account:')) return;
    const venue = name.slice('account:'.length);
    const known = accounts.get(venue);
    if (known === undefined || known.atMs < atMs) accounts.set(venue, fact as Account);
  };

  return {
    read: () => ({ reconciledAtMs, rebalancedAtMs, queueUp, accounts: new Map(accounts) }),
    refresh: async () => {
      if (shared === null) return;
      for (const fact of await shared.facts.read(shared.portfolio)) {
        if (fact.atMs >= shared.sinceMs) take(fact);
      }
    },
    reconciled: (atMs) => {
      reconciledAtMs = atMs;
      tell([{ name: 'reconciled', fact: null, atMs }]);
    },
    rebalanced: (atMs) => {
      rebalancedAtMs = atMs;
      tell([{ name: 'rebalanced', fact: null, atMs }]);
    },
    queueSeen: (isUp) => {
      queueUp = isUp;
    },
    accountsRead: (readings, atMs) => {
      for (const reading of readings) accounts.set(reading.venue, { ...reading, atMs });
      const facts = readings.map(({ venue, equityUsd, marginRatio, level, distanceShare }) => ({
        name: `account:${venue}`,
        fact: { venue, equityUsd, marginRatio, level, distanceShare, atMs },
        atMs,
      }));
      tell(facts);
    },
  };
}

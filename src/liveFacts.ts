/** What only the running daemon knows, kept by its watches for the page and for readiness. */
import type { LiveFacts } from './dashboard/status.ts';
import type { MarginReading } from './rebalance/marginWatch.ts';

export type LiveFactsKeeper = {
  read(): LiveFacts;
  reconciled(atMs: number): void;
  rebalanced(atMs: number): void;
  queueSeen(isUp: boolean): void;
  accountsRead(readings: readonly MarginReading[], atMs: number): void;
};

export function createLiveFacts(): LiveFactsKeeper {
  let reconciledAtMs: number | null = null;
  let rebalancedAtMs: number | null = null;
  let queueUp = false;
  const accounts = new Map<string, MarginReading & { readonly atMs: number }>();
  return {
    read: () => ({ reconciledAtMs, rebalancedAtMs, queueUp, accounts: new Map(accounts) }),
    reconciled: (atMs) => {
      reconciledAtMs = atMs;
    },
    rebalanced: (atMs) => {
      rebalancedAtMs = atMs;
    },
    queueSeen: (isUp) => {
      queueUp = isUp;
    },
    accountsRead: (readings, atMs) => {
      for (const reading of readings) accounts.set(reading.venue, { ...reading, atMs });
    },
  };
}

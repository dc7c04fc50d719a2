/** May the daemon trade? Every reason why not, each naming its thing; no reason, ready. */
import type { VenueState } from '../domain/venue.ts';

export type ReadinessFacts = {
  /** null: no daemon was asked, and what only it knows is missing. */
  readonly daemon: { readonly reconciledAtMs: number | null; readonly queueUp: boolean } | null;
  /** Work that a running daemon repeats; one that is not expected yet is left out. */
  readonly work?: readonly {
    readonly work: string;
    /** Since it last ended; null: never since the start. */
    readonly ageMs: number | null;
    readonly ageMsMax: number;
  }[];
  readonly halted: boolean;
  readonly haltReason: string | null;
  readonly discrepancies: number;
  readonly feeds: readonly {
    readonly feed: string;
    /** null: never read. */
    readonly ageMs: number | null;
    readonly ageMsMax: number;
  }[];
  readonly venues: readonly { readonly id: string; readonly state: VenueState }[];
};

/** How old the newest finished work may be. */
export type ExpectedWork = {
  readonly reconcileAgeMsMax: number;
  /** null: none has been due since the start. */
  readonly rebalanceAgeMsMax: number | null;
};

export type Readiness = { readonly ready: boolean; readonly reasons: readonly string[] };

/** That the database is up is known from having read the facts. */
export function readinessOf(facts: ReadinessFacts): Readiness {
  const reasons: string[] = [];
  if (facts.halted) reasons.push(`halted: ${facts.haltReason ?? 'no reason given'}`);
  if (facts.daemon === null) reasons.push('read from the database alone: no daemon was asked');
  else {
    if (facts.daemon.reconciledAtMs === null) reasons.push('not reconciled since the start');
    if (!facts.daemon.queueUp) reasons.push('queue down');
  }
  for (const { work, ageMs, ageMsMax } of facts.work ?? []) {
    if (ageMs === null) reasons.push(`work overdue: no ${work} since the start`);
    else if (ageMs > ageMsMax) {
      reasons.push(
        `work overdue: the last ${work} must be at most ${ageMsMax} ms ago, was ${ageMs}`,
      );
    }
  }
  if (facts.discrepancies > 0) {
    reasons.push(`ledger and venue disagree, discrepancies: ${facts.discrepancies}`);
  }
  for (const { feed, ageMs, ageMsMax } of facts.feeds) {
    if (ageMs === null) reasons.push(`no data yet: ${feed}`);
    else if (ageMs > ageMsMax) {
      reasons.push(`stale data: ${feed} must be at most ${ageMsMax} ms old, was ${ageMs}`);
    }
  }
  const trusted = facts.venues.some(({ state }) => state === 'healthy' || state === 'watch');
  if (!trusted) {
    const states = facts.venues.map(({ id, state }) => `${id} ${state}`).join(', ');
    reasons.push(`no venue may take new risk: ${states}`);
  }
  return { ready: reasons.length === 0, reasons };
}

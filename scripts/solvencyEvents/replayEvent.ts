/** Walks one labelled event hour by hour through the daemon's own venue assessment. */
import { observed } from '../../src/domain/observed.ts';
import type { VenueState } from '../../src/domain/venue.ts';
import { assessVenue, type PreviousAssessment } from '../../src/signals/solvency/assessVenue.ts';
import {
  NOTHING_OFFERED,
  type Signal,
  type SolvencyObservations,
} from '../../src/signals/solvency/observations.ts';
import type { Period, SolvencyEvent } from './events.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const UPWARDS: readonly VenueState[] = ['healthy', 'watch', 'restrict', 'exit'];

export type Reached = { readonly atMs: number; readonly evidence: string };

export type EventReplay = {
  readonly event: SolvencyEvent;
  /** First hour of each state on the way up to the worst; a state that was passed over is absent. */
  readonly firstReached: Readonly<Partial<Record<VenueState, Reached>>>;
  /** First healthy hour after the worst state; null: not within the event. */
  readonly recoveredAtMs: number | null;
  /** First hour of a halt of withdrawals; null: there was none. */
  readonly haltedAtMs: number | null;
  /** Hours in exit before any halt of withdrawals. */
  readonly exitWithoutHaltHours: number;
};

export function replayEvent(event: SolvencyEvent): EventReplay {
  const firstReached: Partial<Record<VenueState, Reached>> = {};
  let previous: PreviousAssessment | null = null;
  let worstRank = 0;
  let recoveredAtMs: number | null = null;
  let haltedAtMs: number | null = null;
  let exitWithoutHaltHours = 0;
  for (let nowMs = msOf(event.startIso); nowMs < msOf(event.endIso); nowMs += HOUR_MS) {
    const { state, evidence, confirmedAtMs } = assessVenue(
      observationsAt(event, nowMs),
      previous,
      nowMs,
    );
    if (event.halts.some((halt) => isIn(halt, nowMs))) haltedAtMs ??= nowMs;
    if (state === 'exit' && haltedAtMs === null) exitWithoutHaltHours += 1;
    const rank = UPWARDS.indexOf(state);
    if (rank > worstRank) {
      firstReached[state] = { atMs: nowMs, evidence: evidence.join('; ') };
      worstRank = rank;
    }
    recoveredAtMs = rank > 0 || worstRank === 0 ? null : (recoveredAtMs ?? nowMs);
    previous = { state, confirmedAtMs };
  }
  return { event, firstReached, recoveredAtMs, haltedAtMs, exitWithoutHaltHours };
}

function observationsAt(event: SolvencyEvent, nowMs: number): SolvencyObservations {
  const current = <T extends Period>(periods: readonly T[]): T | undefined =>
    periods.find((each) => isIn(each, nowMs));
  const share = (period: { readonly share: number } | undefined): Signal<number> =>
    observed(period?.share ?? 0, nowMs);
  return {
    ...NOTHING_OFFERED,
    status: observed('ok', nowMs),
    withdrawals: observed({ halted: current(event.halts)?.coins ?? [], partial: [] }, nowMs),
    netflow24h: observed({ share: flowOver(event, nowMs, DAY_MS), robustZ: null }, nowMs),
    netflow7dShare: observed(flowOver(event, nowMs, 7 * DAY_MS), nowMs),
    priceDislocationShare: share(current(event.dislocations)),
    ownTokenExcess24h: share(current(event.tokenMoves)),
  };
}

/** The part of each stated flow that falls into the window that ends now. */
function flowOver(event: SolvencyEvent, nowMs: number, windowMs: number): number {
  return event.flows.reduce((sum, flow) => {
    const fromMs = msOf(flow.fromIso);
    const toMs = msOf(flow.toIso);
    const sharedMs = Math.min(nowMs, toMs) - Math.max(nowMs - windowMs, fromMs);
    return sum + (flow.share * Math.max(0, sharedMs)) / (toMs - fromMs);
  }, 0);
}

function isIn(period: Period, nowMs: number): boolean {
  return msOf(period.fromIso) <= nowMs && nowMs < msOf(period.toIso);
}

function msOf(iso: string): number {
  return Date.parse(iso.includes('T') ? `${iso}:00Z` : `${iso}T00:00:00Z`);
}

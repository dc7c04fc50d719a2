/**
 * What each leg may do in this decision, before its size is known: be sized, keep what it has, or be left out.
 *
 * Fail closed: what is unknown or stale may not grow. A leg that is not sized leaves its budget idle: it is never handed
 * to the others, so that the book does not grow because something broke.
 */

import type { Binding } from '../../domain/decision.ts';
import { exposures, type Leg } from '../../domain/leg.ts';
import type { RiskEstimate } from '../../risk/riskTypes.ts';
import { type Book, isStale } from './book.ts';
import { type CarryGate, carryGate } from './carryGate.ts';
import { crowdedOut } from './custody.ts';
import { type HedgePlan, hedgePlans } from './hedges.ts';
import { issuerCoin } from './riskInput.ts';

export type LegState =
  /** `row`: its element in the risk estimate. */
  | { readonly kind: 'sized'; readonly row: number }
  /** May not grow. `keeps`: it is not reduced towards its own size either, because that size is not known to be right. */
  | {
      readonly kind: 'held';
      readonly row: number | null;
      readonly keeps: boolean;
      /** It is to hold this, whatever it holds: a hedge. */
      readonly fixedUsd?: number;
      readonly code: Binding['code'];
      readonly reason: string;
    }
  | {
      readonly kind: 'out';
      readonly row: number | null;
      readonly code: Binding['code'];
      readonly reason: string;
    };

export type LegStanding = {
  readonly state: LegState;
  /** What the leg holds in its own direction, USD, never below 0. */
  readonly heldUsd: number;
  /** Carry legs: null for the others. */
  readonly gateOpen: boolean | null;
};

/** One standing per leg, in universe order. */
export function legStandings(book: Book, estimate: RiskEstimate): readonly LegStanding[] {
  const hedges = hedgePlans(book);
  return book.legs.map((leg, index) => {
    const signed = book.snapshot.heldUsdByLeg[index] ?? 0;
    const heldUsd = Math.max(0, signed * directionOf(leg));
    const gate = leg.kind === 'carry' ? carryGate(book, leg, heldUsd) : null;
    const hedge = hedges.get(leg.id);
    const usual = stateOf(book, estimate, { leg, index, heldUsd, gate });
    const state = hedge === undefined ? usual : hedgeState(book, leg, { usual, hedge, heldUsd });
    return { state, heldUsd, gateOpen: gate === null ? null : gate.open };
  });
}

/** -1 for a short perpetual: its returns carry the direction, its notional shows it. */
export function directionOf(leg: Leg): 1 | -1 {
  return leg.kind === 'perpetual' && leg.direction === 'short' ? -1 : 1;
}

/** A hedge is outside the estimate; what forbids any leg to grow there forbids it too. */
function hedgeState(
  book: Book,
  leg: Leg,
  at: { readonly usual: LegState; readonly hedge: HedgePlan; readonly heldUsd: number },
): LegState {
  const { usual, hedge, heldUsd } = at;
  if ((usual.kind !== 'sized' && usual.code === 'VENUE_STATE') || unseen(book, leg) !== null)
    return usual;
  const { targetUsd, reason } = hedge;
  const state = book.venueById.get(leg.venue)?.observation.health.state ?? 'unknown';
  if (targetUsd > heldUsd && (state === 'restrict' || state === 'unknown')) {
    const why = `venue ${leg.venue} is in state ${state}`;
    return {
      kind: 'held',
      row: null,
      keeps: true,
      fixedUsd: heldUsd,
      code: 'VENUE_STATE',
      reason: why,
    };
  }
  return { kind: 'held', row: null, keeps: true, fixedUsd: targetUsd, code: 'HEDGE', reason };
}

function stateOf(
  book: Book,
  estimate: RiskEstimate,
  at: {
    readonly leg: Leg;
    readonly index: number;
    readonly heldUsd: number;
    readonly gate: CarryGate | null;
  },
): LegState {
  const { leg, index, heldUsd, gate } = at;
  const found = estimate.legIndices.indexOf(index);
  const row = found < 0 ? null : found;
  const stopped = (code: Binding['code'], reason: string, keeps: boolean): LegState =>
    heldUsd > 0 ? { kind: 'held', row, keeps, code, reason } : { kind: 'out', row, code, reason };

  const venueState = book.venueById.get(leg.venue)?.observation.health.state ?? 'unknown';
  if (venueState === 'exit') {
    return { kind: 'out', row, code: 'VENUE_STATE', reason: `venue ${leg.venue} is to be left` };
  }
  const coin = issuerCoin(book, leg);
  const peg = coin === null ? 'pegged' : (book.snapshot.pegs?.[coin] ?? 'pegged');
  if (peg === 'exit') {
    return { kind: 'out', row, code: 'PEG_STATE', reason: `${coin} has lost its peg` };
  }
  if (gate?.known && !gate.open) {
    return { kind: 'out', row, code: 'CARRY_GATE', reason: gate.reason };
  }
  if (row === null) return stopped('DATA_GATE', missingReason(estimate, index), true);
  const risk = estimate.legs[row];
  if (risk?.source === 'lastEstimate') {
    return stopped('DATA_GATE', 'returns have stopped; the last estimate stands', true);
  }
  const dark = unseen(book, leg);
  if (dark !== null) return stopped('DATA_GATE', dark, true);
  if (gate !== null && !gate.known) return stopped('DATA_GATE', gate.reason, true);
  if (peg === 'restrict') {
    return stopped('PEG_STATE', `${coin} is below its peg`, false);
  }
  if (venueState === 'restrict' || venueState === 'unknown') {
    return stopped('VENUE_STATE', `venue ${leg.venue} is in state ${venueState}`, false);
  }
  const crowded = crowdedOut(book, leg);
  if (crowded !== null) return stopped(crowded.code, crowded.reason, false);
  return { kind: 'sized', row };
}

function missingReason(estimate: RiskEstimate, index: number): string {
  const left = estimate.leftOut.find((each) => each.legIndex === index);
  switch (left?.code) {
    case 'HISTORY_TOO_SHORT':
      return `history must hold ${left.barsRequired} bars, was ${left.barsPresent}`;
    case 'DATA_STOPPED':
      return `newest bar must be at most ${left.barsAllowed} bars old, was ${left.barsSinceLast}`;
    case 'NO_VARIANCE':
      return `returns must vary, was a constant over ${left.barsPresent} bars`;
    case undefined:
      return 'no estimate of its risk';
  }
}

/** Why a leg's market cannot be seen well enough to grow in it. */
function unseen(book: Book, leg: Leg): string | null {
  const { observedAtMs } = book.snapshot;
  const { dataAgeMsMax } = book.policy.limits;
  for (const { instrument } of exposures(leg)) {
    const seen = book.instrumentById.get(instrument);
    if (seen === undefined || seen.markUsd === null) return `${instrument} has no mark`;
    if (isStale(seen.observation.quote, observedAtMs, dataAgeMsMax)) {
      return `quote of ${instrument} is older than ${dataAgeMsMax} ms`;
    }
  }
  return null;
}

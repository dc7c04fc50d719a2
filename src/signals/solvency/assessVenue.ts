/**
 * A venue's state and default probability from what is observed about it: healthy → watch → restrict → exit, or unknown.
 *
 * A notice: watch. One family with an alarm: restrict (no new exposure). Two families, or withdrawals of a main coin halted: exit.
 * It worsens at once; it improves one step at a time, each after signals stayed better for `calmMs`.
 */
import type { VenueHealth, VenueState } from '../../domain/venue.ts';
import { type Finding, solvencyFindings } from './findings.ts';
import type { SolvencyObservations } from './observations.ts';
import { type HazardRules, SOLVENCY_RULES, type SolvencyRules } from './rules.ts';

export type PreviousAssessment = {
  readonly state: VenueState;
  /** When the signals last justified this state. */
  readonly confirmedAtMs: number;
  /** When it was assessed; not there: without a gap. */
  readonly lookedAtMs?: number;
  /** Of an unknown one: what it was before it went dark. */
  readonly stateBefore?: 'watch';
};

export type VenueAssessment = VenueHealth & {
  /** To be kept with the state and handed to the next assessment. */
  readonly confirmedAtMs: number;
  readonly stateBefore?: 'watch';
};

/** From best to worst; unknown stands beside watch: it allows nothing new, but declares nothing. */
const RANK: Readonly<Record<VenueState, number>> = {
  healthy: 0,
  watch: 1,
  unknown: 1,
  restrict: 2,
  exit: 3,
};

const ONE_STEP_BETTER: Readonly<Record<'exit' | 'restrict' | 'watch', VenueState>> = {
  exit: 'restrict',
  restrict: 'watch',
  watch: 'healthy',
};

/**
 * Assesses a venue.
 *
 * @param previous the last assessment's state and `confirmedAtMs`; null for the first one.
 * @returns the state, the probability of default within a year, and evidence: one line for each signal that is not quiet, and
 * one for a state held by hysteresis.
 */
export function assessVenue(
  observations: SolvencyObservations,
  previous: PreviousAssessment | null,
  nowMs: number,
  rules: SolvencyRules = SOLVENCY_RULES,
): VenueAssessment {
  const findings = solvencyFindings(observations, nowMs, rules);
  const indicated = indicatedState(findings);
  const isBlind = findings.some(({ severity }) => severity === 'unknown');
  const held = holdBack({ indicated, isBlind }, previous, nowMs, rules.calmMs);
  const evidence = findings
    .filter((finding) => finding.severity !== 'none')
    .map((finding) => `${finding.severity} ${finding.evidence}`);
  if (held.state !== indicated) evidence.push(`held: signals say ${indicated}`);
  return {
    state: held.state,
    defaultProbabilityAnnual: defaultProbabilityAnnual(findings, held.state, rules.hazards),
    evidence,
    assessedAtMs: nowMs,
    confirmedAtMs: held.confirmedAtMs,
    ...(held.stateBefore === undefined ? {} : { stateBefore: held.stateBefore }),
  };
}

/** Time that nobody looked is no calm: after a gap it begins again. */
export function calmAgain(
  previous: PreviousAssessment | null,
  nowMs: number,
  gapMsMax: number,
): PreviousAssessment | null {
  if (previous?.lookedAtMs === undefined || nowMs - previous.lookedAtMs <= gapMsMax)
    return previous;
  return { ...previous, confirmedAtMs: nowMs };
}

function indicatedState(findings: readonly Finding[]): VenueState {
  const has = (severity: Finding['severity']) =>
    findings.some((each) => each.severity === severity);
  const alarmed = alarmedFamilies(findings);
  if (has('halt') || alarmed >= 2) return 'exit';
  if (alarmed === 1) return 'restrict';
  // The venue's own switches are what a withdrawal needs: without them nothing is known.
  const blind = findings.some((each) => each.family === 'access' && each.severity === 'unknown');
  if (blind) return 'unknown';
  return has('notice') || has('unknown') ? 'watch' : 'healthy';
}

function holdBack(
  { indicated, isBlind }: { readonly indicated: VenueState; readonly isBlind: boolean },
  previous: PreviousAssessment | null,
  nowMs: number,
  calmMs: number,
): PreviousAssessment {
  const fresh = { state: indicated, confirmedAtMs: nowMs };
  if (previous === null) return fresh;
  const state = previous.state === 'unknown' ? (previous.stateBefore ?? 'healthy') : previous.state;
  if (RANK[indicated] >= RANK[state]) {
    const wasWatched = state === 'watch' && indicated === 'unknown';
    return wasWatched ? { ...fresh, stateBefore: 'watch' } : fresh;
  }
  if (state === 'healthy') return fresh;
  // Not knowing is no sign of improvement: what put the venue there may be what is dark now.
  if (isBlind) return { state, confirmedAtMs: nowMs };
  const { confirmedAtMs } = previous;
  if (nowMs - confirmedAtMs < calmMs) return { state, confirmedAtMs };
  return { state: ONE_STEP_BETTER[state], confirmedAtMs: nowMs };
}

function alarmedFamilies(findings: readonly Finding[]): number {
  const alarmed = findings.filter((each) => each.severity === 'alarm' || each.severity === 'halt');
  return new Set(alarmed.map((each) => each.family)).size;
}

/** Hazards of what is seen add up; a state held by hysteresis keeps at least the hazard that leads to it. */
function defaultProbabilityAnnual(
  findings: readonly Finding[],
  state: VenueState,
  hazards: HazardRules,
): number {
  const families = (severity: Finding['severity']) =>
    new Set(findings.filter((each) => each.severity === severity).map((each) => each.family)).size;
  const seen =
    families('notice') * hazards.notice +
    families('unknown') * hazards.notice +
    families('alarm') * hazards.alarm +
    families('halt') * hazards.halt;
  return -Math.expm1(-(hazards.base + Math.max(seen, leastHazard(state, hazards))));
}

/** Probability of default within a year that a state means at least, whatever put the venue there. */
export const leastDefaultProbabilityAnnual = (state: VenueState, hazards: HazardRules): number =>
  -Math.expm1(-(hazards.base + leastHazard(state, hazards)));

function leastHazard(state: VenueState, { notice, alarm }: HazardRules): number {
  const byState: Readonly<Record<VenueState, number>> = {
    healthy: 0,
    watch: notice,
    unknown: notice,
    restrict: alarm,
    exit: 2 * alarm,
  };
  return byState[state];
}
